"""Seeing media: never before it is asked for, always logged, and the only source of "a human viewed it".

A preview is the sealed coarse picture made at intake. An original is asked for with a purpose; the ledger notes it
and a one-time ticket is given, which another origin exchanges for the picture without knowing who asks.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from rempart.audit.queries import append
from rempart.cases.review import guards
from rempart.cases.review.queries import cases, reveals
from rempart.errors import NotAllowed, NotFound, UserMistake
from rempart.facts.case import Viewed
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields
from rempart.vault import Vault

PURPOSES = ("classify", "second_look", "compare", "identify_victim", "appeal", "authority_request")
# A senior may look for these without holding the case: it is decided already.
APPEAL = "appeal"
UNHELD_PURPOSES = (APPEAL, "authority_request")
PREVIEW_PURPOSE = "preview"
TICKET_SECONDS = 60
PREVIEW_SECONDS = 60
LONGEST_SECONDS = 3600
_TICKET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to one original, once. word is a secret: it stands in no log and no row."""

    reveal: int
    word: str

    def __repr__(self) -> str:
        return f"Ticket(reveal={self.reveal}, word=***)"


@dataclass(frozen=True, slots=True)
class Opened:
    """An original on its way to who asked for it; it counts as seen once `shown` was called."""

    reveal: int
    actor: Actor
    case_id: int
    media_id: int
    content: bytes

    def __repr__(self) -> str:
        return f"Opened(reveal={self.reveal})"


def preview(
    writer: Writer, actor: Actor, case_id: int, media_id: int, now: datetime, purpose: str = PREVIEW_PURPOSE
) -> int:
    """The id of the reveal, by which the preview can be fetched for a minute. It counts as seen once it is.

    purpose: one of UNHELD_PURPOSES for who does not hold the case.
    """
    if purpose not in (PREVIEW_PURPOSE, *UNHELD_PURPOSES):
        raise UserMistake(f"a preview is shown to judge, or for one of {', '.join(UNHELD_PURPOSES)}; choose one")
    row = _media(writer, actor, case_id, media_id, purpose)
    if row["preview_sealed"] is None:
        raise NotFound(f"media {media_id} has no preview: it could not be decoded when it came, or it was purged")
    made = _insert(writer, actor, case_id, media_id, "preview", purpose, now)
    append(writer, actor, "case", case_id, "media.revealed", _told(media_id, "preview", purpose), now)
    return made


def preview_bytes(writer: Writer, fields: Fields, actor: Actor, reveal_id: int, now: datetime) -> bytes:
    """The PNG of a preview that this person asked for less than a minute ago; it counts as seen from now on.

    Raises NotFound otherwise.
    """
    row = reveals.read(writer, actor.organisation, reveal_id)
    fresh = row is not None and row["at"] + timedelta(seconds=PREVIEW_SECONDS) > now
    if row is None or not fresh or row["person"] != actor.pid or row["level"] != "preview":
        raise NotFound("this preview is not open; ask for it again on its case")
    found = reveals.read_media(writer, actor.organisation, row["case_id"], row["media_id"])
    if found is None or found["preview_sealed"] is None:
        raise NotFound("this preview was purged; nothing can be shown")
    content = fields.unseal("preview", found["preview_sealed"])
    if row["opened_at"] is None:
        reveals.change(writer, actor.organisation, reveal_id, opened_at=now)
        data = {"media": row["media_id"], "reveal": reveal_id, "level": "preview"}
        append(writer, actor, "case", row["case_id"], "media.shown", data, now)
    return content


def ask(writer: Writer, actor: Actor, case_id: int, media_id: int, purpose: str, now: datetime) -> Ticket:
    """A ticket for the original, good once and for a minute. purpose: one of PURPOSES."""
    if purpose not in PURPOSES:
        raise UserMistake(f"an original is revealed for a purpose; choose one of {', '.join(PURPOSES)}")
    row = _media(writer, actor, case_id, media_id, purpose)
    if row["vault_id"] is None:
        raise NotFound(f"media {media_id} is not in the vault: only fingerprints came, or it was purged")
    word = secrets.token_urlsafe(_TICKET_BYTES)
    made = _insert(writer, actor, case_id, media_id, "original", purpose, now, ticket_hash=_hash(word))
    append(writer, actor, "case", case_id, "media.revealed", _told(media_id, "original", purpose), now)
    return Ticket(made, word)


def redeem(writer: Writer, vault: Vault, word: str, now: datetime) -> Opened:
    """The original of this ticket, which is used up. Raises NotFound for every ticket that is not good now."""
    row = reveals.of_ticket(writer, _hash(word))
    late = row is not None and row["at"] + timedelta(seconds=TICKET_SECONDS) <= now
    if row is None or late or not reveals.use(writer, row["organisation"], row["id"], _hash(word)):
        raise NotFound("this link showed its picture already, or is too old; ask again on the case")
    if row["vault_id"] is None:
        raise NotFound("this picture was purged; nothing can be shown")
    actor = Actor(row["organisation"], row["person"])
    content = vault.open(writer, actor, row["vault_id"], f"review: {row['purpose']}", now)
    return Opened(row["id"], actor, row["case_id"], row["media_id"], content)


def shown(writer: Writer, opened: Opened, now: datetime) -> None:
    """Nothing; the picture goes out now and counts as seen. Kept before its first byte leaves."""
    reveals.change(writer, opened.actor.organisation, opened.reveal, opened_at=now)
    data = {"media": opened.media_id, "reveal": opened.reveal, "level": "original"}
    append(writer, opened.actor, "case", opened.case_id, "media.shown", data, now)


def not_shown(writer: Writer, opened: Opened, reason: str, now: datetime) -> None:
    """Nothing; the picture could not be shown, and the story says so. It does not count as seen."""
    data = {"media": opened.media_id, "reveal": opened.reveal, "reason": reason}
    append(writer, opened.actor, "case", opened.case_id, "media.not_shown", data, now)


def close(writer: Writer, actor: Actor, reveal_id: int, seconds: int) -> None:
    """Nothing; the reveal says how long it stood open. What is told once is not told again."""
    guards.judge(actor)
    row = reveals.read(writer, actor.organisation, reveal_id)
    if row is None or row["person"] != actor.pid:
        raise NotFound(f"you have no reveal {reveal_id}")
    if row["seconds"] is None and row["opened_at"] is not None:
        counted = min(max(seconds, 0), LONGEST_SECONDS)
        reveals.change(writer, actor.organisation, reveal_id, seconds=counted)


def viewed(reader: Reader, organisation: int, ids: list[int], pid: str) -> dict[int, Viewed]:
    """Case -> the most that this person has really been shown of it. There is no other source of this statement."""
    found = reveals.levels(reader, organisation, ids, pid)
    return {one: _most(found.get(one, set())) for one in ids}


def _most(levels: set[str]) -> Viewed:
    if "original" in levels:
        return "original"
    return "preview" if "preview" in levels else "none"


def _media(writer: Writer, actor: Actor, case_id: int, media_id: int, purpose: str) -> reveals.Row:
    _may_look(writer, actor, case_id, purpose)
    row = reveals.read_media(writer, actor.organisation, case_id, media_id)
    if row is None:
        raise NotFound(f"case {case_id} has no media {media_id}; look at its card again")
    return row


def _may_look(reader: Reader, actor: Actor, case_id: int, purpose: str) -> None:
    """Nothing. Who looks holds the case, or the leader of its cluster; a senior may also look for an authority, and
    for an appeal about it that is theirs."""
    guards.judge(actor)
    row = guards.found(reader, actor, case_id)
    if purpose in UNHELD_PURPOSES and actor.role in guards.SENIORS:
        if purpose == APPEAL and not reveals.has_appeal(reader, actor.organisation, case_id, actor.pid):
            raise NotAllowed(f"no appeal about case {case_id} is yours now; take it before you look")
        return
    held = cases.held_by(reader, actor.organisation, actor.pid)
    together = row["cluster"] is not None and any(one["cluster"] == row["cluster"] for one in held)
    if row["assignee"] != actor.pid and not together:
        raise NotAllowed(f"case {case_id} is not yours now; claim it before you look")


def _insert(
    writer: Writer,
    actor: Actor,
    case_id: int,
    media_id: int,
    level: str,
    purpose: str,
    now: datetime,
    *,
    ticket_hash: str | None = None,
) -> int:
    return reveals.insert(
        writer,
        organisation=actor.organisation,
        case_id=case_id,
        media_id=media_id,
        person=actor.pid,
        level=level,
        purpose=purpose,
        at=now,
        opened_at=None,
        ticket_hash=ticket_hash,
    )


def _told(media_id: int, level: str, purpose: str) -> dict[str, object]:
    return {"media": media_id, "level": level, "purpose": purpose}


def _hash(word: str) -> str:
    return sha256(word.encode()).hexdigest()
