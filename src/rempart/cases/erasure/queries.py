"""Requests for erasure in SQL. Every query names the organisation."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select

from rempart.cases.tables import erasure
from rempart.storage.database import Reader, Writer

Row = RowMapping


def insert(writer: Writer, **values: Any) -> int:
    """The id of the new request."""
    return writer.insert(erasure, **values)


def numbered(reader: Reader, organisation: int, number: str) -> Row | None:
    """The request with this number. A writer keeps it from changing until its unit of work ends."""
    wanted = select(erasure).where(erasure.c.organisation == organisation, erasure.c.number == number)
    return reader.one(wanted.with_for_update() if isinstance(reader, Writer) else wanted)


def change(writer: Writer, organisation: int, erasure_id: int, **values: Any) -> None:
    """Nothing; the request says so now."""
    mine = (erasure.c.organisation == organisation, erasure.c.id == erasure_id)
    writer.run(erasure.update().where(*mine).values(**values))


def page(reader: Reader, organisation: int, state: str, limit: int, since: datetime | None = None) -> list[Row]:
    """Requests in this state: the open ones oldest first, the answered ones newest first. since: not before then."""
    mine = [erasure.c.organisation == organisation, erasure.c.state == state]
    mine += [] if since is None else [erasure.c.received_at >= since]
    order = erasure.c.received_at if state == "open" else erasure.c.received_at.desc()
    return list(reader.rows(select(erasure).where(*mine).order_by(order, erasure.c.id).limit(limit)))


def waiting(reader: Reader, organisation: int) -> list[Row]:
    """Answered requests of which something is kept still that goes when its time is over."""
    mine = (erasure.c.organisation == organisation, erasure.c.state == "answered", erasure.c.waits)
    return list(reader.rows(select(erasure).where(*mine).order_by(erasure.c.id)))
