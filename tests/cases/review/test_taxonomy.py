"""Profiles can be read, say what they mean, and are refused when they could mislead."""

from pathlib import Path

import pytest

from rempart.cases.review.taxonomy import NAMES, VOCABULARIES, load_taxonomy, taxonomy_of
from rempart.errors import UserMistake
from rempart.facts.case import OUTCOMES

SIGNED = "industry:agreement-signed"
USABLE = [SIGNED if name == "industry" else name for name in NAMES]


@pytest.mark.parametrize("name", USABLE)
def test_every_profile_says_enough_to_decide_with(name: str) -> None:
    profile = load_taxonomy(name)
    assert profile.version
    assert {"not_illegal", "not_assessable"} <= {code.outcome for code in profile.codes} <= set(OUTCOMES)
    assert all(code.english and code.french for code in profile.codes)
    assert all(set(code.elsewhere) <= set(VOCABULARIES) for code in profile.codes)
    assert [code.key for code in profile.codes] == list(range(1, len(profile.codes) + 1))


def test_the_industry_profile_needs_the_word_of_the_operator() -> None:
    with pytest.raises(UserMistake, match="agreement"):
        load_taxonomy("industry")
    assert load_taxonomy(SIGNED).code("A1").elsewhere == {"ncmec": "A1"}


@pytest.mark.parametrize("name", ["purple", "baseline:agreement-signed", "../baseline", "missing.toml"])
def test_what_is_no_profile_is_refused(name: str) -> None:
    with pytest.raises(UserMistake):
        load_taxonomy(name)


def test_an_own_file_is_a_profile(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'name = "own"\nversion = "3"\nlabel = { en = "Own", fr = "Nôtre" }\n'
        '[codes.no]\nkey = 1\noutcome = "not_illegal"\nen = "No"\nfr = "Non"\n'
        '[codes.unclear]\nkey = 2\noutcome = "not_assessable"\nen = "Unclear"\nfr = "Pas clair"\n'
    )
    assert load_taxonomy(str(path)).code("no").label("fr") == "Non"


def test_two_codes_of_one_key_are_refused() -> None:
    code = {"key": 1, "outcome": "not_illegal", "en": "No", "fr": "Non"}
    other = code | {"outcome": "not_assessable"}
    table = {"name": "own", "version": "1", "label": {"en": "Own", "fr": "Nôtre"}, "codes": {"a": code, "b": other}}
    with pytest.raises(UserMistake, match="key twice"):
        taxonomy_of(table)


def test_an_outcome_that_is_not_ours_is_refused() -> None:
    code = {"key": 1, "outcome": "guilty", "en": "No", "fr": "Non"}
    table = {"name": "own", "version": "1", "label": {"en": "Own", "fr": "Nôtre"}, "codes": {"a": code}}
    with pytest.raises(UserMistake, match="outcome"):
        taxonomy_of(table)
