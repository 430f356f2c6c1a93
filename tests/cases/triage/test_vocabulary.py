"""What may be known of a case is a closed list, and so is who may say it."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases.triage.saying import EVERY_FEATURE

from rempart.cases.triage.vocabulary import GRADES, HOUSE, LISTS, MOST_COUNT, SAID, SEEN, VOCABULARY, feature, word
from rempart.errors import UserMistake
from rempart.testing.desk import NOW

EVERYBODY = SAID | SEEN | HOUSE | LISTS
ODD = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers()) | st.binary()


def test_every_feature_is_told_in_both_languages_and_can_come_from_somebody() -> None:
    for meant in VOCABULARY.values():
        assert "" not in (meant.en, meant.fr), meant.name
        assert frozenset() < meant.sources <= EVERYBODY, meant.name
        assert meant.choices == () or meant.type == "word", meant.name


def test_every_value_that_fits_is_taken() -> None:
    assert {one.name for one in EVERY_FEATURE} == set(VOCABULARY)


@pytest.mark.parametrize(
    ("name", "value", "source"),
    [
        ("urgent", 1, "reporter"),
        ("urgent", None, "reporter"),
        ("urgent", "yes", "reporter"),
        ("urgent", True, "list:a@1"),
        ("urgent", True, "finding"),
        ("known_good", True, "reporter"),
        ("first_seen_here", True, "provider:x"),
        ("cluster_size", 3, "partner:x"),
        ("submissions", True, "list:a@1"),
        ("submissions", -1, "list:a@1"),
        ("submissions", MOST_COUNT + 1, "list:a@1"),
        ("submissions", 1.0, "list:a@1"),
        ("novelty", "new", "finding"),
        ("ai_evidence", "F", "finding"),
        ("ai_evidence", "a", "finding"),
        ("country", "x" * 81, "provider"),
        ("evidence_expires", "tomorrow", "provider"),
        ("evidence_expires", "2026-11-22 09:30", "provider"),
        ("dragon", True, "reporter"),
        ("urgent", True, ""),
        ("urgent", True, "Reporter"),
    ],
)
def test_a_wrong_name_value_or_speaker_is_refused(name: str, value: Any, source: str) -> None:
    with pytest.raises(UserMistake):
        feature(name, value, source, NOW)


@given(st.sampled_from(list(VOCABULARY)), ODD, st.sampled_from(sorted(EVERYBODY)) | st.text(max_size=20))
def test_whatever_is_stated_becomes_a_feature_or_a_refusal(name: str, value: Any, source: str) -> None:
    with suppress(UserMistake):
        made = feature(name, value, source, NOW)
        assert made.source.partition(":")[0] in word(name).sources
        assert isinstance(made.value, (bool, int, str))


def test_nobody_outside_the_house_may_say_that_something_is_on_a_good_list() -> None:
    assert VOCABULARY["known_good"].sources == LISTS


def test_the_ladder_of_ai_evidence_has_five_rungs() -> None:
    assert VOCABULARY["ai_evidence"].choices == GRADES == ("A", "B", "C", "D", "E")
    assert [one.name for one in VOCABULARY.values() if one.ai] == ["ai_evidence"]
