"""The outbox: effects outside the database, asked for in the transaction that decided them, performed once.

A row goes pending -> relayed -> done | failed. Until it is relayed it can be cancelled; after that nobody can.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from rempart.errors import Conflict
from rempart.storage.database import Reader, Writer
from rempart.storage.tables import outbox


@dataclass(frozen=True, slots=True)
class Effect:
    """One row of the outbox. body holds identifiers only."""

    id: int
    organisation: int
    kind: str
    body: Mapping[str, Any]
    attempts: int


def put(
    writer: Writer,
    organisation: int,
    kind: str,
    body: Mapping[str, Any],
    *,
    about: str,
    key: str,
    now: datetime,
    not_before: datetime | None = None,
) -> int:
    """The id of the row. about: rows that are cancelled together. key: a second row of one key is a Conflict."""
    return writer.insert(
        outbox,
        organisation=organisation,
        kind=kind,
        body=dict(body),
        about=about,
        effect_key=key,
        not_before=not_before or now,
        created_at=now,
        state="pending",
    )


def cancel(writer: Writer, about: str, now: datetime) -> int:
    """How many pending effects were cancelled. Raises Conflict when one of them has left already."""
    left = writer.value(
        select(func.count()).where(outbox.c.about == about, outbox.c.state.in_(("relayed", "done", "failed")))
    )
    if left:
        raise Conflict("it cannot be undone any more: what follows from it has begun")
    waiting = (outbox.c.about == about, outbox.c.state == "pending")
    return writer.run(outbox.update().where(*waiting).values(state="cancelled", ended_at=now))


def due(reader: Reader, now: datetime, limit: int = 100) -> list[int]:
    """The ids of the effects that may be relayed now, oldest first."""
    waiting = select(outbox.c.id).where(outbox.c.state == "pending", outbox.c.not_before <= now)
    return list(reader.values(waiting.order_by(outbox.c.not_before, outbox.c.id).limit(limit)))


def unfinished(reader: Reader, limit: int = 1000) -> list[int]:
    """The ids of the effects that were relayed and have not ended: a crash may have lost them on the way."""
    return list(
        reader.values(select(outbox.c.id).where(outbox.c.state == "relayed").order_by(outbox.c.id).limit(limit))
    )


def relay(writer: Writer, effect: int, now: datetime) -> bool:
    """Whether the effect is now the worker's: False when somebody else took or cancelled it."""
    waiting = (outbox.c.id == effect, outbox.c.state == "pending")
    return writer.run(outbox.update().where(*waiting).values(state="relayed", relayed_at=now)) == 1


def read(reader: Reader, effect: int) -> Effect | None:
    """The effect, if it still has to be performed; None when it has ended or was cancelled."""
    row = reader.one(select(outbox).where(outbox.c.id == effect, outbox.c.state == "relayed").with_for_update())
    return None if row is None else Effect(row["id"], row["organisation"], row["kind"], row["body"], row["attempts"])


def finish(writer: Writer, effect: int, now: datetime) -> None:
    """Nothing; the effect is done. Call it in the transaction that keeps the effect's own results."""
    writer.run(outbox.update().where(outbox.c.id == effect).values(state="done", ended_at=now, problem=None))


def note_failure(writer: Writer, effect: int, problem: str, now: datetime, *, final: bool) -> None:
    """Nothing; the attempt is counted, and the effect has failed for good when it was the final one."""
    changes: dict[str, Any] = {"attempts": outbox.c.attempts + 1, "problem": problem}
    changes |= {"state": "failed", "ended_at": now} if final else {}
    writer.run(outbox.update().where(outbox.c.id == effect).values(**changes))


def counts(reader: Reader) -> dict[str, int]:
    """State -> how many effects are in it."""
    return {
        row["state"]: row["n"]
        for row in reader.rows(select(outbox.c.state, func.count().label("n")).group_by(outbox.c.state))
    }
