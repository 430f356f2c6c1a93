"""A finding becomes features, each with who said so; what is not known is not made up."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases.triage.saying import RULES, some_features

from rempart.cases.triage.features import (
    ai_evidence,
    capture_age,
    evidence_expires,
    from_finding,
    from_row,
    list_status,
    moment,
    no_media,
    stated,
    to_row,
)
from rempart.cases.triage.rank import place
from rempart.errors import UserMistake
from rempart.facts import Finding, HashList, Match, Matched, NoMatch, NotExamined
from rempart.facts.case import Feature
from rempart.facts.fingerprint import View
from rempart.testing.desk import NOW


def match(**changes: object) -> Match:
    base: dict[str, object] = {
        "list_name": "dragons",
        "list_version": 3,
        "entry_ref": "d-1",
        "kind": "sha256",
        "distance_bits": 0,
        "policy": "block",
        "polarity": "known-bad",
    }
    return Match(**(base | changes))  # type: ignore[arg-type]


def told(features: list[Feature]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for one in features:
        found.setdefault(one.name, []).append(one.value)
    return found


NEAR = match(kind="pdq", distance_bits=17, view=View(0, False))
GOOD = match(list_name="stock", polarity="known-good", policy="ignore")


def test_the_same_bytes_are_an_exact_hit_and_say_of_which_list_and_version() -> None:
    (only,) = from_finding(Finding("a", Matched((match(),), "block")), NOW)
    assert (only.name, only.value, only.source, only.at) == ("novelty", "exact", "list:dragons@3", NOW)


def test_a_near_picture_says_how_near() -> None:
    assert told(from_finding(Finding("a", Matched((NEAR,), "block")), NOW)) == {
        "novelty": ["near"],
        "distance_bits": [17],
    }


def test_a_quarantined_entry_is_doubtful_and_counts_as_no_hit() -> None:
    found = from_finding(Finding("a", Matched((match(held=True),), "review")), NOW)
    assert told(found) == {"novelty": ["doubtful"]}
    assert place(found, RULES, NOW).tier == 3


def test_a_known_good_match_beside_a_bad_one_softens_nothing() -> None:
    assert told(from_finding(Finding("a", Matched((match(), GOOD), "block")), NOW)) == {"novelty": ["exact"]}


def test_the_very_bytes_of_a_good_list_are_said_and_a_likeness_is_not() -> None:
    same = from_finding(Finding("a", NoMatch((GOOD,))), NOW)
    like = from_finding(Finding("a", NoMatch((match(polarity="known-good", kind="pdq", view=View(0, False)),))), NOW)
    assert told(same) == {"novelty": ["none"], "known_good": [True]}
    assert told(like) == {"novelty": ["none"]}


def test_what_was_not_examined_is_said_to_be_so() -> None:
    assert told(from_finding(Finding("a", NotExamined("damaged: jpeg")), NOW)) == {"novelty": ["unexamined"]}
    assert told(no_media(NOW)) == {"novelty": ["unexamined"]}


def test_size_and_frames_are_told_where_they_are_known() -> None:
    found = told(from_finding(Finding("a", NoMatch(), width_pixels=4000, height_pixels=3000, frames=4), NOW))
    assert (found["megapixels"], found["frames"]) == ([12], [4])


def test_lists_tell_their_age_and_empty_or_good_ones_do_not_count() -> None:
    def held(name: str, **changes: object) -> HashList:
        fields: dict[str, object] = {"updated_at_utc": "2026-11-12T09:00:00Z", "entries": 5} | changes
        polarity = fields.pop("polarity", "known-bad")
        return HashList(name, 1, "test", polarity, "block", 31, None, **fields)  # type: ignore[arg-type]

    lists = [held("a"), held("b", entries=0), held("c", polarity="known-good"), held("d", updated_at_utc="")]
    found = [one for one in from_finding(Finding("a", NoMatch()), NOW, lists) if one.name == "list_age_days"]
    assert [(one.value, one.source) for one in found] == [(10, "list:a@1")]


def test_hundreds_of_hits_do_not_fill_the_case() -> None:
    found = from_finding(Finding("a", Matched((NEAR,) * 500, "block")), NOW)
    assert len(found) == 32


def test_what_a_list_does_not_say_stays_unknown() -> None:
    assert told(list_status("list:a@1", NOW, victim_identified=False, submissions=2)) == {
        "victim_identified": [False],
        "submissions": [2],
    }
    assert list_status("list:a@1", NOW) == stated("reporter", NOW, urgent=None) == []


def test_a_capture_in_the_future_says_nothing() -> None:
    assert told(capture_age(NOW - timedelta(days=3, hours=1), NOW, "exif")) == {"capture_age_days": [3]}
    assert capture_age(NOW + timedelta(days=1), NOW, "exif") == []


def test_grades_and_ends_of_evidence_are_features_like_others() -> None:
    assert ai_evidence("D", "finding", NOW)[0].value == "D"
    assert evidence_expires(NOW, "provider:x", NOW)[0].value == "2026-11-22T09:00:00Z"


@given(some_features)
def test_features_survive_the_row_that_keeps_them(features: list[Feature]) -> None:
    row = json.loads(json.dumps(to_row(features)))
    assert to_row(from_row(row)) == row
    assert set(from_row(row)) == set(features)
    assert place(from_row(row), RULES, NOW) == place(features, RULES, NOW)


@given(st.text(max_size=24))
def test_a_time_is_read_or_refused(text: str) -> None:
    with suppress(UserMistake):
        assert moment(text).tzinfo is not None


@pytest.mark.parametrize("text", ["", "2026-11-22", "2026-11-22T09:30:00+01:00", "9999-99-99T99:99:99Z"])
def test_a_time_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(UserMistake, match="no time"):
        moment(text)
