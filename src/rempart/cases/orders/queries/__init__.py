"""The register of orders in SQL, and the clocks that they set. Every query names the organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, func, or_, select

from rempart.cases.tables import case, notice, notice_case, order
from rempart.facts.case import OrderState
from rempart.storage.database import Reader, Writer

Row = RowMapping
# In these states the clock runs: a challenge does not stop it.
RUNNING: tuple[OrderState, ...] = ("received", "authenticated", "challenged")
_TOLD = (order, notice.c.number, notice.c.content_sealed, notice.c.language)


def insert(writer: Writer, **values: Any) -> int:
    """The id of the new order."""
    return writer.insert(order, **values)


def numbered(reader: Reader, organisation: int, number: str) -> Row | None:
    """The order with the number of its notice."""
    mine = (order.c.organisation == organisation, notice.c.number == number)
    return reader.one(select(*_TOLD).join(notice, notice.c.id == order.c.notice).where(*mine))


def locked(writer: Writer, organisation: int, number: str) -> Row | None:
    """The order; nobody else changes it until this unit of work ends."""
    mine = (order.c.organisation == organisation, notice.c.number == number)
    wanted = select(*_TOLD).join(notice, notice.c.id == order.c.notice).where(*mine)
    return writer.one(wanted.with_for_update(of=order))


def referenced(reader: Reader, organisation: int, kind: str, authority: str, reference: str) -> Row | None:
    """The order that this authority sent under this reference before."""
    mine = (
        order.c.organisation == organisation,
        order.c.kind == kind,
        order.c.authority == authority,
        order.c.reference == reference,
    )
    return reader.one(select(*_TOLD).join(notice, notice.c.id == order.c.notice).where(*mine))


def change(writer: Writer, organisation: int, order_id: int, **values: Any) -> None:
    """Nothing; the order says so now."""
    writer.run(order.update().where(order.c.organisation == organisation, order.c.id == order_id).values(**values))


def page(
    reader: Reader,
    organisation: int,
    states: Sequence[str],
    place: tuple[datetime, int] | None,
    limit: int,
    *,
    newest_first: bool = False,
) -> list[Row]:
    """Orders in these states behind this place (due at, id): those that are due first come first, or last."""
    mine = [order.c.organisation == organisation, order.c.state.in_(states)]
    if place is not None:
        due, last = place
        beyond, further = (
            (order.c.due_at < due, order.c.id < last) if newest_first else (order.c.due_at > due, order.c.id > last)
        )
        mine.append(or_(beyond, and_(order.c.due_at == due, further)))
    ordered = (order.c.due_at.desc(), order.c.id.desc()) if newest_first else (order.c.due_at, order.c.id)
    wanted = select(*_TOLD).join(notice, notice.c.id == order.c.notice)
    return list(reader.rows(wanted.where(*mine).order_by(*ordered).limit(limit)))


def lock_cases(writer: Writer, organisation: int, notice_id: int) -> None:
    """Nothing; nobody else changes the cases that the order's notice is about until this unit of work ends."""
    about = select(notice_case.c.case_id).where(notice_case.c.notice == notice_id)
    mine = (case.c.organisation == organisation, case.c.id.in_(about))
    writer.rows(select(case.c.id).where(*mine).order_by(case.c.id).with_for_update())


def counts(reader: Reader, organisation: int) -> dict[str, int]:
    """State -> how many orders are in it."""
    counted = select(order.c.state, func.count().label("n")).where(order.c.organisation == organisation)
    return {row["state"]: row["n"] for row in reader.rows(counted.group_by(order.c.state))}


def cases_of(reader: Reader, organisation: int, notice_id: int) -> list[int]:
    """The cases that the order's notice is about."""
    mine = (notice_case.c.organisation == organisation, notice_case.c.notice == notice_id)
    return list(reader.values(select(notice_case.c.case_id).where(*mine).order_by(notice_case.c.case_id)))
