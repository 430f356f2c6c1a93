"""Nothing is seen unless asked for, everything seen is logged, and only that says that a human viewed it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.cases.review.conftest import Room

from rempart.audit.queries import story
from rempart.cases.review import exposure, reveal
from rempart.errors import NotAllowed, NotFound, UserMistake
from rempart.testing.desk import MadeMedia, make_actor, make_case, make_cluster, make_media, make_organisation
from rempart.wiring.desk import Desk


@pytest.fixture
def case(room: Room) -> int:
    made = room.make(make_case, room.organisation)
    room.claim(room.ada, made)
    return int(made)


@pytest.fixture
def media(room: Room, desk: Desk, case: int) -> MadeMedia:
    made: MadeMedia = room.make(make_media, desk.fields, room.organisation, case, vault=desk.vault)
    return made


def _ask(room: Room, case: int, media: MadeMedia, purpose: str = "classify") -> reveal.Ticket:
    with room.database.writing() as writer:
        return reveal.ask(writer, room.ada, case, media.id, purpose, room.now)


def _look(room: Room, desk: Desk, case: int, media: MadeMedia) -> int:
    """Ada asks for the preview and fetches it."""
    with room.database.writing() as writer:
        shown = reveal.preview(writer, room.ada, case, media.id, room.now)
        reveal.preview_bytes(writer, desk.fields, room.ada, shown, room.now)
    return shown


def _viewed(room: Room, case: int) -> str:
    with room.database.reading() as reader:
        return reveal.viewed(reader, room.organisation, [case], "R-ADA")[case]


def test_a_preview_is_logged_and_can_be_fetched_for_a_minute(
    room: Room, desk: Desk, case: int, media: MadeMedia
) -> None:
    with room.database.writing() as writer:
        shown = reveal.preview(writer, room.ada, case, media.id, room.now)
    assert room.verbs(case)[-1] == "media.revealed"
    assert _viewed(room, case) == "none"  # asked for is not seen
    with room.database.writing() as writer:
        with pytest.raises(NotFound):
            reveal.preview_bytes(writer, desk.fields, room.bob, shown, room.now)
        for _ in range(2):
            assert reveal.preview_bytes(writer, desk.fields, room.ada, shown, room.now).startswith(b"\x89PNG")
        with pytest.raises(NotFound):
            reveal.preview_bytes(writer, desk.fields, room.ada, shown, room.wait(60))
    assert room.verbs(case).count("media.shown") == 1
    assert _viewed(room, case) == "preview"


def test_a_ticket_shows_the_original_once(room: Room, desk: Desk, case: int, media: MadeMedia) -> None:
    ticket = _ask(room, case, media)
    with room.database.writing() as writer:
        opened = reveal.redeem(writer, desk.vault, ticket.word, room.now)
    assert opened.content == media.content
    with room.database.writing() as writer, pytest.raises(NotFound):
        reveal.redeem(writer, desk.vault, ticket.word, room.now)


def test_a_ticket_is_good_for_a_minute(room: Room, desk: Desk, case: int, media: MadeMedia) -> None:
    ticket = _ask(room, case, media)
    room.wait(60)
    with room.database.writing() as writer, pytest.raises(NotFound, match="too old"):
        reveal.redeem(writer, desk.vault, ticket.word, room.now)


def test_a_ticket_that_many_use_at_once_works_for_one(room: Room, desk: Desk, case: int, media: MadeMedia) -> None:
    ticket = _ask(room, case, media)

    def use(_: int) -> bool:
        try:
            with room.database.writing() as writer:
                reveal.redeem(writer, desk.vault, ticket.word, room.now)
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(8))) == 1


def test_only_what_was_really_shown_counts_as_viewed(room: Room, desk: Desk, case: int, media: MadeMedia) -> None:
    ticket = _ask(room, case, media)
    assert _viewed(room, case) == "none"
    with room.database.writing() as writer:
        opened = reveal.redeem(writer, desk.vault, ticket.word, room.now)
    assert _viewed(room, case) == "none"
    with room.database.writing() as writer:
        reveal.shown(writer, opened, room.now)
    assert _viewed(room, case) == "original"
    made = room.decide(room.ada, case, "not-illegal")
    assert room.story(case)[-1].data == room.story(case)[-1].data | {"decision": made.decision, "viewed": "original"}


def test_what_one_person_saw_another_did_not(room: Room, desk: Desk, case: int, media: MadeMedia) -> None:
    _look(room, desk, case, media)
    room.judge(room.ada, case)
    room.judge(room.bob, case)
    said = [entry.data["viewed"] for entry in room.story(case) if entry.verb == "case.decided"]
    assert said == ["preview", "none"]


def test_a_member_nobody_looked_at_is_not_called_viewed(room: Room, desk: Desk) -> None:
    leader, member = room.make(make_cluster, room.organisation, 2)
    first = room.make(make_media, desk.fields, room.organisation, leader)
    room.claim(room.ada, leader)
    _look(room, desk, leader, first)
    room.decide(room.ada, leader, "not-illegal")
    assert room.story(leader)[-1].data["viewed"] == "preview"
    assert room.story(member)[-1].data["viewed"] == "none"


def test_the_opening_of_the_vault_names_person_and_purpose(room: Room, desk: Desk, case: int, media: MadeMedia) -> None:
    ticket = _ask(room, case, media, "compare")
    with room.database.writing() as writer:
        reveal.redeem(writer, desk.vault, ticket.word, room.now)
    with room.database.reading() as reader:
        last = story(reader, room.organisation, "vault", media.vault_id or "")[-1]
    assert (last.verb, last.actor, last.data["purpose"]) == ("vault.opened", "R-ADA", "review: compare")


def test_who_does_not_hold_the_case_does_not_look(room: Room, case: int, media: MadeMedia) -> None:
    with room.database.writing() as writer:
        with pytest.raises(NotAllowed, match="claim it"):
            reveal.preview(writer, room.bob, case, media.id, room.now)
        with pytest.raises(NotAllowed):
            reveal.ask(writer, room.sam, case, media.id, "classify", room.now)
        assert reveal.ask(writer, room.sam, case, media.id, "authority_request", room.now)


@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_an_auditor_and_an_admin_never_look(room: Room, case: int, media: MadeMedia, role: str) -> None:
    with room.database.writing() as writer, pytest.raises(NotAllowed):
        reveal.ask(writer, room.person("R-X", role), case, media.id, "appeal", room.now)  # type: ignore[arg-type]


def test_a_purpose_outside_the_list_is_refused(room: Room, case: int, media: MadeMedia) -> None:
    with pytest.raises(UserMistake, match="purpose"):
        _ask(room, case, media, "curious")


def test_another_organisations_media_does_not_exist(room: Room, case: int, media: MadeMedia) -> None:
    with room.database.writing() as writer:
        stranger = make_actor(make_organisation(writer, "other"), "R-EVE", "senior")
        with pytest.raises(NotFound):
            reveal.ask(writer, stranger, case, media.id, "appeal", room.now)


def test_the_exposure_meter_counts_what_was_opened(room: Room, desk: Desk, case: int, media: MadeMedia) -> None:
    shown = _look(room, desk, case, media)
    with room.database.writing() as writer:
        reveal.close(writer, room.ada, shown, 7)
        reveal.close(writer, room.ada, shown, 70_000)
        reveal.ask(writer, room.ada, case, media.id, "classify", room.now)
        with pytest.raises(NotFound):
            reveal.close(writer, room.bob, shown, 5)
    with room.database.reading() as reader:
        mine = exposure.mine(reader, room.ada, room.now, budget=1)
        assert (mine.previews, mine.originals, mine.seconds) == (1, 0, 7)
        assert mine.pause_suggested
        assert not exposure.mine(reader, room.ada, room.now).pause_suggested
        with pytest.raises(NotAllowed):
            exposure.totals(reader, room.bob, room.now)
        totals = exposure.totals(reader, room.person("R-SUE", "supervisor"), room.now)
    assert totals["R-ADA"].reveals == 1


def test_no_secret_is_printed(room: Room, desk: Desk, case: int, media: MadeMedia) -> None:
    ticket = _ask(room, case, media)
    with room.database.writing() as writer:
        opened = reveal.redeem(writer, desk.vault, ticket.word, room.now)
    assert ticket.word not in repr(ticket)
    assert "content" not in repr(opened)
