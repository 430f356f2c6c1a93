"""Closing and opening again: by seniors, for a reason, and nothing that runs is cut off."""

from datetime import timedelta
from typing import Any

import pytest
from tests.cases.review.conftest import Room

from rempart.cases.review import closing
from rempart.cases.review.queries import cases, decisions
from rempart.cases.story import state_of
from rempart.errors import Conflict, NotAllowed, UserMistake
from rempart.migrations.schema import METADATA
from rempart.testing.desk import make_case, make_cluster, make_notice
from rempart.wiring.desk import Desk


def _close(room: Room, case: int, reason: str = "out_of_scope", **named: Any) -> None:
    with room.database.writing() as writer:
        closing.close(writer, named.get("by", room.sam), case, reason, room.now)


def _reopen(room: Room, case: int, reason: str = "mistake", **named: Any) -> None:
    with room.database.writing() as writer:
        closing.reopen(writer, named.get("by", room.sam), case, reason, room.now)


def _decided(room: Room, code: str = "not-illegal") -> int:
    case: int = room.make(make_case, room.organisation)
    made = room.judge(room.ada, case, code)
    room.carried_out(case, made.decision)
    return case


def _action(room: Room, case: int, kind: str, state: str) -> int:
    times = {"not_before": room.now, "created_at": room.now, "changed_at": room.now}
    with room.database.writing() as writer:
        return decisions.insert_action(
            writer, organisation=room.organisation, case_id=case, kind=kind, target={}, state=state, **times
        )


def test_a_decided_case_waits_again_and_its_outcome_is_unknown(room: Room) -> None:
    case = _decided(room)
    _reopen(room, case)
    row = room.row(case)
    assert (row["state"], row["outcome"], row["decided_at"], row["final_at"]) == ("triaged", None, None, None)
    told = state_of(room.story(case))
    assert (told.state, told.outcome, told.decided_at, told.final_at) == ("triaged", None, None, None)
    assert room.story(case)[-1].data == {"reason": "mistake", "state": "triaged", "outcome": "not_illegal"}
    assert room.next(room.bob) == case
    assert room.decide(room.bob, case, "terms").state == "decided"


def test_who_judged_it_before_may_judge_it_anew_and_a_second_person_is_asked_again(room: Room) -> None:
    case = _decided(room)
    _reopen(room, case)
    room.claim(room.ada, case)
    assert room.decide(room.ada, case, "baseline").state == "needs_second"
    room.wait(31)
    room.claim(room.bob, case)
    assert room.decide(room.bob, case, "baseline").state == "decided"


def test_what_nobody_carried_out_yet_is_withdrawn(room: Room) -> None:
    case = _decided(room)
    waiting = _action(room, case, "remove_local", "queued")
    done = _action(room, case, "notify_reporter", "fulfilled")
    _reopen(room, case)
    with room.database.reading() as reader:
        states = {row["id"]: row["state"] for row in decisions.actions_of_case(reader, room.organisation, case)}
    assert states == {waiting: "withdrawn", done: "fulfilled"}


def test_not_while_the_list_is_being_changed(room: Room) -> None:
    case = _decided(room)
    _action(room, case, "add_to_list", "queued")
    with pytest.raises(Conflict, match="being carried out"):
        _reopen(room, case)


def test_not_while_the_decision_can_be_undone(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    room.decide(room.ada, case, "not-illegal")
    for act, reason in ((_reopen, "mistake"), (_close, "done")):
        with pytest.raises(Conflict, match="undone"):
            act(room, case, reason)


def test_not_before_what_follows_from_the_decision_was_begun(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    made = room.judge(room.ada, case, "not-illegal")
    for act, reason in ((_reopen, "mistake"), (_close, "done")):
        with pytest.raises(Conflict, match="being carried out"):
            act(room, case, reason)
    room.carried_out(case, made.decision)
    _close(room, case, "done")
    _reopen(room, case)
    assert room.row(case)["state"] == "triaged"


def test_a_member_that_is_opened_again_stands_in_the_queue_itself(room: Room) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    made = room.judge(room.ada, leader, "not-illegal")
    with room.database.reading() as reader:
        (follower,) = decisions.followers(reader, room.organisation, made.decision)
    room.carried_out(one, follower["id"])
    _reopen(room, one)
    assert room.row(one)["leads"]
    assert room.next(room.bob) == one
    assert room.row(leader)["state"] == "decided"


@pytest.mark.parametrize("state", ["triaged", "escalated", "needs_info", "needs_second", "disputed"])
def test_an_open_case_is_not_opened_again(room: Room, state: str) -> None:
    case = room.make(make_case, room.organisation, state=state)
    with pytest.raises(Conflict, match="is open"):
        _reopen(room, case)


@pytest.mark.parametrize("reason", ["duplicate", "out_of_scope", "test"])
@pytest.mark.parametrize("state", ["triaged", "escalated", "needs_info"])
def test_a_case_that_nobody_judged_is_closed_for_a_reason(room: Room, state: str, reason: str) -> None:
    case = room.make(make_case, room.organisation, state=state)
    _close(room, case, reason)
    assert room.row(case)["state"] == state_of(room.story(case)).state == "closed"
    _reopen(room, case, "seen_again")
    assert room.row(case)["state"] == "triaged"


def test_a_decided_case_is_closed_as_done_and_keeps_its_outcome(room: Room) -> None:
    case = _decided(room)
    with pytest.raises(UserMistake, match="choose it"):
        _close(room, case, "duplicate")
    _close(room, case, "done")
    assert (room.row(case)["state"], room.row(case)["outcome"]) == ("closed", "not_illegal")
    with pytest.raises(Conflict, match="already"):
        _close(room, case, "done")


@pytest.mark.parametrize("state", ["needs_second", "disputed"])
def test_a_case_between_two_judgements_is_not_closed(room: Room, state: str) -> None:
    case = room.make(make_case, room.organisation, state=state)
    with pytest.raises(Conflict, match="another judgement"):
        _close(room, case)


def test_a_case_that_somebody_holds_is_not_closed_under_them(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    with pytest.raises(Conflict, match="held by somebody else"):
        _close(room, case)


@pytest.mark.parametrize("state", ["received", "authenticated", "challenged"])
def test_a_case_with_an_order_that_runs_is_not_closed(room: Room, desk: Desk, state: str) -> None:
    case = room.make(make_case, room.organisation)
    notice = room.make(make_notice, desk.fields, room.organisation, case)
    said = {"kind": "fr-24h", "authority": "Office", "reference": "1", "legal_basis": "law", "state": state}
    with room.database.writing() as writer:
        due = room.now + timedelta(hours=24)
        writer.insert(
            METADATA.tables["authority_order"],
            organisation=room.organisation,
            notice=notice,
            received_at=room.now,
            due_at=due,
            details_sealed=b"",
            **said,
        )
    with pytest.raises(Conflict, match="an order runs"):
        _close(room, case)


def test_notices_that_nobody_will_answer_are_closed_and_answered_ones_stay(room: Room, desk: Desk) -> None:
    case = room.make(make_case, room.organisation)
    open_one = room.make(make_notice, desk.fields, room.organisation, case, number="N-1")
    room.make(make_notice, desk.fields, room.organisation, case, number="N-2", state="outcome_sent")
    _close(room, case)
    with room.database.reading() as reader:
        states = {row["number"]: row["state"] for row in cases.notices(reader, room.organisation, [case])}
    assert states == {"N-1": "closed", "N-2": "outcome_sent"}
    assert open_one


def test_the_others_of_a_cluster_are_not_lost_with_their_leader(room: Room) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    _close(room, leader, "duplicate")
    assert room.row(one)["leads"]
    assert room.next(room.ada) == one


@pytest.mark.parametrize("role", ["reviewer", "auditor", "admin"])
def test_only_seniors_close_and_open_again(room: Room, role: str) -> None:
    case = room.make(make_case, room.organisation)
    for act, reason in ((_close, "test"), (_reopen, "mistake")):
        with pytest.raises(NotAllowed):
            act(room, case, reason, by=room.person("R-X", role))  # type: ignore[arg-type]


def test_a_reason_outside_the_vocabulary_is_refused(room: Room) -> None:
    case = _decided(room)
    for act in (_close, _reopen):
        with pytest.raises(UserMistake, match="reason"):
            act(room, case, "because")
