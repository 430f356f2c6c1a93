"""The evidence page: both languages whole, nothing from the file unescaped, the notice always there."""

from html.parser import HTMLParser
from typing import get_args

import pytest

from rempart.batch.report import origin_page
from rempart.batch.report.origin_words import CLAIMS, COSTS, NOT_CHECKED_FR, STATES, VERDICTS, WORDS, rule_words
from rempart.batch.report.words import Language
from rempart.facts.evidence import (
    AddCost,
    Claim,
    Evidence,
    Integrity,
    IntegrityState,
    Origin,
    Signer,
    StripCost,
    Verdict,
)
from rempart.origin.verdict import judge

NASTY = "<script>alert(1)</script>"


def piece(claim: Claim, state: IntegrityState | None = None, scope: str = "whole", **changes: object) -> Evidence:
    fields: dict[str, object] = {
        "source": "t",
        "kind": "c2pa" if state else "xmp",
        "locator": "JPEG APP1 XMP",
        "claim": claim,
        "strength": "crypto" if state else "structural",
        "add_cost": "needs_key" if state else "trivial",
        "strip_cost": "trivial",
        "scope": scope,
        "signer": Signer("Maker", trust_store="official") if state else None,
        "integrity": Integrity(state, ("some.code",)) if state else None,
    }
    return Evidence(**{**fields, **changes})  # type: ignore[arg-type]


CASES: list[list[Evidence]] = [
    [],
    [piece("fullyGenAIMedia")],
    [piece("fullyGenAIMedia", "trusted")],
    [piece("partlyGenAICreation", "trusted"), piece("mediaUnknownProvenance", "valid", "ingredient:a")],
    [piece("capturedMedia", "trusted")],
    [piece("capturedMedia", "broken")],
    [piece("cameraTraits"), piece("fullyGenAIMedia")],
    [piece("cameraTraits")],
    [piece("anotherPictureInside")],
    [piece("edited")],
    [piece("digitisedMedia")],
    [piece("noStatement", reason="damaged: jpeg")],
    [piece("fullyGenAIMedia", kind="detector")],
]


@pytest.mark.parametrize("found", CASES)
def test_every_rule_has_french_words(found: list[Evidence]) -> None:
    for rule in judge(found, looked_at_pixels=False).rules:
        french = rule_words(rule, "fr")
        assert french != rule
        assert not {"declares", "file", "nothing", "shows", "examined"} & set(french.split())


def test_every_word_is_there_in_both_languages() -> None:
    for language in get_args(Language):
        assert set(VERDICTS[language]) == set(get_args(Verdict))
        assert set(CLAIMS[language]) == set(get_args(Claim))
        assert set(COSTS[language]) == {*get_args(AddCost), *get_args(StripCost)}
        assert set(STATES[language]) == {*get_args(IntegrityState), ""}
        assert set(WORDS[language]) == set(WORDS["en"])
    assert set(judge([], looked_at_pixels=False).not_checked) == set(NOT_CHECKED_FR)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("found", CASES)
def test_every_page_carries_the_notice_and_no_script(found: list[Evidence], language: Language) -> None:
    html = origin_page.render(NASTY, Origin(judge(found), tuple(found)), language)
    assert WORDS[language]["notice"] in html
    assert "<script" not in html
    assert f'<html lang="{language}">' in html


def test_the_chain_shows_ingredients_before_what_was_made_of_them() -> None:
    found = (piece("partlyGenAICreation", "trusted"), piece("capturedMedia", "valid", "ingredient:photo"))
    html = origin_page.render("x", Origin(judge(found), found), "en")
    assert html.index("ingredient:photo</text>") < html.index("the file</text>")
    assert 'aria-label="ingredient:photo → whole"' in html


class Outline(HTMLParser):
    """What assistive technology finds on a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.tags if found == tag]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("found", CASES)
def test_the_page_can_be_read_by_assistive_technology(found: list[Evidence], language: Language) -> None:
    outline = Outline(origin_page.render("x", Origin(judge(found), tuple(found)), language))
    headings = [tag for tag, _ in outline.tags if tag in ("h1", "h2", "h3")]
    assert headings[0] == "h1"
    assert headings.count("h1") == 1
    assert [tag for tag, _ in outline.tags if tag in ("header", "main", "footer")] == ["header", "main", "footer"]
    assert outline.all("html")[0]["lang"] == language
    assert outline.all("title")
    assert all(header.get("scope") == "col" for header in outline.all("th"))
    assert all(svg.get("role") == "img" and svg.get("aria-label") for svg in outline.all("svg"))
    scrolling = [div for div in outline.all("div") if div.get("class") == "scroll"]
    assert all(div.get("tabindex") == "0" for div in scrolling)  # or a keyboard could not scroll it
