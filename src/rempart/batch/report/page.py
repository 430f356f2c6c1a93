"""The report page of a finished job: one HTML file, no script, previews hidden until clicked."""

import json
from collections import Counter
from dataclasses import astuple
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from rempart import __version__
from rempart.batch import results
from rempart.batch.report import plots
from rempart.batch.report.origin_words import VERDICTS
from rempart.batch.report.words import VIEWS, WORDS, Language, reason_words
from rempart.facts import Finding, Matched, NotExamined, View
from rempart.thresholds import PDQ_LARGEST_DISTANCE

_MOST_ROWS = 500  # the page is for people; programs read findings.jsonl
_MOST_POINTS = 60


def write(folder: Path, summary: dict[str, Any], language: Language) -> Path:
    """Where the page is, after writing it from the findings in `folder` and their summary."""
    shards = folder / "job" / "shards"
    page = template("page.html").render(
        **_rows(folder, _previews(shards), language),
        language=language,
        words=WORDS[language],
        css=Markup(files(__package__).joinpath("page.css").read_text()),  # noqa: S704 - our own file
        summary=summary,
        not_examined_total=sum(summary["not_examined"].values()),
        plots={name: Markup(svg) for name, svg in _plots(summary, _timings(shards), language).items()},  # noqa: S704 - escaped
        version=__version__,
    )
    with results.for_readers(folder / "report.html") as stream:
        stream.write(page.encode())
    return folder / "report.html"


def template(name: str) -> Any:
    """A page of this folder, ready to be rendered: everything from outside is escaped."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(files(__package__).joinpath(name).read_text())


def _plots(summary: dict[str, Any], timings: list[dict[str, float]], language: Language) -> dict[str, str]:
    words = WORDS[language]
    outcomes = {
        "match": summary["match"],
        "no_match": summary["no_match"],
        "not_examined": sum(summary["not_examined"].values()),
    }
    distances = {int(bits): count for bits, count in summary["distances_bits"].items()}
    last = max([31, *(bits for bits in distances if bits <= PDQ_LARGEST_DISTANCE.value)])
    return {
        "outcomes": plots.bars(
            {words[name]: count for name, count in outcomes.items()}, {words[name]: f"bar-{name}" for name in outcomes}
        ),
        "reasons": plots.bars({reason_words(reason, language): n for reason, n in summary["not_examined"].items()}),
        "distances": plots.histogram(distances, last),
        "matched_by": plots.bars({VIEWS[language].get(view, view): n for view, n in summary["matched_by"].items()}),
        "origins": plots.bars({VERDICTS[language][verdict]: n for verdict, n in summary["origins"].items()}),
        "rates": plots.line(_rates(timings)),
    }


def _rates(timings: list[dict[str, float]]) -> list[tuple[float, float]]:
    """(seconds since the start, items per second) in at most `_MOST_POINTS` equal slices of the run."""
    if not timings:
        return []
    start, end = min(shard["started"] for shard in timings), max(shard["ended"] for shard in timings)
    width = max((end - start) / min(_MOST_POINTS, 4 * len(timings)), 1e-6)
    edges = [start + width * step for step in range(round((end - start) / width) + 1)]
    return [
        (left - start, sum(_overlap(shard, left, right) for shard in timings) / width)
        for left, right in pairwise(edges)
    ]


def _overlap(shard: dict[str, float], left: float, right: float) -> float:
    """Items of the shard that fall into the slice, as if it had gone at an even pace."""
    inside = min(shard["ended"], right) - max(shard["started"], left)
    return max(0.0, inside) / max(shard["ended"] - shard["started"], 1e-9) * shard["items"]


def _timings(shards: Path) -> list[dict[str, float]]:
    return [json.loads(path.read_bytes()) for path in sorted(shards.glob("*.note"))]


def _previews(shards: Path) -> dict[str, str]:
    previews = {}
    for path in sorted(shards.glob("*.previews")):
        for line in path.read_bytes().splitlines():
            record = json.loads(line)
            previews[record["item"]] = record["png"]
    return previews


def _rows(folder: Path, previews: dict[str, str], language: Language) -> dict[str, Any]:
    matches: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    totals: Counter[str] = Counter()
    for finding in results.read(folder):
        if isinstance(finding.outcome, Matched):
            totals["matches"] += 1
            if len(matches) < _MOST_ROWS:
                matches.append(_match_row(finding, finding.outcome, previews.get(finding.item), language))
        elif isinstance(finding.outcome, NotExamined):
            totals["others"] += 1
            if len(others) < _MOST_ROWS:
                others.append({"item": finding.item, "reason": reason_words(finding.outcome.reason, language)})
    return {
        "matches": matches,
        "others": others,
        "more_matches": totals["matches"] - len(matches),
        "more_others": totals["others"] - len(others),
        "has_previews": bool(previews),
    }


def _match_row(finding: Finding, outcome: Matched, preview: str | None, language: Language) -> dict[str, Any]:
    best = next(match for match in outcome.matches if match.polarity == "known-bad")
    return {
        "item": finding.item,
        "gaps": [reason_words(gap, language) for gap in finding.gaps],
        "policy": outcome.policy,
        "known_good": any(match.polarity == "known-good" for match in outcome.matches),
        "held": best.held,
        "list_name": best.list_name,
        "entry_ref": best.entry_ref,
        "kind": best.kind,
        "distance_bits": best.distance_bits,
        "view": _view_words(best.view, language),
        "preview": preview,
    }


def _view_words(view: View | None, language: Language) -> str:
    """What was done to the picture before it matched; nothing for a digest."""
    if view is None:
        return ""
    words, plain = VIEWS[language], astuple(View())
    done = [word for word in (view.transform, view.crop, view.path, view.ground) if word not in plain]
    frame = [f"{words['frame']} {view.frame + 1}"] if view.frame else []
    return ", ".join([*(words[word] for word in done), *frame]) or words["identity"]
