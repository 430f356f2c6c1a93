"""Statements of reasons: from the record and from people, delivered by the host, finished when it says so."""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rempart.errors import Conflict
from rempart.reporting import drafting, queries, sending
from rempart.reporting.recipients import RECIPIENTS
from rempart.reporting.recipients.statement import QUESTIONS, statement_text
from rempart.settings import ReportingSettings, ServeSettings, Settings
from rempart.storage.database import Writer
from rempart.testing.desk import NOW, make_desk
from rempart.testing.desk_reporting import make_decided, senior
from rempart.testing.desk_web import service, web_app
from rempart.testing.sample_case import DECIDED, OPTIONS, sample_case
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of

STATEMENT = RECIPIENTS["statement"]
REDRESS = {"address": "https://desk.example/appeal", "days": 183, "bodies": ["Body of Dragons, 1 Castle Road"]}
CHOSEN: dict[str, Any] = {**OPTIONS, "redress": REDRESS}
ANSWERS = {
    "language": "en",
    "ground": "terms",
    "reference": "clause 4, no purple dragons",
    "explanation": "The picture shows a purple dragon.",
    "restriction": "removed",
    "territory": "everywhere",
    "duration": "indefinite",
}
PAGE = Path(__file__).parents[2] / "docs/reference/recipients/statement.md"


def says(case: Any, options: Any = None, **answers: str) -> list[str]:
    """The fields that have problems."""
    chosen = CHOSEN if options is None else options
    draft = STATEMENT.build(case, {**ANSWERS, **answers}, chosen)
    return [one.field for one in STATEMENT.problems(draft, chosen, DECIDED)]


def text(case: Any = None, options: Any = None, **answers: str) -> str:
    return statement_text(STATEMENT.build(case or sample_case(), {**ANSWERS, **answers}, options or CHOSEN))


def channel(name: str) -> Any:
    """The sample case, come through this channel."""
    case = sample_case()
    return replace(case, notices=(replace(case.notices[0], channel=name),))


def test_the_page_shows_the_exact_bytes() -> None:
    shown = STATEMENT.render(STATEMENT.build(sample_case(), ANSWERS, CHOSEN), DECIDED).content.decode()
    page = PAGE.read_text()
    fresh = re.sub(r"```json\n.*?```", lambda _: f"```json\n{shown}\n```", page, count=1, flags=re.DOTALL)
    if os.environ.get("REMPART_GOLDEN") == "write":
        PAGE.write_text(fresh)
    assert PAGE.read_text() == fresh, "statement changed; if you meant it, run `make golden` and read the diff"


def test_nothing_that_the_law_turns_on_is_answered_by_us() -> None:
    draft = STATEMENT.build(sample_case(), {}, CHOSEN)
    assert draft["said"] == {}
    assert {one.name for one in QUESTIONS if one.required} == set(ANSWERS)


@pytest.mark.parametrize(("name", "found"), [("public", "not found by"), ("api", "found by"), ("hook", "found by")])
def test_how_it_was_found_is_in_the_record(name: str, found: str) -> None:
    assert f"The content was {found} automated means" in text(channel(name))
    assert "automated means" not in text(replace(sample_case(), notices=()))
    assert "A person decided" in text(channel(name))


def test_no_statement_answers_an_order() -> None:
    assert says(channel("order")) == ["order"]


def test_while_police_come_first_nobody_is_warned() -> None:
    first = replace(sample_case(), police_first=True)
    assert says(first) == ["police_agree"]
    assert says(first, police_agree="no") == ["police_agree"]
    assert says(first, police_agree="yes") == []


def test_a_measure_that_ends_says_when() -> None:
    assert says(sample_case(), duration="until") == ["until"]
    assert says(sample_case(), duration="until", until=(DECIDED - timedelta(days=1)).isoformat()) == ["until"]
    later = (DECIDED + timedelta(days=30)).isoformat()
    assert says(sample_case(), duration="until", until=later) == []
    assert "until 2026-12-22" in text(duration="until", until=later)


def test_it_says_where_to_contest_it_or_does_not_leave() -> None:
    assert says(sample_case(), OPTIONS) == ["redress"]
    assert "Body of Dragons" in text()


@pytest.mark.parametrize("size", ["micro", "small"])
def test_small_enterprises_are_exempt_from_bodies_outside_and_nobody_else_is(size: str) -> None:
    small = {**CHOSEN, "desk": {**OPTIONS["desk"], "size": size}}
    assert "out-of-court" not in text(options=small)
    assert "out-of-court" in text(options={**CHOSEN, "desk": {**OPTIONS["desk"], "size": None}})


def test_the_french_one_is_french() -> None:
    assert text(language="fr").startswith("Pourquoi nous avons")
    assert "We " not in text(language="fr")


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    chosen = settings.model_copy(
        update={
            "reporting": ReportingSettings(environment="emulator"),
            "serve": ServeSettings(public_url="http://testserver"),
        }
    )
    with make_desk(chosen, database_url) as made:
        yield made


def approved(desk: Desk) -> tuple[int, int]:
    """(action, report) of an approved statement."""
    reporting = reporting_of(desk)
    with desk.database.writing() as writer:
        case_id = make_decided(writer, desk.fields, 1)
        action_id = _action(writer, case_id)
        made = drafting.draft(
            writer, reporting, senior(1), case_id, "statement", NOW, action_id=action_id, answers=ANSWERS
        )
        assert drafting.approve(writer, reporting, senior(1), made, NOW)
    return action_id, made


def _action(writer: Writer, case_id: int) -> int:
    from rempart.cases.review.queries import decisions

    [decision] = decisions.of_case(writer, 1, case_id)
    decisions.insert_action(
        writer,
        organisation=1,
        case_id=case_id,
        decision_id=decision["id"],
        kind="statement_of_reasons",
        target={"media": [], "outcome": "illegal_baseline"},
        state="drafted",
        not_before=NOW,
        created_at=NOW,
        changed_at=NOW,
        note="",
    )
    return int(decisions.actions_of_case(writer, 1, case_id)[-1]["id"])


def test_the_host_fetches_it_delivers_it_and_says_so(desk: Desk) -> None:
    host = service(web_app(desk), desk, "items", "actions")
    action_id, made = approved(desk)
    [told] = host.get("/v1/actions").json()["actions"]
    assert told["id"] == action_id
    assert told["statement"]["text"].startswith("We removed the content.")
    for _ in range(2):
        assert host.post(f"/v1/actions/{action_id}", json={"state": "fulfilled"}).json()["state"] == "fulfilled"
    with desk.database.reading() as reader:
        row = queries.read(reader, 1, made)
        [(receipt, said)] = sending.receipts_of(reader, desk.fields, 1, made)
    assert row is not None
    assert (row["state"], receipt["kind"]) == ("finished", "host_fulfilled")
    assert json.loads(said)["state"] == "fulfilled"


def test_a_host_that_refuses_leaves_a_refused_report_with_its_reason(desk: Desk) -> None:
    host = service(web_app(desk), desk, "items", "actions")
    action_id, made = approved(desk)
    host.post(f"/v1/actions/{action_id}", json={"state": "refused", "note": "the user is gone"})
    with desk.database.reading() as reader:
        row = queries.read(reader, 1, made)
    assert row is not None
    assert (row["state"], row["problem"]) == ("refused", "the host refused: the user is gone")


def test_an_action_without_a_statement_has_none(desk: Desk) -> None:
    host = service(web_app(desk), desk, "items", "actions")
    with desk.database.writing() as writer:
        action_id = _action(writer, make_decided(writer, desk.fields, 1))
        from rempart.cases.review import acting

        acting.approve(writer, senior(1), action_id, NOW)
    [told] = host.get("/v1/actions").json()["actions"]
    assert told["statement"] is None
    assert host.post(f"/v1/actions/{action_id}", json={"state": "fulfilled"}).json()["statement"] is None


def test_withdrawing_it_withdraws_the_action(desk: Desk) -> None:
    host = service(web_app(desk), desk, "items", "actions")
    _, made = approved(desk)
    with desk.database.writing() as writer:
        drafting.withdraw(writer, senior(1), made, "changed our mind", NOW)
        with pytest.raises(Conflict):
            drafting.withdraw(writer, senior(1), made, "again", NOW)
    assert host.get("/v1/actions").json()["actions"] == []
