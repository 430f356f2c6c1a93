"""Effects of intake: what came in is screened behind the form and behind the deadline; bundles are imported."""

from datetime import timedelta

from rempart.cases.intake.attachments import settle_attachment
from rempart.cases.intake.items import KEPT_DAYS, Screening, settle_item, waiting_submission
from rempart.cases.intake.judging import Seen, seen
from rempart.cases.intake.queries import cases, items
from rempart.facts.hash_list import HashList
from rempart.facts.people import worker
from rempart.people.queries import organisations
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk

WAIT_SECONDS = 60.0
PURPOSE = "screening"


def screen_attachment(desk: Desk, effect: Effect) -> None:
    """Nothing; the attachment of a notice is screened, and its case knows what was found."""
    actor, media_id = worker(effect.organisation), int(effect.body["media"])
    with desk.database.writing() as writer:
        row = cases.media_row(writer, actor.organisation, media_id)
        waits = row is not None and row["outcome"] == "waiting" and row["vault_id"] is not None
        content = desk.vault.open(writer, actor, row["vault_id"], PURPOSE, desk.clock()) if row and waits else None
    one = _look(desk, content) if content is not None else None
    with desk.database.writing() as writer:
        if one is not None:
            settle_attachment(writer, desk.intake, actor, media_id, one, _lists(desk), desk.clock())
        outbox.finish(writer, effect.id, desk.clock())


def screen_item(desk: Desk, effect: Effect) -> None:
    """Nothing; an item that could not be screened in time is screened; what it met opens a case."""
    actor, item_id, intake = worker(effect.organisation), int(effect.body["item"]), desk.intake
    with desk.database.writing() as writer:
        row = items.item_row(writer, actor.organisation, item_id)
        waits = row is not None and row["vault_id"] is not None
        content = desk.vault.open(writer, actor, row["vault_id"], PURPOSE, desk.clock()) if row and waits else None
    one = _look(desk, content) if content is not None else None
    with desk.database.writing() as writer:
        now = items.item_row(writer, actor.organisation, item_id)
        if one is not None and content is not None and now is not None and now["vault_id"] is not None:
            submission = waiting_submission(intake, now, content)
            screening = Screening(one, lists=_lists(desk))
            settle_item(writer, intake, actor, now, submission, screening, desk.clock())
        outbox.finish(writer, effect.id, desk.clock())


def forget_items(desk: Desk) -> None:
    """Nothing; items without a match that came more than 30 days ago are forgotten; the tally stays."""
    before = desk.clock() - timedelta(days=KEPT_DAYS)
    with desk.database.reading() as reader:
        known = organisations(reader)
    for one in known:
        with desk.database.writing() as writer:
            items.forget_items(writer, one.id, before)


def _look(desk: Desk, content: bytes) -> Seen:
    found = desk.screeners.screen("item", content, WAIT_SECONDS)
    return seen(found.finding, found.members, found.examination)


def _lists(desk: Desk) -> tuple[HashList, ...]:
    return tuple(one.facts for one in desk.lists.snapshot().lists)
