"""Gestures beside a decision, each for a reason of the vocabulary, each in the story."""

import pytest
from tests.cases.review.conftest import Room

from rempart.cases.review import flags
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.storage.fields import Fields
from rempart.testing.desk import make_actor, make_case, make_organisation


@pytest.fixture
def case(room: Room) -> int:
    made = room.make(make_case, room.organisation)
    room.claim(room.ada, made)
    return int(made)


def test_every_reason_is_taken_and_no_other(room: Room, case: int) -> None:
    for reason in flags.POLICE_REASONS:
        with room.database.writing() as writer:
            flags.set_police_first(writer, room.ada, case, reason, room.now)
        assert room.story(case)[-1].data == {"on": True, "reason": reason}
    with room.database.writing() as writer:
        with pytest.raises(UserMistake, match="reason"):
            flags.set_police_first(writer, room.ada, case, "because", room.now)
        with pytest.raises(UserMistake, match="reason"):
            flags.escalate(writer, room.ada, case, "", room.now)


def test_only_who_holds_the_case_flags_it(room: Room, case: int) -> None:
    with room.database.writing() as writer:
        with pytest.raises(Conflict, match="not yours"):
            flags.escalate(writer, room.bob, case, "unsure", room.now)
        with pytest.raises(Conflict, match="not yours"):
            flags.set_police_first(writer, room.sam, case, "bad_host", room.now)


def test_a_case_that_others_judged_is_not_escalated(room: Room, case: int) -> None:
    room.decide(room.ada, case, "baseline")
    room.wait(31)
    room.claim(room.bob, case)
    with room.database.writing() as writer, pytest.raises(UserMistake, match="several people"):
        flags.escalate(writer, room.bob, case, "unsure", room.now)


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_who_does_not_review_writes_no_note(room: Room, fields: Fields, case: int, role: str) -> None:
    with room.database.writing() as writer, pytest.raises(NotAllowed):
        flags.add_note(writer, fields, room.person("R-X", role), case, "a dragon", room.now)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "   \n", "x" * 4001])
def test_a_note_has_a_length(room: Room, fields: Fields, case: int, text: str) -> None:
    with room.database.writing() as writer, pytest.raises(UserMistake, match="characters"):
        flags.add_note(writer, fields, room.ada, case, text, room.now)


def test_notes_of_another_organisation_do_not_exist(room: Room, fields: Fields, case: int) -> None:
    stranger = make_actor(room.make(make_organisation, "other"), "R-EVE")
    with room.database.writing() as writer:
        flags.add_note(writer, fields, room.ada, case, "a dragon", room.now)
        with pytest.raises(NotFound):
            flags.add_note(writer, fields, stranger, case, "mine", room.now)
        assert flags.notes(writer, fields, stranger, case) == []
