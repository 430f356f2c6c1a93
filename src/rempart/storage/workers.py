"""Which worker processes live: each says so every few seconds; one that fell silent is dead."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from rempart.storage.database import Reader, Writer
from rempart.storage.tables import worker


def beat(writer: Writer, name: str, started_at: datetime, now: datetime) -> None:
    """Nothing; the worker is known to live now."""
    if not writer.run(worker.update().where(worker.c.name == name).values(seen_at=now)):
        writer.insert(worker, name=name, started_at=started_at, seen_at=now)


def leave(writer: Writer, name: str) -> None:
    """Nothing; the worker is known no more: it stopped, or what it left behind was taken over."""
    writer.run(worker.delete().where(worker.c.name == name))


def silent(reader: Reader, now: datetime, seconds: float) -> list[str]:
    """The workers that were not heard of for so long."""
    before = now - timedelta(seconds=seconds)
    return list(reader.values(select(worker.c.name).where(worker.c.seen_at < before).order_by(worker.c.name)))


def last_seen(reader: Reader) -> datetime | None:
    """When any worker was last heard of; None when there never was one."""
    seen: datetime | None = reader.value(select(func.max(worker.c.seen_at, type_=worker.c.seen_at.type)))
    return seen
