"""Who may judge what, for every role and every state."""

from itertools import product

import pytest
from tests.cases.review.conftest import Room

from rempart.cases.review import guards
from rempart.errors import Conflict, NotAllowed, NotFound
from rempart.facts.case import CaseState
from rempart.facts.people import ROLES, Role
from rempart.testing.desk import make_actor, make_case, make_organisation

STATES: tuple[CaseState, ...] = (
    "new",
    "triaged",
    "escalated",
    "needs_second",
    "disputed",
    "needs_info",
    "decided",
    "closed",
)


def _allowed(role: Role, state: CaseState) -> bool:
    if role not in ("reviewer", "senior", "supervisor") or state in ("new", "decided", "closed"):
        return False
    return role != "reviewer" or state not in ("escalated", "disputed")


@pytest.mark.parametrize(("role", "state"), [*product(ROLES, STATES)])
def test_who_may_take_a_case_in_which_state(room: Room, role: Role, state: CaseState) -> None:
    case = room.make(make_case, room.organisation, state=state)
    person = room.person("R-X", role)
    with room.database.writing() as writer:
        row = guards.locked(writer, room.ada, case)
        if _allowed(role, state):
            guards.may_take(writer, person, row)
        else:
            with pytest.raises((NotAllowed, Conflict)):
                guards.may_take(writer, person, row)


@pytest.mark.parametrize("state", ["needs_second", "disputed"])
def test_who_judged_it_does_not_judge_it_again(room: Room, state: str) -> None:
    case = room.make(make_case, room.organisation)
    room.judge(room.sam, case, "baseline")
    if state == "disputed":
        room.judge(room.bob, case, "national")
    with room.database.writing() as writer:
        row = guards.locked(writer, room.sam, case)
        assert row["state"] == state
        with pytest.raises(NotAllowed, match="not judged it yet"):
            guards.may_take(writer, room.sam, row)
        guards.may_take(writer, room.person("R-SUE", "supervisor"), row)


def test_what_is_held_is_held_by_this_very_person(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    with room.database.writing() as writer:
        assert guards.held(writer, room.ada, case)["id"] == case
        with pytest.raises(Conflict):
            guards.held(writer, room.bob, case)
        with pytest.raises(NotAllowed):
            guards.held(writer, room.person("R-ADA", "auditor"), case)


def test_another_organisations_case_is_not_found(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    stranger = make_actor(room.make(make_organisation, "other"), "R-ADA", "supervisor")
    with room.database.writing() as writer:
        for look in (guards.found, guards.locked, guards.held):
            with pytest.raises(NotFound):
                look(writer, stranger, case)
