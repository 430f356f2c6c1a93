"""Keeping one screened item: a match opens a case, everything is counted, what could not be screened in time waits."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rempart.audit.queries import append
from rempart.cases.intake.judging import Seen, outcome_to_count
from rempart.cases.intake.media import Arrived, content_ties, keep_media
from rempart.cases.intake.notices import Intake
from rempart.cases.intake.numbers import new_number
from rempart.cases.intake.opening import Tie, content_key, near_keys, open_case, tie_key
from rempart.cases.intake.parties import keep_parties
from rempart.cases.intake.queries import cases, items
from rempart.cases.intake.queries.items import Row
from rempart.cases.intake.submitted import About, Answer, Submission, Verdict, Visibility, WhenUnable, lets_through
from rempart.cases.intake.urls import Url, normalise
from rempart.cases.triage.features import capture_age, from_finding, stated
from rempart.errors import Conflict, UserMistake
from rempart.facts.case import Channel, Feature
from rempart.facts.hash_list import HashList
from rempart.facts.people import Actor
from rempart.storage import outbox
from rempart.storage.columns import FORMAT
from rempart.storage.database import Reader, Writer
from rempart.vault.objects import Sealed

SCREEN = "item.screen"
FORGET = "items.forget"
KEPT_DAYS = 30
_VERDICTS: tuple[Verdict, ...] = ("block", "review", "allow", "unscreened")


@dataclass(frozen=True, slots=True)
class Screening:
    """How the screening of an item went: what was seen, or why it has to wait.

    sealed: the bytes in the vault, for a match and for what waits. lists: those that were looked into.
    """

    seen: Seen | None
    waiting: str = ""
    sealed: Sealed | None = None
    lists: Sequence[HashList] = ()

    @property
    def outcome(self) -> str:
        """The name under which it is counted."""
        return outcome_to_count(self.seen, self.waiting)


def count_item(writer: Writer, actor: Actor, channel: Channel, outcome: str, now: datetime) -> None:
    """Nothing; one item of which nothing is kept is counted."""
    items.count(writer, actor.organisation, now.date(), channel, outcome[:40])


def replayed(
    reader: Reader, intake: Intake, actor: Actor, submission: Submission, when_unable: WhenUnable
) -> Answer | None:
    """The answer that this very request was given before. Raises Conflict when its key came with another content."""
    if submission.request_key is None:
        return None
    row = items.item_requested(reader, actor.organisation, actor.pid, submission.request_key)
    if row is None:
        return None
    if row["content_key"] != _content_key(intake, submission):
        raise Conflict("this Idempotency-Key came before with another item; use a new key for each item")
    return answer_of(row, when_unable)


def keep_item(
    writer: Writer,
    intake: Intake,
    actor: Actor,
    submission: Submission,
    screening: Screening,
    when_unable: WhenUnable,
    now: datetime,
) -> Answer:
    """What the host is told; everything that has to stay is kept."""
    one = screening.seen
    case_id = _open(writer, intake, actor, submission, screening, one, now) if one and one.opens_case else None
    waits = one is None
    row = {
        "organisation": actor.organisation,
        "number": new_number("I", intake.draw),
        "sender": actor.pid,
        "channel": submission.channel,
        "request_key": submission.request_key,
        "content_key": _content_key(intake, submission),
        "received_at": now,
        "verdict": one.verdict if one else "unscreened",
        "complete": one.whole if one else False,
        "reason": one.reason if one else screening.waiting,
        "case_id": case_id,
        "vault_id": _store(writer, intake, actor, screening, now) if waits else None,
        "waiting_sealed": intake.fields.seal_text("waiting", json.dumps(to_json(submission))) if waits else None,
    }
    item_id = items.insert_item(writer, **row)
    if waits:
        _put(writer, actor, SCREEN, {"item": item_id}, f"{SCREEN}:{item_id}", now)
    items.count(writer, actor.organisation, now.date(), submission.channel, outcome_to_count(one, screening.waiting))
    return answer_of(row, when_unable)


def settle_item(
    writer: Writer, intake: Intake, actor: Actor, row: Row, submission: Submission, screening: Screening, now: datetime
) -> None:
    """Nothing; an item that waited is screened now. row: the item, still waiting."""
    one = screening.seen
    if one is None:
        return
    case_id = None
    if one.opens_case:
        case_id = _open(writer, intake, actor, submission, screening, one, now, row["vault_id"])
    items.update_item(
        writer,
        actor.organisation,
        row["id"],
        verdict=one.verdict,
        complete=one.whole,
        reason=one.reason,
        case_id=case_id,
        vault_id=None,
        waiting_sealed=None,
    )
    day, channel = row["received_at"].date(), row["channel"]
    items.count(writer, actor.organisation, day, channel, outcome_to_count(None, row["reason"]), -1)
    items.count(writer, actor.organisation, day, channel, outcome_to_count(one))


def answer_of(row: Row | Mapping[str, Any], when_unable: WhenUnable) -> Answer:
    """What the host is told of an item."""
    verdict = next(word for word in _VERDICTS if word == row["verdict"])
    through = lets_through(verdict, when_unable)
    return Answer(row["number"], verdict, row["case_id"], row["complete"], row["reason"], through)


def waiting_submission(intake: Intake, row: Row, content: bytes) -> Submission:
    """The item as it was sent, of one that waits."""
    said = json.loads(intake.fields.unseal_text("waiting", row["waiting_sealed"]))
    moments = {name: _moment(said[name]) for name in ("uploaded_at", "captured_at")}
    visibility: Visibility | None = said["visibility"]
    accounts = tuple(said.get("accounts", ()))
    about = About(said["name"], said["account"], said["url"], **moments, visibility=visibility, accounts=accounts)
    return Submission(content, (), about, bytes.fromhex(said["sha256"]), row["channel"], row["request_key"])


def _open(
    writer: Writer,
    intake: Intake,
    actor: Actor,
    submission: Submission,
    screening: Screening,
    one: Seen,
    now: datetime,
    vault_id: str | None = None,
) -> int:
    """The id of the case that the match opened."""
    features = _features(writer, intake, actor, submission, one, screening.lists, now)
    ties = [*content_ties(one.finding, submission.sha256), *_actors(submission.about)]
    case_id = open_case(
        writer,
        intake.fields,
        actor,
        "media",
        features,
        intake.rules,
        now=now,
        urls=_urls(submission.about),
        ties=ties,
        keys=near_keys(writer, intake.nearest, actor.organisation, one.examination),
        draw=intake.draw,
    )
    vault_id = vault_id or _store(writer, intake, actor, screening, now)
    size = len(submission.content) if submission.content is not None else 0
    arrived = Arrived(submission.about.name, submission.sha256, size, vault_id, submission.about.uploaded_at)
    media_id = keep_media(writer, intake.fields, actor, case_id, arrived, one, now)
    keep_parties(writer, intake.fields, actor, case_id, submission.about.accounts, now)
    told = {"case": case_id, "outcome": "match", "channel": submission.channel}
    append(writer, actor, "media", media_id, "media.kept", told, now)
    return case_id


def _actors(about: About) -> list[Tie]:
    """Whose the item is: what joins it to other cases of the same account."""
    reported = [one["id"] for one in about.accounts if one["role"] == "reported" and "id" in one]
    return [Tie("actor", name.encode()) for name in dict.fromkeys(filter(None, (about.account, *reported)))]


def _features(
    reader: Reader,
    intake: Intake,
    actor: Actor,
    submission: Submission,
    one: Seen,
    lists: Sequence[HashList],
    now: datetime,
) -> list[Feature]:
    about, said = submission.about, []
    if about.captured_at is not None:
        said += capture_age(about.captured_at, now, "provider")
    urls = _urls(about)
    said += stated("provider", now, sharing=about.visibility, place=urls[0].host[:80] if urls else None)
    return [*from_finding(one.finding, now, lists), *said, *_house(reader, intake, actor, submission, now)]


def _house(reader: Reader, intake: Intake, actor: Actor, submission: Submission, now: datetime) -> list[Feature]:
    """What the house itself knows of the content and of the account."""
    fresh = not cases.content_seen(reader, actor.organisation, _content_key(intake, submission))
    earlier = None
    for tie in _actors(submission.about)[:1]:
        earlier = cases.cases_tied(reader, actor.organisation, "actor", tie_key(intake.fields, tie)) or None
    return stated("house", now, first_seen_here=fresh, prior_reports=earlier)


def _urls(about: About) -> list[Url]:
    """The address, when the host gave one that can be understood: it never stands in the way of a match."""
    try:
        return [normalise(about.url)] if about.url else []
    except UserMistake:
        return []


def _store(writer: Writer, intake: Intake, actor: Actor, screening: Screening, now: datetime) -> str | None:
    return intake.vault.keep(writer, actor, screening.sealed, now) if screening.sealed else None


def _content_key(intake: Intake, submission: Submission) -> str:
    return content_key(intake.fields, submission.identity)


def _put(writer: Writer, actor: Actor, kind: str, body: dict[str, object], key: str, now: datetime) -> None:
    outbox.put(writer, actor.organisation, kind, body, about=key, key=key, now=now)


def to_json(submission: Submission) -> dict[str, object]:
    """The item as it is sealed while it waits: everything but its bytes."""
    about = submission.about
    return {
        "version": 1,
        "name": about.name,
        "account": about.account,
        "url": about.url,
        "uploaded_at": about.uploaded_at.strftime(FORMAT) if about.uploaded_at else None,
        "captured_at": about.captured_at.strftime(FORMAT) if about.captured_at else None,
        "visibility": about.visibility,
        "accounts": list(about.accounts),
        "sha256": submission.sha256.hex(),
    }


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.strptime(text, FORMAT).replace(tzinfo=UTC)
