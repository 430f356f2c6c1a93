"""The page: complete in both languages, no script, nothing that escapes its quotes, previews hidden."""

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rempart.batch import plan as plans
from rempart.batch.job import opened_job
from rempart.batch.report import page, plots
from rempart.batch.report.words import REASONS, VIEWS, WORDS, Language, reason_words
from rempart.batch.run import run
from rempart.batch.sources import Row
from rempart.facts import BYTES_OF_KIND, Finding, Match, Matched, NoMatch, NotExamined, View, reasons

NASTY = '<script>alert("x")</script>&\'`'
FINDINGS = [
    Finding(NASTY, Matched((Match("demo", 1, NASTY, "pdq", 4, "block", "known-bad", NASTY, View(2)),), "block")),
    Finding(
        "b", Matched((Match("demo", 1, "e", "sha256", 0, "review", "known-bad", held=True),), "review"), preview=b"png"
    ),
    Finding("c", NoMatch()),
    Finding("d", NotExamined("unsupported: video/mp4"), gaps=("unsupported: video/mp4",)),
]


class Fake:
    def findings(self, shard: object) -> list[Finding]:
        return FINDINGS

    def versions(self) -> dict[str, int]:
        return {"demo": 1}

    def close(self) -> None:
        """Nothing to close."""


LISTS = {"lists": {"demo": {"versions": [1, 2], "entries": 7, "stale": True, "match": 2}}}


def made(folder: Path, language: Language = "en", previews: bool = True) -> str:
    rows = [Row(str(n)) for n in range(len(FINDINGS))]
    with opened_job(folder, {}, lambda _: plans.cut(rows)) as job:
        summary = run(job, Fake, workers=1, previews=previews)  # type: ignore[arg-type]
        assert summary is not None
        return page.write(folder, {**summary.to_json(), **LISTS}, language).read_text()


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_runs_no_script_and_loads_nothing(tmp_path: Path, language: Language) -> None:
    html = made(tmp_path, language)
    tags = Tags(html).tags
    assert "script" not in {tag for tag, _ in tags}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    sources = [value for _, a in tags for name, value in a.items() if name in ("src", "href") and value]
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert "default-src 'none'" in html


def test_names_from_outside_are_escaped(tmp_path: Path) -> None:
    assert "<script>alert" not in made(tmp_path)


def test_previews_stand_inside_a_closed_details_element(tmp_path: Path) -> None:
    html = made(tmp_path)
    png = base64.b64encode(b"png").decode()
    assert re.search(rf"<details><summary>[^<]+</summary><img alt=\"\" src=\"data:image/png;base64,{png}\"", html)


def test_without_previews_the_page_holds_no_picture(tmp_path: Path) -> None:
    assert "<img" not in made(tmp_path, previews=False)


def test_both_languages_have_the_same_words() -> None:
    assert set(WORDS["en"]) == set(WORDS["fr"])
    assert set(VIEWS["en"]) == set(VIEWS["fr"])


def test_every_reason_has_french_words_and_keeps_its_detail() -> None:
    assert set(REASONS["fr"]) == set(reasons.MEANING)
    assert reason_words("unsupported: video/mp4", "fr") == "non pris en charge : video/mp4"
    assert reason_words("empty", "en") == "empty"


def test_the_page_is_in_the_language_asked_for(tmp_path: Path) -> None:
    html = made(tmp_path, "fr")
    assert '<html lang="fr">' in html
    assert "Correspondances" in html
    assert "non pris en charge : video/mp4" in html


@pytest.mark.parametrize("kind", sorted(BYTES_OF_KIND))
def test_no_fingerprint_stands_in_the_page(tmp_path: Path, kind: str) -> None:
    runs = re.findall(rf"\b[0-9a-f]{{{2 * BYTES_OF_KIND[kind]}}}\b", made(tmp_path))  # type: ignore[index]
    assert runs == []


def test_a_plot_of_nothing_is_empty() -> None:
    assert plots.bars({}) == plots.histogram({}, 31) == plots.line([]) == ""


def test_a_bar_carries_its_number_in_text_and_for_screen_readers() -> None:
    svg = plots.bars({"a <b>": 3, "c": 0})
    assert 'aria-label="a &lt;b&gt;: 3, c: 0"' in svg
    assert ">3</text>" in svg
