"""Words of partners as values."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rempart.cases.bundles.values import loose_moment, whole, yes_or_no

NOON = datetime(2020, 5, 13, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("value", [True, "true", "TRUE", " yes ", "1", 1, "Y"])
def test_yes_is_yes_however_it_is_written(value: object) -> None:
    assert yes_or_no(value) is True


@pytest.mark.parametrize("value", [False, "false", "No", "0", 0])
def test_no_is_no_and_never_true_for_being_a_text(value: object) -> None:
    assert yes_or_no(value) is False


@pytest.mark.parametrize("value", [None, "", "  "])
def test_nothing_stays_unknown(value: object) -> None:
    assert yes_or_no(value) is None


@pytest.mark.parametrize("value", ["maybe", "Jane", 2, -1, 1.0, [], {}])
def test_what_is_neither_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="neither"):
        yes_or_no(value)


@pytest.mark.parametrize(
    "value",
    [
        "2020-05-13T12:30:00Z",
        "2020-05-13T14:30:00+02:00",
        "2020-05-13 12:30:00",
        "2020:05:13 12:30:00",
        "/Date(1589373000000)/",
        "/Date(1589373000000+0200)/",
        1589373000,
        1589373000000,
        "1589373000",
        1589373000.5,
    ],
)
def test_times_are_read_in_every_spelling_that_is_seen(value: object) -> None:
    assert loose_moment(value) == NOON


@pytest.mark.parametrize("value", ["01/02/2020", "0000:00:00 00:00:00", "yesterday", True, [], -5, 10**30, "9" * 13])
def test_a_time_that_is_none_or_could_be_two_days_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        loose_moment(value)


def test_counts_are_whole_numbers_from_zero() -> None:
    assert [whole(value) for value in (0, "17", " 3 ", None, "")] == [0, 17, 3, None, None]
    for wrong in (-1, "1.5", 1.0, True, "٣", "1" * 16, 10**20):
        with pytest.raises(ValueError):
            whole(wrong)


@hypothesis_settings(max_examples=400, derandomize=True)
@given(value=st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.lists(st.integers()))
def test_whatever_is_given_becomes_a_value_or_a_refusal(value: Any) -> None:
    for read in (yes_or_no, whole, loose_moment):
        try:
            found = read(value)
        except ValueError:
            continue
        assert found is None or isinstance(found, bool | int | datetime)
