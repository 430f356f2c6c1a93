"""Which worker processes live: each says so every few seconds; one that fell silent is dead."""

from datetime import datetime, timedelta

from sqlalchemy import select

from rempart.storage.database import Reader, Writer
from rempart.storage.tables import worker


def beat(writer: Writer, name: str, now: datetime) -> None:
    """Nothing; the worker is known to live now."""
    if not writer.run(worker.update().where(worker.c.name == name).values(seen_at=now)):
        writer.insert(worker, name=name, started_at=now, seen_at=now)


def leave(writer: Writer, name: str) -> None:
    """Nothing; the worker is known no more."""
    writer.run(worker.delete().where(worker.c.name == name))


def living(reader: Reader, now: datetime, seconds: float) -> frozenset[str]:
    """The workers that were heard of in the last `seconds`."""
    return frozenset(reader.values(select(worker.c.name).where(worker.c.seen_at >= now - timedelta(seconds=seconds))))


def bury(writer: Writer, now: datetime, seconds: float) -> int:
    """How many workers, silent for so long, were forgotten."""
    return writer.run(worker.delete().where(worker.c.seen_at < now - timedelta(seconds=seconds)))


def last_seen(reader: Reader) -> datetime | None:
    """When any worker was last heard of; None when none is known."""
    seen: datetime | None = reader.value(select(worker.c.seen_at).order_by(worker.c.seen_at.desc()).limit(1))
    return seen
