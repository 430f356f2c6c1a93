"""One person holds a case; two never do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.cases.review.conftest import Room

from rempart.cases.review import claim as claiming
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.testing.desk import make_actor, make_case, make_organisation


def test_the_most_urgent_case_comes_first_and_is_held(room: Room) -> None:
    room.make(make_case, room.organisation, tier=3)
    urgent = room.make(make_case, room.organisation, tier=0)
    assert room.next(room.ada) == urgent
    row = room.row(urgent)
    assert (row["assignee"], row["lane"]) == ("R-ADA", "tier")
    assert row["lease_until"] == room.now + timedelta(minutes=10)
    assert room.verbs(urgent) == ["case.opened", "case.claimed"]


def test_nothing_waits_means_none(room: Room) -> None:
    assert room.next(room.ada) is None


def test_many_people_at_once_never_get_the_same_case(room: Room) -> None:
    wanted = [room.make(make_case, room.organisation) for _ in range(12)]
    people = [room.person(f"R-{number}") for number in range(16)]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(room.next, people))
    given = [one for one in got if one is not None]
    assert sorted(given) == sorted(wanted)
    assert got.count(None) == 4


def test_two_who_choose_the_same_case_at_once_do_not_both_get_it(room: Room) -> None:
    for number in range(6):
        case = room.make(make_case, room.organisation)

        def take(name: int, case: int = case, number: int = number) -> bool:
            try:
                room.claim(room.person(f"R-{number}-{name}"), case)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(take, range(4))) == 1


def test_an_ended_lease_frees_the_case_and_the_story_says_so(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.next(room.ada)
    room.wait(9 * 60)
    assert room.next(room.bob) is None
    room.wait(60)
    assert room.next(room.bob) == case
    assert room.verbs(case)[-2:] == ["case.lapsed", "case.claimed"]
    with pytest.raises(Conflict, match="not yours"):
        room.decide(room.ada, case)


def test_a_heartbeat_keeps_the_case_and_shows_who_looks(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.next(room.ada)
    room.wait(9 * 60)
    with room.database.writing() as writer:
        assert claiming.heartbeat(writer, room.ada, case, lease_minutes=10, now=room.now)
        assert not claiming.heartbeat(writer, room.bob, case, lease_minutes=10, now=room.now)
        assert claiming.watchers(writer, room.ada, case, room.now) == ["R-ADA", "R-BOB"]
    room.wait(9 * 60)
    assert room.next(room.bob) is None
    with room.database.reading() as reader:
        assert claiming.watchers(reader, room.ada, case, room.now) == []


def test_who_skips_is_offered_something_else_and_others_get_it(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.next(room.ada)
    with room.database.writing() as writer:
        claiming.skip(writer, room.ada, case, "language", room.now)
    assert room.next(room.ada) is None
    assert room.next(room.bob) == case


def test_what_cannot_be_reached_waits_for_information(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.next(room.ada)
    with room.database.writing() as writer:
        claiming.skip(writer, room.ada, case, "inaccessible", room.now)
    assert room.row(case)["state"] == "needs_info"
    assert room.next(room.bob) is None
    room.claim(room.bob, case)
    assert room.decide(room.bob, case, "not-assessable").state == "decided"


def test_a_reason_outside_the_vocabulary_is_refused(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.next(room.ada)
    with room.database.writing() as writer, pytest.raises(UserMistake, match="reason"):
        claiming.skip(writer, room.ada, case, "because", room.now)


def test_a_break_gives_everything_back(room: Room) -> None:
    cases = [room.make(make_case, room.organisation) for _ in range(2)]
    for case in cases:
        room.claim(room.ada, case)
    with room.database.writing() as writer:
        assert claiming.take_break(writer, room.ada, room.now) == 2
    assert {room.row(case)["assignee"] for case in cases} == {None}


def test_only_the_holder_or_a_supervisor_releases(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    with room.database.writing() as writer, pytest.raises(NotAllowed):
        claiming.release(writer, room.bob, case, room.now)
    with room.database.writing() as writer:
        claiming.release(writer, room.person("R-SUE", "supervisor"), case, room.now)
    assert room.row(case)["assignee"] is None


def test_another_organisations_case_does_not_exist(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    with room.database.writing() as writer:
        stranger = make_actor(make_organisation(writer, "other"), "R-EVE")
    with pytest.raises(NotFound):
        room.claim(stranger, case)
    assert room.next(stranger) is None


def test_an_auditor_and_an_admin_claim_nothing(room: Room) -> None:
    room.make(make_case, room.organisation)
    for role in ("auditor", "admin"):
        with pytest.raises(NotAllowed):
            room.next(room.person("R-X", role))  # type: ignore[arg-type]


def test_a_second_look_comes_before_fresh_cases_of_its_tier_but_not_before_more_urgent_ones(room: Room) -> None:
    waiting = room.make(make_case, room.organisation, tier=2)
    room.judge(room.ada, waiting)
    room.make(make_case, room.organisation, tier=2)
    assert room.next(room.bob) == waiting
    urgent = room.make(make_case, room.organisation, tier=1)
    other = room.make(make_case, room.organisation, tier=3)
    room.judge(room.ada, other)
    assert room.next(room.bob) == urgent


def test_danger_that_waits_for_a_second_person_comes_before_clocks_that_are_not_in_their_last_minutes(
    room: Room,
) -> None:
    clock = room.make(make_case, room.organisation, tier=3, due_at=room.now + timedelta(hours=3))
    fresh = room.make(make_case, room.organisation, tier=0)
    second = room.make(make_case, room.organisation, tier=0)
    room.judge(room.ada, second)
    pressing = room.make(make_case, room.organisation, tier=4, due_at=room.now + timedelta(hours=3.5))
    room.judge(room.ada, pressing)
    given = [room.next(room.bob) for _ in range(4)]
    assert given == [second, fresh, clock, pressing]
    room.wait(2.6 * 3600)
    room.make(make_case, room.organisation, tier=0)
    assert room.next(room.bob) == clock
    assert room.next(room.bob, due_now=timedelta(minutes=10)) not in (clock, pressing)
    assert room.next(room.bob, due_now=timedelta(hours=1)) == pressing


def test_a_clock_that_has_ended_is_served_behind_danger_and_before_all_else(room: Room) -> None:
    over = room.make(make_case, room.organisation, tier=5, due_at=room.now - timedelta(hours=1))
    second = room.make(make_case, room.organisation, tier=1)
    room.judge(room.ada, second)
    danger = room.make(make_case, room.organisation, tier=0)
    assert [room.next(room.bob) for _ in range(3)] == [danger, over, second]
