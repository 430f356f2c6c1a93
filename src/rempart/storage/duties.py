"""Regular duties: each is done every so often, by one process at a time, whoever comes first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from rempart.storage.database import Reader, Writer
from rempart.storage.tables import duty


@dataclass(frozen=True, slots=True)
class Duty:
    """What is known of one duty. done_at: when it last ended well. problem: what went wrong since, if anything did."""

    name: str
    taken_until: datetime
    done_at: datetime | None
    problem: str | None


def is_due(reader: Reader, name: str, now: datetime) -> bool:
    """Whether it is time for the duty, as far as a look can tell."""
    until = reader.value(select(duty.c.taken_until).where(duty.c.name == name))
    return until is None or until <= now


def take(writer: Writer, name: str, now: datetime, seconds: float) -> bool:
    """Whether the duty is the caller's for the next `seconds`: False when it is not due, or somebody else has it."""
    until = now + timedelta(seconds=seconds)
    if writer.run(duty.update().where(duty.c.name == name, duty.c.taken_until <= now).values(taken_until=until)):
        return True
    if writer.value(select(duty.c.name).where(duty.c.name == name)) is not None:
        return False
    writer.insert(duty, name=name, taken_until=until)  # a second process in the same moment gets a Conflict
    return True


def lengthen(writer: Writer, name: str, until: datetime, now: datetime, seconds: float) -> datetime | None:
    """Until when the duty is the caller's now; None when it is not theirs any more. until: what they had last."""
    longer = max(until, now + timedelta(seconds=seconds))
    mine = duty.update().where(duty.c.name == name, duty.c.taken_until == until)
    return longer if writer.run(mine.values(taken_until=longer)) else None


def note(writer: Writer, name: str, now: datetime, problem: str | None, *, next_at: datetime | None = None) -> None:
    """Nothing; how it went is kept. problem: None when it ended well. next_at: when it is due again."""
    changes: dict[str, Any] = {"problem": problem} if problem else {"problem": None, "done_at": now}
    if next_at is not None:
        changes["taken_until"] = next_at
    writer.run(duty.update().where(duty.c.name == name).values(**changes))


def known(reader: Reader) -> list[Duty]:
    """Every duty that was ever begun."""
    return [Duty(**row) for row in reader.rows(select(duty).order_by(duty.c.name))]
