"""What came in is screened behind the form and behind the deadline: once, whatever dies in between."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from rempart.audit.queries import entries
from rempart.cases.intake.items import Screening, keep_item
from rempart.cases.intake.notices import receive
from rempart.cases.intake.queries import cases, items
from rempart.cases.intake.submitted import About, Answer, Submission
from rempart.cases.intake.told import Received
from rempart.errors import Unavailable
from rempart.facts.people import Actor, public
from rempart.settings import Settings
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.testing.desk import Hands, make_actor, make_organisation
from rempart.testing.desk_intake import PlainScreeners, intake_desk, make_attachment, make_told
from rempart.vault.objects import path_of
from rempart.wiring.desk import Desk
from rempart.worker.duties import DUTIES
from rempart.worker.effects import intake
from rempart.worker.performing import perform_due

KNOWN = b"purple dragon"


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    with intake_desk(settings, database_url, known=[KNOWN]) as made:
        yield made


@pytest.fixture
def actor(desk: Desk) -> Actor:
    with desk.database.writing() as writer:
        return public(make_organisation(writer))


@pytest.fixture
def screeners(desk: Desk) -> PlainScreeners:
    assert isinstance(desk.screeners, PlainScreeners)
    return desk.screeners


def noticed(desk: Desk, actor: Actor, content: bytes = KNOWN) -> Received:
    with desk.database.writing() as writer:
        told = make_told(attachments=[make_attachment(desk, content)])
        return receive(writer, desk.intake, actor, told, desk.clock())


def late(desk: Desk, actor: Actor, content: bytes = KNOWN) -> Answer:
    host = make_actor(actor.organisation, "S-HOST", None)
    with desk.database.writing() as writer:
        screening = Screening(None, "not in time", desk.vault.seal(content))
        sent = Submission(content, (), About(account="dragon-7"), b"s" * 32)
        return keep_item(writer, desk.intake, host, sent, screening, "closed", desk.clock())


def media_of(desk: Desk, actor: Actor, received: Received) -> cases.Row:
    with desk.database.reading() as reader:
        (media,) = cases.media_of_case(reader, actor.organisation, received.case)
    return media


def counts(desk: Desk) -> dict[str, int]:
    with desk.database.reading() as reader:
        return outbox.counts(reader)


def wait(desk: Desk, **time: float) -> None:
    assert isinstance(desk.clock, Hands)
    desk.clock.now += timedelta(**time)


def effect_of(desk: Desk, kind: str) -> Effect:
    with desk.database.writing() as writer:
        (waiting,) = outbox.due(writer, desk.clock())
        begun = outbox.relay(writer, waiting, desk.clock())
    assert begun is not None
    assert begun.kind == kind
    return begun


def test_an_attachment_is_screened_and_opened_for_no_other_purpose(desk: Desk, actor: Actor) -> None:
    received = noticed(desk, actor)
    assert perform_due(desk) == 1
    assert media_of(desk, actor, received)["outcome"] == "match"
    with desk.database.reading() as reader:
        opened = [entry.data for entry in entries(reader) if entry.verb == "vault.opened"]
    assert opened == [{"purpose": "screening"}]
    assert counts(desk) == {"done": 1}


def test_busy_children_put_it_off_and_lose_nothing(desk: Desk, actor: Actor, screeners: PlainScreeners) -> None:
    received, screeners.busy = noticed(desk, actor), True
    perform_due(desk)
    assert (media_of(desk, actor, received)["outcome"], counts(desk)) == ("waiting", {"pending": 1})
    screeners.busy = False
    wait(desk, hours=2)
    perform_due(desk)
    assert (media_of(desk, actor, received)["outcome"], counts(desk)) == ("match", {"done": 1})


@pytest.mark.parametrize("died_in", ["_look", "settle_attachment", "outbox.finish"])
def test_killed_anywhere_the_next_attempt_screens_it_once(
    desk: Desk, actor: Actor, monkeypatch: pytest.MonkeyPatch, died_in: str
) -> None:
    def killed(*given: object, **named: object) -> None:
        raise Unavailable("the worker went away; nothing was kept", 1)

    received = noticed(desk, actor)
    with monkeypatch.context() as broken:
        broken.setattr(f"rempart.worker.effects.intake.{died_in}", killed)
        perform_due(desk)
    assert media_of(desk, actor, received)["outcome"] == "waiting"
    wait(desk, hours=2)
    perform_due(desk)
    with desk.database.reading() as reader:
        screened = [entry for entry in entries(reader) if entry.verb == "media.screened"]
    assert len(screened) == 1
    assert counts(desk) == {"done": 1}


def test_performed_twice_at_once_the_second_keeps_nothing(desk: Desk, actor: Actor) -> None:
    noticed(desk, actor)
    effect = effect_of(desk, "notice.screen")
    intake.screen_attachment(desk, effect)
    with desk.database.reading() as reader:
        before = len(list(entries(reader)))
    with pytest.raises(Exception, match="ended already"):
        intake.screen_attachment(desk, effect)
    with desk.database.reading() as reader:
        assert len(list(entries(reader))) == before


def test_a_file_that_is_gone_from_the_vault_fails_loudly(desk: Desk, actor: Actor) -> None:
    received = noticed(desk, actor)
    folder = Path(desk.vault.folder)
    path_of(folder, str(media_of(desk, actor, received)["vault_id"])).unlink()
    perform_due(desk)
    assert counts(desk) == {"failed": 1}
    with desk.database.reading() as reader:
        (failure,) = outbox.failed(reader)
    assert "restore it from a copy" in failure.problem


def test_a_late_item_is_screened_and_its_match_opens_a_case(desk: Desk, actor: Actor) -> None:
    answer, clean = late(desk, actor), late(desk, actor, b"green meadow")
    assert perform_due(desk) == 2
    with desk.database.reading() as reader:
        rows = [items.item_numbered(reader, actor.organisation, "S-HOST", one.item) for one in (answer, clean)]
        tally = {outcome: n for _, _, outcome, n in items.tally_rows(reader, actor.organisation) if n}
    assert [(row["verdict"], row["case_id"] is not None, row["vault_id"]) for row in rows if row] == [
        ("block", True, None),
        ("allow", False, None),
    ]
    assert tally == {"match: block": 1, "no_match": 1}


@pytest.mark.parametrize("died_in", ["_look", "settle_item", "outbox.finish"])
def test_killed_anywhere_a_late_item_is_counted_once(
    desk: Desk, actor: Actor, monkeypatch: pytest.MonkeyPatch, died_in: str
) -> None:
    def killed(*given: object, **named: object) -> None:
        raise Unavailable("the worker went away; nothing was kept", 1)

    late(desk, actor)
    with monkeypatch.context() as broken:
        broken.setattr(f"rempart.worker.effects.intake.{died_in}", killed)
        perform_due(desk)
    wait(desk, hours=2)
    perform_due(desk)
    with desk.database.reading() as reader:
        assert {outcome: n for _, _, outcome, n in items.tally_rows(reader, 1) if n} == {"match: block": 1}
        assert sum(entry.verb == "case.opened" for entry in entries(reader)) == 1


def test_items_are_forgotten_after_their_days_in_every_organisation(desk: Desk, actor: Actor) -> None:
    with desk.database.writing() as writer:
        other = public(make_organisation(writer, "other"))
    for one in (actor, other):
        late(desk, one, b"green meadow")
    perform_due(desk)
    still = late(desk, actor)
    for days, left in ((intake.KEPT_DAYS, 3), (1, 1)):
        wait(desk, days=days)
        intake.forget_items(desk)
        with desk.database.reading() as reader:
            found = [items.item_row(reader, organisation, number) for organisation in (1, 2) for number in (1, 2, 3)]
        assert sum(row is not None for row in found) == left
    with desk.database.reading() as reader:
        assert items.item_numbered(reader, actor.organisation, "S-HOST", still.item) is not None


def test_the_duty_that_forgets_is_on_the_rota() -> None:
    assert {duty.name: duty.do for duty in DUTIES}["items.forget"] is intake.forget_items
