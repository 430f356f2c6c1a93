"""Undoing: by who decided, within the time, and everything stands as it stood."""

import pytest
from tests.cases.review.conftest import Room

from rempart.cases.review import undo
from rempart.errors import Conflict, NotAllowed, NotFound
from rempart.storage import outbox
from rempart.testing.desk import make_actor, make_case, make_cluster, make_organisation


def _undoable(room: Room, pid: str = "R-ADA") -> undo.Undoable | None:
    with room.database.reading() as reader:
        return undo.undoable(reader, room.person(pid), room.now)


def test_the_newest_decision_can_be_undone_until_its_time_is_over(room: Room) -> None:
    first, second = (room.make(make_case, room.organisation) for _ in range(2))
    for case in (first, second):
        room.claim(room.ada, case)
        made = room.decide(room.ada, case, "not-illegal")
    found = _undoable(room)
    assert found == undo.Undoable(made.decision, second, "not-illegal", made.final_at)
    assert _undoable(room, "R-BOB") is None
    room.undo(room.ada, made.decision)
    again = _undoable(room)
    assert again is not None
    assert again.case_id == first
    room.wait(30)
    assert _undoable(room) is None


def test_a_second_judgement_undone_leaves_the_first_as_it_was(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.judge(room.ada, case, "baseline")
    room.claim(room.bob, case)
    made = room.decide(room.bob, case, "national")
    assert room.row(case)["state"] == "disputed"
    room.undo(room.bob, made.decision)
    row = room.row(case)
    assert (row["state"], row["assignee"]) == ("needs_second", "R-BOB")
    assert room.decide(room.bob, case, "baseline").state == "decided"


def test_a_follower_is_undone_with_its_leader_and_not_alone(room: Room) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    room.claim(room.ada, leader)
    made = room.decide(room.ada, leader, "not-illegal")
    with pytest.raises(NotFound):
        room.undo(room.ada, made.decision + 1)
    room.undo(room.ada, made.decision)
    assert room.row(one)["state"] == "triaged"


def test_undone_the_effect_is_cancelled_and_the_new_decision_brings_its_own(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    room.undo(room.ada, room.decide(room.ada, case, "not-illegal").decision)
    again = room.decide(room.ada, case, "terms")
    room.wait(40)
    with room.database.writing() as writer:
        effects = [outbox.relay(writer, one, room.now) for one in outbox.due(writer, room.now)]
    assert [effect.body for effect in effects if effect] == [{"decision": again.decision}]


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_who_does_not_review_undoes_nothing(room: Room, role: str) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    made = room.decide(room.ada, case, "not-illegal")
    with pytest.raises(NotAllowed):
        room.undo(room.person("R-ADA", role), made.decision)  # type: ignore[arg-type]


def test_another_organisations_decision_does_not_exist(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    made = room.decide(room.ada, case, "not-illegal")
    stranger = make_actor(room.make(make_organisation, "other"), "R-ADA")
    with pytest.raises(NotFound):
        room.undo(stranger, made.decision)


def test_two_who_undo_at_once_undo_once(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    made = room.decide(room.ada, case, "not-illegal")
    room.undo(room.ada, made.decision)
    with pytest.raises(Conflict):
        room.undo(room.ada, made.decision)
    assert room.verbs(case).count("case.undone") == 1
