"""How much somebody looked: equal to the reveals that were really opened, for themselves; totals for a supervisor."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.review.conftest import Room

from rempart.cases.review import exposure, reveal
from rempart.cases.review.queries import reveals
from rempart.errors import NotAllowed
from rempart.testing.desk import MadeMedia, make_actor, make_case, make_media, make_organisation
from rempart.wiring.desk import Desk


@pytest.fixture
def held(room: Room, desk: Desk) -> tuple[int, MadeMedia]:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    return case, room.make(make_media, desk.fields, room.organisation, case, vault=desk.vault)


def _look(room: Room, desk: Desk, held: tuple[int, MadeMedia], kind: str, seconds: int) -> None:
    case, media = held
    with room.database.writing() as writer:
        if kind.startswith("preview"):
            made = reveal.preview(writer, room.ada, case, media.id, room.now)
            if kind == "preview":
                reveal.preview_bytes(writer, desk.fields, room.ada, made, room.now)
        else:
            ticket = reveal.ask(writer, room.ada, case, media.id, "classify", room.now)
            made = ticket.reveal
            if kind == "original":
                reveal.shown(writer, reveal.redeem(writer, desk.vault, ticket.word, room.now), room.now)
        reveal.close(writer, room.ada, made, seconds)


LOOKS = st.lists(
    st.tuples(
        st.sampled_from(["preview", "preview unseen", "original", "original unseen"]),
        st.integers(min_value=0, max_value=5000),
    ),
    max_size=6,
)


@given(looks=LOOKS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_exposure_equals_what_was_really_shown(
    room: Room, desk: Desk, held: tuple[int, MadeMedia], looks: list[tuple[str, int]]
) -> None:
    with room.database.reading() as reader:
        before = exposure.mine(reader, room.ada, room.now)
    for kind, seconds in looks:
        _look(room, desk, held, kind, seconds)
    with room.database.reading() as reader:
        found = exposure.mine(reader, room.ada, room.now)
    shown = [(kind, seconds) for kind, seconds in looks if "unseen" not in kind]
    assert found.reveals - before.reveals == len(shown)
    assert found.originals - before.originals == sum(kind == "original" for kind, _ in shown)
    assert found.seconds - before.seconds == sum(min(seconds, reveal.LONGEST_SECONDS) for _, seconds in shown)


def test_a_day_later_it_is_forgotten_and_the_totals_are_not(
    room: Room, desk: Desk, held: tuple[int, MadeMedia]
) -> None:
    _look(room, desk, held, "preview", 9)
    since = room.now
    room.wait(25 * 3600)
    with room.database.reading() as reader:
        assert exposure.mine(reader, room.ada, room.now).reveals == 0
        totals = exposure.totals(reader, room.person("R-SUE", "supervisor"), since)
    assert totals == {"R-ADA": exposure.Exposure(1, 0, 9)}


@pytest.mark.parametrize("role", ["reviewer", "senior", "admin"])
def test_others_see_no_totals(room: Room, role: str) -> None:
    with room.database.reading() as reader, pytest.raises(NotAllowed):
        exposure.totals(reader, room.person("R-X", role), room.now)  # type: ignore[arg-type]


def test_totals_are_of_ones_own_organisation(room: Room, desk: Desk, held: tuple[int, MadeMedia]) -> None:
    _look(room, desk, held, "preview", 1)
    there = make_actor(room.make(make_organisation, "other"), "R-SUE", "supervisor")
    with room.database.reading() as reader:
        assert exposure.totals(reader, there, room.now) == {}


def test_the_pause_is_suggested_at_the_budget_and_never_without_one() -> None:
    assert not exposure.Exposure(5, 5, 0).pause_suggested
    assert not exposure.Exposure(5, 5, 0, 11).pause_suggested
    assert exposure.Exposure(5, 5, 0, 10).pause_suggested


def test_what_was_shown_is_known_for_each_medium(room: Room, desk: Desk, held: tuple[int, MadeMedia]) -> None:
    case, media = held
    other = room.make(make_media, desk.fields, room.organisation, case, seed=2)
    _look(room, desk, held, "preview", 1)
    _look(room, desk, held, "original", 1)
    _look(room, desk, (case, other), "preview unseen", 1)
    with room.database.reading() as reader:
        assert reveals.seen_media(reader, room.organisation, case, "R-ADA") == {media.id: {"preview", "original"}}
        assert reveals.seen_media(reader, room.organisation, case, "R-BOB") == {}
