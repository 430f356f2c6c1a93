"""The outbox: effects outside the database, asked for in the transaction that decided them, performed once.

A row goes pending -> relayed -> done | failed, or back to pending when it has to be tried again. Until it is first
relayed it can be cancelled; after that nobody can.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select

from rempart.errors import Conflict, NotFound
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


@dataclass(frozen=True, slots=True)
class Failure:
    """An effect that failed for good, and why."""

    id: int
    organisation: int
    kind: str
    about: str
    problem: str
    ended_at: datetime
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
    """How many pending effects were cancelled. Raises Conflict when one of them has been begun already."""
    columns = (outbox.c.id, outbox.c.state, outbox.c.attempts)
    # Locked before they are looked at: else a worker could begin one between the look and the change.
    rows = writer.rows(select(*columns).where(outbox.c.about == about).order_by(outbox.c.id).with_for_update())
    if any(row["state"] in ("relayed", "done", "failed") or row["attempts"] for row in rows):
        raise Conflict("it cannot be undone any more; what follows from it has begun")
    waiting = [row["id"] for row in rows if row["state"] == "pending"]
    return writer.run(outbox.update().where(outbox.c.id.in_(waiting)).values(state="cancelled", ended_at=now))


def due(reader: Reader, now: datetime, limit: int = 100) -> list[int]:
    """The ids of the effects that may be relayed now, oldest first."""
    waiting = select(outbox.c.id).where(outbox.c.state == "pending", outbox.c.not_before <= now)
    return list(reader.values(waiting.order_by(outbox.c.not_before, outbox.c.id).limit(limit)))


def next_time(reader: Reader) -> datetime | None:
    """When the next pending effect may be relayed; None when none waits."""
    waiting = select(outbox.c.not_before).where(outbox.c.state == "pending")
    found: datetime | None = reader.value(waiting.order_by(outbox.c.not_before).limit(1))
    return found


def unfinished(reader: Reader, before: datetime, limit: int = 1000) -> list[Effect]:
    """The effects that were relayed before then and have not ended: a crash may have lost them on the way."""
    lost = select(outbox).where(outbox.c.state == "relayed", outbox.c.relayed_at <= before)
    return [_effect(row) for row in reader.rows(lost.order_by(outbox.c.id).limit(limit))]


def relay(writer: Writer, effect: int, now: datetime) -> Effect | None:
    """The effect, now the worker's; None when somebody else took or cancelled it."""
    waiting = (outbox.c.id == effect, outbox.c.state == "pending")
    if not writer.run(outbox.update().where(*waiting).values(state="relayed", relayed_at=now)):
        return None
    return read(writer, effect)


def read(reader: Reader, effect: int) -> Effect | None:
    """The effect, if it still has to be performed; None when it has ended, was cancelled, or waits for its time."""
    row = reader.one(select(outbox).where(outbox.c.id == effect, outbox.c.state == "relayed"))
    return None if row is None else _effect(row)


def finish(writer: Writer, effect: int, now: datetime) -> None:
    """Nothing; the effect is done. Call it in the transaction that keeps the effect's own results.

    Raises Conflict when it had ended already, so that what a second performance did is not kept.
    """
    mine = (outbox.c.id == effect, outbox.c.state.in_(("relayed", "pending")))
    if not writer.run(outbox.update().where(*mine).values(state="done", problem=None, ended_at=now)):
        raise Conflict("the effect has ended already; nothing was kept a second time")


def fail(writer: Writer, effect: Effect, problem: str, now: datetime) -> bool:
    """Whether the attempt has now failed for good: False when it had ended already."""
    return _after(writer, effect, state="failed", problem=problem, ended_at=now)


def put_back(writer: Writer, effect: Effect, problem: str, not_before: datetime) -> bool:
    """Whether the effect waits for another attempt, not before then: False when this one had ended already."""
    return _after(writer, effect, state="pending", problem=problem, not_before=not_before)


def try_again(writer: Writer, effect: int, now: datetime) -> None:
    """Nothing; a failed effect will be tried again. Raises NotFound when there is no such failed effect."""
    mine = (outbox.c.id == effect, outbox.c.state == "failed")
    if not writer.run(outbox.update().where(*mine).values(state="pending", not_before=now, ended_at=None)):
        raise NotFound(f"there is no failed effect {effect}; list them with `rempart worker failed`")


def failed(reader: Reader, limit: int = 1000) -> list[Failure]:
    """The effects that failed for good, newest first."""
    columns = (outbox.c.id, outbox.c.organisation, outbox.c.kind, outbox.c.about, outbox.c.problem, outbox.c.ended_at)
    found = select(*columns, outbox.c.attempts).where(outbox.c.state == "failed").order_by(outbox.c.id.desc())
    return [Failure(**row) for row in reader.rows(found.limit(limit))]


def counts(reader: Reader) -> dict[str, int]:
    """State -> how many effects are in it."""
    return {
        row["state"]: row["n"]
        for row in reader.rows(select(outbox.c.state, func.count().label("n")).group_by(outbox.c.state))
    }


def waiting_since(reader: Reader, now: datetime) -> datetime | None:
    """Since when the oldest effect that is due has been waiting; None when none is."""
    late = select(outbox.c.not_before).where(outbox.c.state == "pending", outbox.c.not_before <= now)
    running = select(outbox.c.relayed_at).where(outbox.c.state == "relayed")
    since = [
        reader.value(late.order_by(outbox.c.not_before).limit(1)),
        reader.value(running.order_by(outbox.c.relayed_at).limit(1)),
    ]
    return min((one for one in since if one is not None), default=None)


def _after(writer: Writer, effect: Effect, **changes: Any) -> bool:
    """Whether this attempt was still going on, and is no more."""
    this = (outbox.c.id == effect.id, outbox.c.state == "relayed", outbox.c.attempts == effect.attempts)
    return writer.run(outbox.update().where(*this).values(attempts=effect.attempts + 1, **changes)) == 1


def _effect(row: RowMapping) -> Effect:
    return Effect(row["id"], row["organisation"], row["kind"], row["body"], row["attempts"])
