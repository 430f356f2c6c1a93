"""Helplines: emergency first, only what is well attested, in both languages, and never a number that is dead."""

import json
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.cases.intake import helplines
from rempart.cases.intake.helplines import (
    SHOWN,
    countries,
    country_of,
    country_spoken,
    directory,
    help_for,
)

ALL = [code for code, _ in countries("en")]
EU = 27


def rows(name: str) -> list[dict[str, Any]]:
    text = (files("rempart.cases.intake") / "data" / f"{name}.json").read_text(encoding="utf-8")
    return list(json.loads(text)[name])


def numbers(country: str) -> list[str]:
    return [number for line in help_for(country, "en").helplines for number in line.numbers]


def test_france_has_its_numbers_emergency_first() -> None:
    assert numbers("FR") == ["17", "112", "119", "3018", "116 111", "116 000", "0 806 23 10 63"]
    assert help_for("FR", "fr").emergency == ("17", "112")
    assert [(one.kind, one.name) for one in help_for("FR", "en").hotlines] == [
        ("police", "PHAROS"),
        ("hotline", "Point de Contact"),
    ]


@pytest.mark.parametrize("country", ALL)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_country_is_said_in_both_languages_and_repeats_no_number(country: str, language: Any) -> None:
    found = help_for(country, language)
    kinds = [line.kind for line in found.helplines]
    assert "emergency" not in kinds[kinds.count("emergency") :]
    assert all(line.name and line.for_whom and line.numbers for line in found.helplines)
    told = [number.replace(" ", "") for line in found.helplines for number in line.numbers]
    assert len(told) == len(set(told))
    assert "3020" not in told
    assert all(url.startswith("https://") for url in (one.url for one in (*found.helplines, *found.hotlines)) if url)


def test_every_state_of_the_union_has_its_emergency_number() -> None:
    assert sum("112" in help_for(country, "en").emergency for country in ALL) == EU + 0
    assert help_for("GB", "en").emergency == ("999",)
    assert help_for("JP", "en").emergency == ()


def test_the_child_helpline_of_the_union_is_shown_only_where_a_source_of_the_country_names_it() -> None:
    assert [country for country in ALL if "116 111" in numbers(country)] == ["FR", "PL"]


@pytest.mark.parametrize("mark", ["low", "unverified", "", "HIGH"])
def test_a_row_that_is_not_well_attested_is_not_shown(mark: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = {name: helplines._document(name) for name in ("helplines", "hotlines", "countries")}
    changed = json.loads(json.dumps(real))
    for name in ("helplines", "hotlines"):
        for row in changed[name][name]:
            row["confidence"] = mark
    monkeypatch.setattr(helplines, "_document", changed.__getitem__)
    found = help_for("FR", "en")
    assert (found.helplines, found.hotlines, found.sure) == ((), (), False)


def test_the_dead_number_is_not_shown_even_if_somebody_adds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = {name: helplines._document(name) for name in ("helplines", "hotlines", "countries")}
    changed = json.loads(json.dumps(real))
    changed["helplines"]["helplines"].append(changed["helplines"]["helplines"][0] | {"numbers": ["3020"]})
    monkeypatch.setattr(helplines, "_document", changed.__getitem__)
    assert "3020" not in numbers("FR")


def test_where_nothing_is_sure_the_directory_stands_beside_it() -> None:
    assert help_for("FR", "en").sure
    assert not help_for("IT", "en").sure
    assert not help_for("HR", "en").sure
    assert not help_for("BE", "en").sure
    assert not help_for(None, "en").sure
    assert directory()[1] == "https://www.inhope.org/EN/our-members"


def test_every_row_has_a_dated_source_and_a_country_that_is_known() -> None:
    for row in (*rows("helplines"), *rows("hotlines")):
        assert row["source"]
        assert row["country"] == "EU" or country_of(row["country"])
        assert set(row.get("only_in", [])) <= set(ALL)
        assert row["confidence"] in {*SHOWN, "low", "unverified"}


@pytest.mark.parametrize(
    ("header", "country"),
    [
        ("fr-FR,fr;q=0.9,en;q=0.8", "FR"),
        ("fr,fr-FR;q=0.8,en-US;q=0.5,en;q=0.3", "FR"),
        ("en-GB", "GB"),
        ("zh-Hant-TW,en-gb", "GB"),
        ("fr", None),
        ("", None),
        ("xx-XX", None),
        ("de_DE", None),
        ("*", None),
    ],
)
def test_the_country_is_the_first_that_the_browser_names(header: str, country: str | None) -> None:
    assert country_spoken(header) == country


@given(st.text(max_size=300))
def test_no_header_breaks_it(header: str) -> None:
    found = country_spoken(header)
    assert found is None or found in ALL
    assert help_for(country_of(header), "fr")
