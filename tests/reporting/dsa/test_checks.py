"""Statements for the Transparency Database: from record and people, checked more strictly than by the server."""

import json
import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.reporting.dsa import vocabulary as words
from rempart.reporting.dsa.checks import problems_of
from rempart.reporting.dsa.composing import QUESTIONS
from rempart.reporting.recipients import RECIPIENTS
from rempart.testing.emulators.transparency_rules import errors_of
from rempart.testing.sample_case import DECIDED, OPTIONS, sample_case

DATABASE = RECIPIENTS["transparency-database"]
PAGE = Path(__file__).parents[3] / "docs/reference/recipients/transparency-database.md"
ANSWERS = {
    "visibility": "removed",
    "account": "none",
    "ground": "terms",
    "reference": "clause 4, no winged beasts",
    "explanation": "The picture shows a winged beast.",
    "facts": "Somebody gave notice, and a person of ours looked at it.",
    "category": "protection_of_minors",
    "applied_on": "2026-11-22",
    "duration": "indefinite",
    "territory": "EU",
}


def drafted(case: Any = None, options: Any = None, **answers: str) -> dict[str, Any]:
    return DATABASE.build(case or sample_case(), {**ANSWERS, **answers}, options or OPTIONS)


def says(case: Any = None, options: Any = None, **answers: str) -> list[str]:
    """The fields that have problems."""
    draft = drafted(case, options, **answers)
    return [one.field for one in DATABASE.problems(draft, OPTIONS, DECIDED)]


def channel(name: str, *, trusted: bool = False) -> Any:
    """The sample case, come through this channel."""
    case = sample_case()
    return replace(case, notices=(replace(case.notices[0], channel=name, trusted=trusted),))


def test_the_page_shows_the_exact_bytes() -> None:
    shown = DATABASE.render(drafted(keyword="abuse_material"), DECIDED).content.decode()
    page = PAGE.read_text()
    fresh = re.sub(r"```json\n.*?```", lambda _: f"```json\n{shown}\n```", page, count=1, flags=re.DOTALL)
    if os.environ.get("REMPART_GOLDEN") == "write":
        PAGE.write_text(fresh)
    assert PAGE.read_text() == fresh, "the statement changed; if you meant it, run `make golden` and read the diff"


def test_nothing_that_the_law_turns_on_is_answered_by_us() -> None:
    draft = DATABASE.build(sample_case(), {}, OPTIONS)
    assert draft["statement"].keys() == {
        "automated_decision",
        "automated_detection",
        "content_date",
        "content_type",
        "source_type",
    }
    assert {one.name for one in QUESTIONS if one.required} == set(ANSWERS)


@pytest.mark.parametrize(
    ("name", "trusted", "source", "automated"),
    [
        ("public", False, "SOURCE_ARTICLE_16", "No"),
        ("public", True, "SOURCE_TRUSTED_FLAGGER", "No"),
        ("bundle", False, "SOURCE_TYPE_OTHER_NOTIFICATION", "No"),
        ("api", False, "SOURCE_VOLUNTARY", "Yes"),
        ("hook", False, "SOURCE_VOLUNTARY", "Yes"),
    ],
)
def test_how_it_came_is_in_the_record(name: str, source: str, automated: str, *, trusted: bool) -> None:
    statement = drafted(channel(name, trusted=trusted))["statement"]
    assert (statement["source_type"], statement["automated_detection"]) == (source, automated)
    assert statement["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"


def test_without_a_notice_a_person_says_how_it_came_and_nobody_else() -> None:
    bare = replace(sample_case(), notices=())
    assert says(bare) == ["source_type", "automated_detection"]
    assert says(bare, source="own_initiative", detected_by_program="yes") == []
    assert (
        drafted(source="own_initiative", detected_by_program="yes")["statement"]["source_type"] == "SOURCE_ARTICLE_16"
    )


def test_made_by_ai_is_what_people_said_and_no_evidence() -> None:
    case = sample_case()
    assert drafted()["statement"]["content_type"] == ["CONTENT_TYPE_IMAGE"]
    said = replace(case, files=(replace(case.files[0], ai=True),))
    assert drafted(said)["statement"]["content_type"] == ["CONTENT_TYPE_IMAGE", "CONTENT_TYPE_SYNTHETIC_MEDIA"]


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"visibility": "none"}, ["decision_visibility"]),
        ({"visibility": "other"}, ["decision_visibility_other"]),
        ({"visibility": "other", "visibility_other": "blurred"}, []),
        ({"payments": "other"}, ["decision_monetary_other"]),
        ({"visibility": "none", "account": "suspended"}, []),
        ({"category": "violence", "keyword": "abuse_material"}, ["category_specification"]),
        ({"keyword": "abuse_material"}, []),
        ({"content_date": "2026-11-23"}, ["content_date"]),
        ({"content_date": "1999-12-31"}, ["content_date"]),
        ({"content_date": "22.11.2026"}, ["content_date"]),
        ({"applied_on": "2026-11-23"}, ["application_date"]),
        ({"applied_on": "2026-02-30"}, ["application_date"]),
        ({"applied_on": "soon"}, ["application_date"]),
        ({"duration": "until"}, ["until"]),
        ({"duration": "until", "until": "2026-11-21"}, ["end_date_visibility_restriction"]),
        ({"duration": "until", "until": "2038-01-02"}, ["end_date_visibility_restriction"]),
        ({"duration": "until", "until": "2026-12-22"}, []),
        ({"territory": "everywhere"}, ["territorial_scope"]),
        ({"territory": "US"}, ["territorial_scope"]),
        ({"territory": "fr, de LI"}, []),
        ({"content_language": "xx"}, ["content_language"]),
        ({"content_language": "fr"}, []),
        ({"content_type": "other"}, ["content_type_other"]),
        ({"explanation": "x" * 2001}, ["incompatible_content_explanation"]),
        ({"facts": "write to ada (at) dragon (dot) example"}, ["decision_facts"]),
    ],
)
def test_what_the_server_would_refuse_or_is_not_true_does_not_leave(answers: dict[str, str], fields: list[str]) -> None:
    assert says(**answers) == fields


def test_orders_and_cases_of_the_police_are_not_published() -> None:
    first = replace(sample_case(), police_first=True)
    assert says(channel("order")) == ["order"]
    assert says(first) == ["police_agree"]
    assert says(first, police_agree="no") == ["police_agree"]
    assert says(first, police_agree="yes") == []


@pytest.mark.parametrize(("size", "fields"), [("micro", ["size"]), ("small", ["size"]), ("larger", []), (None, [])])
def test_small_enterprises_are_exempt_and_nobody_else_is(size: str | None, fields: list[str]) -> None:
    assert says(options={"desk": {**OPTIONS["desk"], "size": size}}) == fields


def test_names_of_the_case_are_taken_out_of_what_is_published() -> None:
    draft = drafted(facts="purple put it at https://pictures.dragon.example/purple.png from 198.51.100.9")
    text = DATABASE.render(draft, DECIDED).content.decode()
    assert "purple" not in text
    assert "dragon.example" not in text
    assert "198.51" not in text
    assert draft["removed"]["decision_facts"]


_CHOICES = {one.name: st.sampled_from(one.choices) for one in QUESTIONS if one.kind == "choice"}
_DAYS = st.dates(min_value=(DECIDED - timedelta(days=400)).date(), max_value=(DECIDED + timedelta(days=400)).date())
_TEXTS = st.text(max_size=40) | st.sampled_from(["", "clause 4", "EU", "FR DE", "fr"])


@settings(max_examples=100)
@given(st.data())
def test_whatever_people_answer_what_we_let_through_the_server_takes(data: st.DataObject) -> None:
    answers = dict(ANSWERS)
    for question in data.draw(st.lists(st.sampled_from(QUESTIONS), max_size=8)):
        made = _CHOICES.get(question.name, _TEXTS | _DAYS.map(str))
        answers[question.name] = data.draw(made)
    statement = DATABASE.build(sample_case(), answers, OPTIONS)["statement"]
    if not problems_of(statement, DECIDED.date()):
        assert errors_of({**statement, "puid": "p-1"}) == {}
        assert json.loads(json.dumps(statement)) == statement


@settings(max_examples=50)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda one: (
            st.lists(one)
            | st.dictionaries(
                st.sampled_from([*words.TEXTS, "category", "puid", "decision_visibility", "content_type"]), one
            )
        ),
    )
)
def test_the_emulator_judges_whatever_it_is_sent(said: Any) -> None:
    assert errors_of(said)
