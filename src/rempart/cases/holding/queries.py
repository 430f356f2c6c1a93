"""Duties to preserve, in SQL. Every query names the organisation."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select

from rempart.cases.tables import case, hold
from rempart.storage.database import Reader, Writer

Row = RowMapping


def insert(writer: Writer, **values: Any) -> int:
    """The id of the new hold."""
    return writer.insert(hold, **values)


def of_case(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """Every hold of the case, oldest first."""
    mine = (hold.c.organisation == organisation, hold.c.case_id == case_id)
    return list(reader.rows(select(hold).where(*mine).order_by(hold.c.id)))


def read(writer: Writer, organisation: int, hold_id: int) -> Row | None:
    """The hold, which nobody else changes until this unit of work ends; or None."""
    mine = (hold.c.organisation == organisation, hold.c.id == hold_id)
    return writer.one(select(hold).where(*mine).with_for_update())


def change(writer: Writer, organisation: int, hold_id: int, *, at: datetime, end: bool) -> None:
    """Nothing; the hold was released then, or ends then. end: whether it is its end that changes."""
    mine = (hold.c.organisation == organisation, hold.c.id == hold_id)
    writer.run(hold.update().where(*mine).values({"ends_at" if end else "released_at": at}))


def lock_case(writer: Writer, organisation: int, case_id: int) -> int | None:
    """The id of the case, which nobody else changes until this unit of work ends; None when there is none."""
    mine = (case.c.organisation == organisation, case.c.id == case_id)
    found: int | None = writer.value(select(case.c.id).where(*mine).with_for_update())
    return found
