"""The demo: benign media in many states, two lists, one job, and whether everything came out as foretold."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rempart.batch import results
from rempart.batch.inputs import Inputs
from rempart.batch.run import Progress
from rempart.errors import Conflict
from rempart.facts import NotExamined, name_of
from rempart.fingerprints import pdq_exact
from rempart.lists import Lists
from rempart.settings import Settings
from rempart.settings import read as read_settings
from rempart.testing.corpus import DemoCorpus, build_demo
from rempart.wiring import JobResult, open_house

_MARKER = ".rempart-demo"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """The finished job, and everything that came out differently from what was foretold."""

    job: JobResult
    surprises: list[str]


def run(
    out: Path,
    *,
    language: Literal["en", "fr"] | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> DemoResult:
    """The demo, built and screened anew in `out`; its lists and keys live there too, beside nobody else's.

    Raises Conflict when `out` holds something that is not a demo.
    """
    _make_anew(out)
    corpus = build_demo(out, pdq_exact)
    settings = read_settings()
    settings.memory_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.memory_folder) as memory:
        own = settings.model_copy(update={"data_folder": out / "data", "memory_folder": Path(memory) / "demo"})
        job = _screen(out, corpus, own, language, progress)
    return DemoResult(job, corpus.surprises(_outcomes(out, corpus)))


def _make_anew(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / _MARKER).exists():
        raise Conflict(f"`{out}` holds something that is not a demo; choose another --out")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / _MARKER).touch()


def _screen(
    out: Path,
    corpus: DemoCorpus,
    settings: Settings,
    language: Literal["en", "fr"] | None,
    progress: Callable[[Progress], None],
) -> JobResult:
    with open_house(settings=settings) as house:
        import_lists(house.lists, corpus)
        inputs = Inputs(paths=(str(corpus.items),))
        return house.screen(inputs, out, previews=True, language=language, progress=progress)


def import_lists(lists: Lists, corpus: DemoCorpus) -> None:
    """The two lists of the demo stand among `lists`."""
    source = "rempart demo (benign pictures)"
    lists.import_file(corpus.demo_list, name="demo", source=source, policy="block", max_age_days=0)
    lists.import_file(corpus.known_good, name="demo-known-good", source=source, polarity="known-good", max_age_days=0)


def _outcomes(out: Path, corpus: DemoCorpus) -> dict[str, str]:
    """Outcome by path below the items, as `corpus.surprises` wants it."""
    start = f"{corpus.items}/"
    return {
        finding.item.removeprefix(start): f"not_examined: {finding.outcome.reason}"
        if isinstance(finding.outcome, NotExamined)
        else name_of(finding.outcome)
        for finding in results.read(out)
    }
