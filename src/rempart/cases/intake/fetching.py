"""Items that a host names instead of sending them: kept at once, fetched by the worker, screened like any other."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from rempart.cases.intake.items import Screening, settle_item, to_json, waiting_submission
from rempart.cases.intake.judging import Seen, outcome_to_count
from rempart.cases.intake.notices import Intake
from rempart.cases.intake.numbers import new_number
from rempart.cases.intake.opening import content_key
from rempart.cases.intake.queries import items
from rempart.cases.intake.queries.items import Row
from rempart.cases.intake.submitted import Submission
from rempart.cases.intake.webhooks import Link
from rempart.facts import Finding, NotExamined
from rempart.facts.hash_list import HashList
from rempart.facts.people import Actor
from rempart.storage import outbox
from rempart.storage.database import Writer
from rempart.vault.objects import Sealed

FETCH = "item.fetch"
WAITING = "to be fetched"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the worker is to fetch: where it is, and through which hook it was named."""

    url: str
    hook: str


def keep_link(writer: Writer, intake: Intake, actor: Actor, hook: str, link: Link, key: str, now: datetime) -> str:
    """The number of the item, which waits to be fetched. key: the same for the same media of the same event."""
    known = items.item_requested(writer, actor.organisation, actor.pid, key)
    if known is not None:
        return str(known["number"])
    submission = Submission(None, (), link.about, channel="hook", request_key=key)
    number = new_number("I", intake.draw)
    waiting = to_json(submission) | {"fetch": link.url, "hook": hook}
    item_id = items.insert_item(
        writer,
        organisation=actor.organisation,
        number=number,
        sender=actor.pid,
        channel="hook",
        request_key=key,
        content_key=None,
        received_at=now,
        verdict="unscreened",
        complete=False,
        reason=WAITING,
        waiting_sealed=intake.fields.seal_text("waiting", json.dumps(waiting)),
    )
    name = f"{FETCH}:{item_id}"
    outbox.put(writer, actor.organisation, FETCH, {"item": item_id}, about=name, key=name, now=now)
    items.count(writer, actor.organisation, now.date(), "hook", outcome_to_count(None, WAITING))
    return number


def wanted_of(intake: Intake, row: Row | None) -> Wanted | None:
    """What is still to be fetched for the item; None when nothing is."""
    if row is None or row["waiting_sealed"] is None or row["vault_id"] is not None:
        return None
    said = json.loads(intake.fields.unseal_text("waiting", row["waiting_sealed"]))
    return Wanted(said["fetch"], said["hook"]) if said.get("fetch") else None


def settle_fetched(
    writer: Writer,
    intake: Intake,
    actor: Actor,
    row: Row,
    content: bytes,
    one: Seen,
    sealed: Sealed | None,
    lists: tuple[HashList, ...],
    now: datetime,
) -> None:
    """Nothing; the item is screened, and what it met opened a case. row: the item, still waiting."""
    digest = sha256(content).digest()
    submission = replace(waiting_submission(intake, row, content), sha256=digest)
    settle_item(writer, intake, actor, row, submission, Screening(one, sealed=sealed, lists=lists), now)
    items.update_item(writer, actor.organisation, row["id"], content_key=content_key(intake.fields, digest))


def settle_unfetched(writer: Writer, intake: Intake, actor: Actor, row: Row, reason: str, now: datetime) -> None:
    """Nothing; the item could not be had, and says why: it is counted as not examined, and never called clean."""
    unseen = Seen(Finding("upload", NotExamined(reason), gaps=(reason,)), whole=False, reason=reason)
    settle_item(writer, intake, actor, row, waiting_submission(intake, row, b""), Screening(unseen), now)
