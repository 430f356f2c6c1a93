"""The SQL of watches. Every query but `due` names the organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select

from rempart.reporting.tables import watch
from rempart.storage.database import Reader, Writer

Row = RowMapping


def insert(writer: Writer, **values: Any) -> int:
    """The id of the new watch."""
    return writer.insert(watch, **values)


def of_location(reader: Reader, organisation: int, location_id: int) -> Row | None:
    """The watch over this place."""
    return reader.one(select(watch).where(watch.c.organisation == organisation, watch.c.location == location_id))


def of_case(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The watches over the places of the case."""
    mine = (watch.c.organisation == organisation, watch.c.case_id == case_id)
    return list(reader.rows(select(watch).where(*mine).order_by(watch.c.id)))


def due(reader: Reader, now: datetime, limit: int) -> list[Row]:
    """Watches of every organisation whose next look is due, the longest due first."""
    wanted = select(watch).where(watch.c.active, watch.c.next_at <= now).order_by(watch.c.next_at).limit(limit)
    return list(reader.rows(wanted))


def change(writer: Writer, organisation: int, watch_id: int, was: Any, **values: Any) -> bool:
    """Whether it changed: not when somebody looked since. was: its `next_at` before."""
    then = watch.c.next_at.is_(None) if was is None else watch.c.next_at == was
    mine = (watch.c.organisation == organisation, watch.c.id == watch_id, then)
    return writer.run(watch.update().where(*mine).values(**values)) == 1


def stop(writer: Writer, organisation: int, watches: Sequence[int], now: datetime) -> None:
    """Nothing; nobody looks at these places any more."""
    mine = (watch.c.organisation == organisation, watch.c.id.in_(watches))
    writer.run(watch.update().where(*mine).values(active=False, next_at=None, changed_at=now))
