"""What people and programs rely on, word for word. `make golden` writes it anew: read the diff before you commit."""

import json
import os
from pathlib import Path

import pytest

from rempart.batch import plan as plans
from rempart.batch.job import opened_job
from rempart.batch.report import page
from rempart.batch.report.words import Language
from rempart.batch.run import run
from rempart.batch.sources import Row
from rempart.facts import Finding, Match, Matched, NoMatch, NotExamined, View
from rempart.facts.evidence import Origin
from rempart.origin.verdict import judge

FILES = Path(__file__).parent / "files"
BEST = Match("partner", 3, "case-17", "pdq", 6, "block", "known-bad", "B", View(transform="mirror", crop="unbordered"))
GOOD = Match("harmless", 1, "g-1", "sha256", 0, "review", "known-good")
FINDINGS = (
    Finding("a/mirrored.jpg", Matched((BEST,), "block"), "image/jpeg", 1234, 640, 480, 1, ("truncated",)),
    Finding("b.zip!/c.png", Matched((GOOD, BEST), "ignore"), "image/png", 99, 10, 20, 1, preview=b"png"),
    Finding("d.png", NoMatch((GOOD,)), "image/png", 5, 7, 9, 1, origin=Origin(judge([], looked_at_pixels=False))),
    Finding("e.mp4", NotExamined("unsupported: video/mp4"), "video/mp4", 77, gaps=("unsupported: video/mp4",)),
)


class Fixed:
    """A worker that always finds the same."""

    def findings(self, shard: object) -> tuple[Finding, ...]:
        return FINDINGS

    def versions(self) -> dict[str, int]:
        return {"partner": 3}

    def close(self) -> None:
        """Nothing to close."""


def compare(name: str, text: str) -> None:
    """The text is what it has always been."""
    golden = FILES / name
    if os.environ.get("REMPART_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text(), f"{name} changed; if you meant it, run `make golden` and read the diff"


def job(folder: Path, language: Language) -> Path:
    """A finished job with the fixed findings; its page has no plot over time."""
    with opened_job(folder, {}, lambda _: plans.cut([Row(str(n)) for n in range(len(FINDINGS))])) as opened:
        counts = run(opened, Fixed, workers=1, previews=True)  # type: ignore[arg-type]
        assert counts is not None
        for note in opened.shard_folder.glob("*.note"):
            note.unlink()
        lists = {"partner": {"versions": [3], "entries": 12, "stale": False, "match": 2}}
        summary = {**counts.to_json(), "lists": lists}
        page.write(folder, summary, language)
        opened.finish(summary)
    return folder


def test_the_lines_of_a_job(tmp_path: Path) -> None:
    compare("findings.jsonl", (job(tmp_path, "en") / "findings.jsonl").read_text())


def test_the_summary_of_a_job(tmp_path: Path) -> None:
    compare("summary.json", (job(tmp_path, "en") / "summary.json").read_text())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_of_a_job(tmp_path: Path, language: Language) -> None:
    compare(f"report.{language}.html", (job(tmp_path, language) / "report.html").read_text())


def test_the_parquet_columns(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    schema = pq.read_schema(job(tmp_path, "en") / "findings.parquet")
    compare("findings.parquet.json", json.dumps({field.name: str(field.type) for field in schema}, indent=1) + "\n")
