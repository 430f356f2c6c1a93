"""Profiles of categories: numbers mean nothing without one."""

import pytest

from rempart.cases.bundles.profiles import profile, profile_of, profiles
from rempart.errors import UserMistake


def test_the_profiles_that_ship_can_be_read_and_say_where_they_come_from() -> None:
    assert set(profiles()) == {"none", "uk-abc", "us", "us-0-not-pertinent", "us-5-not-pertinent"}
    assert all(one.source and one.as_of and one.en != one.fr for one in profiles().values())


def test_what_the_tools_disagree_about_is_never_set_aside_without_naming_the_tool() -> None:
    assert [profile("us").refuses(code) for code in ("0", "5")] == [None, None]
    assert profile("us-0-not-pertinent").refuses("0") == "set aside by the profile: not pertinent"
    assert profile("us-0-not-pertinent").refuses("5") is None
    assert profile("us-5-not-pertinent").refuses("5") is not None
    assert profile("us-5-not-pertinent").refuses("0") is None


def test_an_unknown_category_is_taken() -> None:
    assert profile("us").refuses("99") is None
    assert profile("us").refuses("") is None


def test_an_animated_picture_is_taken_like_any_other() -> None:
    assert profile("us").refuses("3") is None


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(UserMistake):
        profile("purple")


@pytest.mark.parametrize("text", ["", 'name = "x"', 'name = "X Y"\njurisdiction="a"\nen="a"\nfr="b"\nsource="c"'])
def test_a_damaged_profile_is_none(text: str) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        profile_of(text)
