"""Cases put together and taken apart by people."""

import pytest
from tests.cases.review.conftest import Room

from rempart.cases.review import together
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.testing.desk import make_actor, make_case, make_cluster, make_organisation


def test_the_case_that_is_joined_stands_behind_the_one_that_is_held(room: Room) -> None:
    mine, other = (room.make(make_case, room.organisation) for _ in range(2))
    room.claim(room.ada, mine)
    with room.database.writing() as writer:
        cluster = together.merge(writer, room.ada, mine, other, room.now)
    assert room.row(mine)["cluster"] == room.row(other)["cluster"] == cluster
    assert room.row(mine)["leads"]
    assert not room.row(other)["leads"]
    assert room.next(room.bob) is None
    assert room.decide(room.ada, mine, "not-illegal").members == (other,)


def test_free_cases_put_together_by_a_senior_keep_the_most_urgent_in_front(room: Room) -> None:
    thin, urgent = room.make(make_case, room.organisation, tier=3), room.make(make_case, room.organisation, tier=0)
    with room.database.writing() as writer:
        together.merge(writer, room.sam, thin, urgent, room.now)
    assert (room.row(thin)["leads"], room.row(urgent)["leads"]) == (False, True)


def test_a_member_taken_out_stands_alone(room: Room) -> None:
    leader, one, other = room.make(make_cluster, room.organisation, 3)
    room.claim(room.ada, leader)
    with room.database.writing() as writer:
        together.split(writer, room.ada, leader, one, room.now)
        together.surface(writer, room.ada, leader, other, room.now)
    assert (room.row(one)["cluster"], room.row(one)["leads"]) == (None, True)
    assert (room.row(other)["cluster"], room.row(other)["leads"]) == (room.row(leader)["cluster"], True)
    assert room.decide(room.ada, leader, "not-illegal").members == ()


def test_a_leader_taken_out_leaves_another_in_front(room: Room) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    with room.database.writing() as writer:
        together.split(writer, room.sam, leader, leader, room.now)
    assert room.row(one)["leads"]


def test_who_neither_holds_it_nor_is_senior_groups_nothing(room: Room) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    other = room.make(make_case, room.organisation)
    with room.database.writing() as writer:
        for act, second in ((together.merge, other), (together.split, one), (together.surface, one)):
            for person in (room.bob, room.person("R-X", "auditor")):
                with pytest.raises(NotAllowed):
                    act(writer, person, leader, second, room.now)


def test_what_does_not_belong_there_is_refused(room: Room) -> None:
    leader, _ = room.make(make_cluster, room.organisation, 2)
    other = room.make(make_case, room.organisation)
    stranger = make_actor(room.make(make_organisation, "other"), "R-EVE", "senior")
    with room.database.writing() as writer:
        with pytest.raises(UserMistake, match="do not belong"):
            together.split(writer, room.sam, leader, other, room.now)
        with pytest.raises(UserMistake, match="belongs to itself"):
            together.merge(writer, room.sam, leader, leader, room.now)
        with pytest.raises(NotFound):
            together.merge(writer, room.sam, leader, 10**9, room.now)
        with pytest.raises(NotFound):
            together.merge(writer, stranger, leader, other, room.now)
        together.merge(writer, room.sam, leader, other, room.now)
        with pytest.raises(Conflict, match="already"):
            together.merge(writer, room.sam, leader, other, room.now)
