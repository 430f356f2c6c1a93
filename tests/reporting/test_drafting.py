"""From a decided case to a report that leaves, and back."""

from typing import Any

import pytest

from rempart.audit.queries import story
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.report import Environment
from rempart.reporting import drafting, queries, sending
from rempart.reporting.drafting import Reporting
from rempart.reporting.recipient import Question
from rempart.storage import outbox
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW, make_actor, make_case, make_organisation
from rempart.testing.desk_reporting import FakeRecipient, make_decided, senior

ANSWERED = {"colour": "purple"}


def reporting(fields: Fields, *, environment: Environment | None = "emulator", **fake: Any) -> Reporting:
    """Reports to one fake recipient."""
    return Reporting(fields, {}, environment, recipients={"dragons": FakeRecipient(**fake)})


def drafted(database: Database, fields: Fields, chosen: Reporting, **answers: str) -> tuple[int, int]:
    """(organisation, report) of a new draft."""
    with database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_decided(writer, fields, mine)
        made = drafting.draft(writer, chosen, make_actor(mine), case_id, "dragons", NOW, answers=answers)
    return mine, made


def test_nothing_is_drafted_until_somebody_chose_where_reports_go(database: Database, fields: Fields) -> None:
    with pytest.raises(UserMistake, match="REMPART_REPORTING__ENVIRONMENT"):
        drafted(database, fields, reporting(fields, environment=None))


def test_reports_to_production_need_a_name(database: Database, fields: Fields) -> None:
    with pytest.raises(NotAllowed, match="SIGNED_OFF_BY"):
        drafted(database, fields, reporting(fields, environment="production"))


def test_a_case_that_nobody_decided_is_not_reported(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_case(writer, mine)
        with pytest.raises(Conflict, match="not decided"):
            drafting.draft(writer, reporting(fields), make_actor(mine), case_id, "dragons", NOW)


def test_what_only_a_person_can_say_keeps_the_report_back_until_somebody_says_it(
    database: Database, fields: Fields
) -> None:
    chosen = reporting(fields)
    mine, made = drafted(database, fields, chosen)
    with database.writing() as writer:
        looked = drafting.look(writer, chosen, mine, made, NOW)
        assert [one.field for one in looked.problems] == ["colour"]
        assert looked.payload is None
        with pytest.raises(Conflict, match="colour"):
            drafting.approve(writer, chosen, senior(mine), made, NOW)
    with database.writing() as writer:
        drafting.answer(writer, chosen, make_actor(mine), made, ANSWERED, NOW)
        looked = drafting.look(writer, chosen, mine, made, NOW)
    assert looked.problems == ()
    assert looked.payload is not None
    assert b"purple" in looked.payload.content


def test_the_bytes_that_were_approved_are_the_bytes_that_leave(database: Database, fields: Fields) -> None:
    chosen = reporting(fields)
    mine, made = drafted(database, fields, chosen, **ANSWERED)
    with database.writing() as writer:
        before = drafting.look(writer, chosen, mine, made, NOW).payload
        assert drafting.approve(writer, chosen, senior(mine), made, NOW)
        row = queries.read(writer, mine, made)
        assert row is not None
        assert row["state"] == "sending"
        assert drafting.frozen_payload(fields, row) == before
        assert drafting.look(writer, chosen, mine, made, NOW).payload == before
        assert len(outbox.due(writer, NOW)) == 1


def test_two_people_approve_where_two_are_asked_for(database: Database, fields: Fields) -> None:
    chosen = reporting(fields, approvals=2)
    mine, made = drafted(database, fields, chosen, **ANSWERED)
    with database.writing() as writer:
        assert not drafting.approve(writer, chosen, senior(mine, "R-ONE"), made, NOW)
        with pytest.raises(Conflict, match="somebody else"):
            drafting.approve(writer, chosen, senior(mine, "R-ONE"), made, NOW)
        assert not outbox.due(writer, NOW)
        assert drafting.approve(writer, chosen, senior(mine, "R-TWO"), made, NOW)


def test_a_new_answer_takes_back_the_first_approval(database: Database, fields: Fields) -> None:
    chosen = reporting(fields, approvals=2)
    mine, made = drafted(database, fields, chosen, **ANSWERED)
    with database.writing() as writer:
        drafting.approve(writer, chosen, senior(mine, "R-ONE"), made, NOW)
        drafting.answer(writer, chosen, make_actor(mine), made, {"colour": "violet"}, NOW)
        assert not drafting.approve(writer, chosen, senior(mine, "R-TWO"), made, NOW)


@pytest.mark.parametrize("role", ["reviewer", "auditor", "admin", None])
def test_only_seniors_and_supervisors_approve(database: Database, fields: Fields, role: Any) -> None:
    chosen = reporting(fields)
    mine, made = drafted(database, fields, chosen, **ANSWERED)
    with database.writing() as writer, pytest.raises(NotAllowed):
        drafting.approve(writer, chosen, make_actor(mine, "R-BOB", role), made, NOW)


def test_an_answer_that_does_not_fit_its_question_is_refused(database: Database, fields: Fields) -> None:
    asked = (
        Question("sure", "Sure?", "Sûr ?", "yesno"),
        Question("size", "Size?", "Taille ?", "choice", ("small", "large")),
        Question("when", "When?", "Quand ?", "moment"),
    )
    chosen = reporting(fields, questions=asked)
    mine, made = drafted(database, fields, chosen)
    for wrong in (
        {"sure": "perhaps"},
        {"size": "huge"},
        {"when": "yesterday"},
        {"when": "2026-11-22T09:00:00"},
        {"x": "y"},
    ):
        with database.writing() as writer, pytest.raises(UserMistake):
            drafting.answer(writer, chosen, make_actor(mine), made, wrong, NOW)


def test_an_empty_answer_takes_back_what_was_said(database: Database, fields: Fields) -> None:
    chosen = reporting(fields)
    mine, made = drafted(database, fields, chosen, **ANSWERED)
    with database.writing() as writer:
        drafting.answer(writer, chosen, make_actor(mine), made, {"colour": " "}, NOW)
        assert drafting.look(writer, chosen, mine, made, NOW).answers == {}


def test_a_withdrawn_draft_never_leaves(database: Database, fields: Fields) -> None:
    chosen = reporting(fields)
    mine, made = drafted(database, fields, chosen, **ANSWERED)
    with database.writing() as writer:
        drafting.withdraw(writer, senior(mine), made, "not ours", NOW)
        with pytest.raises(Conflict, match="withdrawn"):
            drafting.approve(writer, chosen, senior(mine), made, NOW)
        assert not outbox.due(writer, NOW)


def test_a_sheet_is_finished_when_a_person_says_that_they_handed_it_over(database: Database, fields: Fields) -> None:
    chosen = reporting(fields, transport="sheet")
    mine, made = drafted(database, fields, chosen, **ANSWERED)
    with database.writing() as writer:
        with pytest.raises(Conflict):
            sending.hand_over(writer, chosen, senior(mine), made, "P-12", NOW)
        drafting.approve(writer, chosen, senior(mine), made, NOW)
        assert not outbox.due(writer, NOW)
        sending.hand_over(writer, chosen, senior(mine), made, "P-12", NOW)
        row = queries.read(writer, mine, made)
        assert row is not None
        assert (row["state"], row["external_id"]) == ("finished", "P-12")
        verbs = [one.verb for one in story(writer, mine, "report", made)]
    assert verbs == ["report.drafted", "report.approved", "report.receipt", "report.finished"]


def test_what_needs_no_approval_leaves_at_once(database: Database, fields: Fields) -> None:
    chosen = reporting(fields, approvals=0, questions=())
    mine, made = drafted(database, fields, chosen)
    with database.reading() as reader:
        row = queries.read(reader, mine, made)
        assert row is not None
        assert row["state"] == "sending"


def test_a_report_of_another_organisation_does_not_exist(database: Database, fields: Fields) -> None:
    chosen = reporting(fields)
    _, made = drafted(database, fields, chosen)
    with database.writing() as writer:
        other = make_organisation(writer, "other")
        with pytest.raises(NotFound):
            drafting.look(writer, chosen, other, made, NOW)
        with pytest.raises(NotFound):
            drafting.approve(writer, chosen, senior(other), made, NOW)


def test_a_draft_for_another_environment_does_not_leave(database: Database, fields: Fields) -> None:
    mine, made = drafted(database, fields, reporting(fields), **ANSWERED)
    with database.writing() as writer, pytest.raises(Conflict, match="drafted for emulator"):
        drafting.approve(writer, reporting(fields, environment="test"), senior(mine), made, NOW)


def test_what_a_report_says_is_sealed(database: Database, fields: Fields) -> None:
    mine, made = drafted(database, fields, reporting(fields), **ANSWERED)
    with database.reading() as reader:
        row = queries.read(reader, mine, made)
    assert row is not None
    assert b"purple" not in row["draft_sealed"]
