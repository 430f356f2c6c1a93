"""Decided once for a cluster: who follows, who does not, and that nobody is left behind."""

import pytest
from tests.cases.review.conftest import Room

from rempart.cases.review import claim as claiming
from rempart.cases.review.following import kept, restored
from rempart.cases.review.queries import cases
from rempart.cases.story import state_of
from rempart.errors import UserMistake
from rempart.testing.desk import make_case, make_cluster


def test_what_is_kept_of_a_case_is_restored_exactly(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    row = room.row(case)
    assert {name: row[name] for name in restored(kept(row))} == restored(kept(row))  # type: ignore[arg-type]


def test_only_the_leader_speaks_for_the_others(room: Room) -> None:
    leader, one, other = room.make(make_cluster, room.organisation, 3)
    room.claim(room.ada, one)
    made = room.decide(room.ada, one, "not-illegal")
    assert made.members == ()
    assert room.row(leader)["state"] == room.row(other)["state"] == "triaged"


def test_a_member_may_not_be_excepted_from_a_card_that_stands_for_itself(room: Room) -> None:
    case, other = (room.make(make_case, room.organisation) for _ in range(2))
    room.claim(room.ada, case)
    with pytest.raises(UserMistake, match="stands for itself"):
        room.decide(room.ada, case, "not-illegal", excepted=[other])


def test_the_leader_is_no_exception_from_its_own_decision(room: Room) -> None:
    leader, _ = room.make(make_cluster, room.organisation, 2)
    room.claim(room.ada, leader)
    with pytest.raises(UserMistake, match="not the case on the card"):
        room.decide(room.ada, leader, "not-illegal", excepted=[leader])


def test_a_member_that_stands_elsewhere_keeps_its_own_way(room: Room) -> None:
    leader, waits, done = room.make(make_cluster, room.organisation, 3)
    room.claim(room.ada, waits)
    with room.database.writing() as writer:
        claiming.skip(writer, room.ada, waits, "ask_sender", room.now)
        cases.record(writer, room.ada, done, "case.closed", {"state": "closed"}, room.now, state="closed")
    room.claim(room.bob, leader)
    assert room.decide(room.bob, leader, "not-illegal").members == ()
    assert (room.row(waits)["state"], room.row(done)["state"]) == ("needs_info", "closed")


def test_a_member_that_somebody_held_surfaces_once_it_is_free(room: Room) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    room.claim(room.bob, one)
    room.judge(room.ada, leader, "not-illegal")
    assert not room.row(one)["leads"]
    with room.database.writing() as writer:
        claiming.release(writer, room.bob, one, room.now)
    assert room.row(one)["leads"]
    assert room.next(room.ada) == one
    assert state_of(room.story(one)).leads is True


@pytest.mark.parametrize("freed", ["lapsed", "skipped", "break"])
def test_however_it_became_free(room: Room, freed: str) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    room.claim(room.bob, one)
    room.judge(room.ada, leader, "not-illegal")
    if freed == "lapsed":
        room.wait(11 * 60)
    else:
        with room.database.writing() as writer:
            if freed == "skipped":
                claiming.skip(writer, room.bob, one, "language", room.now)
            else:
                claiming.take_break(writer, room.bob, room.now)
    assert room.next(room.ada) == one


def test_a_member_that_came_back_before_the_decision_leads_when_its_leader_is_decided(room: Room) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    room.claim(room.ada, leader)
    room.claim(room.bob, one)
    room.decide(room.ada, leader, "baseline")
    with room.database.writing() as writer:
        claiming.release(writer, room.bob, one, room.now)
    assert not room.row(one)["leads"]
    room.wait(31)
    room.judge(room.bob, leader, "baseline")
    assert room.row(leader)["state"] == "decided"
    assert room.row(one)["leads"]
    assert room.row(one)["state"] == "triaged"


def test_the_story_of_a_member_comes_to_what_its_row_says(room: Room) -> None:
    leader, one, other = room.make(make_cluster, room.organisation, 3)
    room.claim(room.ada, leader)
    made = room.decide(room.ada, leader, "not-illegal", excepted=[other])
    for step in ("decided", "undone"):
        for case in (leader, one):
            told, row = state_of(room.story(case)), room.row(case)
            assert (told.state, told.assignee, told.outcome) == (row["state"], row["assignee"], row["outcome"]), step
        if step == "decided":
            room.undo(room.ada, made.decision)
