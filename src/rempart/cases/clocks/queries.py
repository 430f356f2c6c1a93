"""Clocks in SQL, and whatever else has an end: orders, appeals. Every query names the organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Table, func, select

from rempart.cases.tables import appeal, case, clock, notice, notice_case, order
from rempart.storage.database import Reader, Writer

Row = RowMapping
# In these states the clock of an order runs: a challenge does not stop it.
ORDER_STATES = ("received", "authenticated", "challenged")
APPEAL_STATES = ("open", "assigned")
MOST = 1000


def insert(writer: Writer, **values: Any) -> int:
    """The id of the new clock."""
    return writer.insert(clock, **values)


def read(reader: Reader, organisation: int, clock_id: int, *, lock: bool = False) -> Row | None:
    """The clock. lock: nobody else changes it until this unit of work ends."""
    wanted = select(clock).where(clock.c.organisation == organisation, clock.c.id == clock_id)
    return reader.one(wanted.with_for_update() if lock else wanted)


def of(reader: Reader, organisation: int, about: str, rule: str) -> Row | None:
    """The clock of this rule about this thing, or None."""
    mine = (clock.c.organisation == organisation, clock.c.about == about, clock.c.rule == rule)
    return reader.one(select(clock).where(*mine))


def about(reader: Reader, organisation: int, thing: str) -> list[Row]:
    """The clocks about this thing that have not ended."""
    mine = (clock.c.organisation == organisation, clock.c.about == thing, clock.c.ended_at.is_(None))
    return list(reader.rows(select(clock).where(*mine).order_by(clock.c.id)))


def change(writer: Writer, organisation: int, clock_id: int, **values: Any) -> None:
    """Nothing; the clock says so now."""
    writer.run(clock.update().where(clock.c.organisation == organisation, clock.c.id == clock_id).values(**values))


def running(reader: Reader, organisation: int, case_id: int | None = None) -> list[Row]:
    """The clocks that run or stand still, those that end first first; of one case only, when it is named."""
    mine = [clock.c.organisation == organisation, clock.c.ended_at.is_(None)]
    mine += [] if case_id is None else [clock.c.case_id == case_id]
    return list(reader.rows(select(clock).where(*mine).order_by(clock.c.due_at, clock.c.id).limit(MOST)))


def orders(reader: Reader, organisation: int) -> list[Row]:
    """(number, kind, due_at) of the orders whose clock runs."""
    mine = (order.c.organisation == organisation, order.c.state.in_(ORDER_STATES))
    columns = select(notice.c.number, order.c.kind, order.c.due_at).join(notice, notice.c.id == order.c.notice)
    return list(reader.rows(columns.where(*mine).order_by(order.c.due_at, order.c.id).limit(MOST)))


def appeals(reader: Reader, organisation: int) -> list[Row]:
    """(id, number, case_id, due_at) of the appeals that are not answered."""
    mine = (appeal.c.organisation == organisation, appeal.c.state.in_(APPEAL_STATES))
    columns = select(appeal.c.id, appeal.c.number, appeal.c.case_id, appeal.c.due_at)
    return list(reader.rows(columns.where(*mine).order_by(appeal.c.due_at, appeal.c.id).limit(MOST)))


def untold_clocks(reader: Reader, organisation: int, until: datetime, told: Sequence[str]) -> list[Row]:
    """(id, about, rule, due_at, case_id) of clocks that end by then, of which the ledger knows no more than `told`."""
    mine = (clock.c.organisation == organisation, clock.c.ended_at.is_(None), clock.c.due_at <= until)
    wanted = select(clock.c.id, clock.c.about, clock.c.rule, clock.c.due_at, clock.c.case_id).where(
        *mine, clock.c.told.in_(told)
    )
    return list(reader.rows(wanted.order_by(clock.c.due_at, clock.c.id).limit(MOST)))


def untold_orders(reader: Reader, organisation: int, until: datetime, told: Sequence[str]) -> list[Row]:
    """(id, about, due_at) of orders likewise; about: the number."""
    mine = (order.c.organisation == organisation, order.c.state.in_(ORDER_STATES), order.c.due_at <= until)
    columns = select(order.c.id, notice.c.number.label("about"), order.c.due_at)
    wanted = columns.join(notice, notice.c.id == order.c.notice).where(*mine, order.c.told.in_(told))
    return list(reader.rows(wanted.order_by(order.c.due_at, order.c.id).limit(MOST)))


def untold_appeals(reader: Reader, organisation: int, until: datetime, told: Sequence[str]) -> list[Row]:
    """(id, about, due_at) of appeals likewise; about: the id."""
    mine = (appeal.c.organisation == organisation, appeal.c.state.in_(APPEAL_STATES), appeal.c.due_at <= until)
    columns = select(appeal.c.id, appeal.c.id.label("about"), appeal.c.due_at)
    wanted = columns.where(*mine, appeal.c.told.in_(told))
    return list(reader.rows(wanted.order_by(appeal.c.due_at, appeal.c.id).limit(MOST)))


def tell(writer: Writer, organisation: int, kind: str, row_id: int, told: str) -> None:
    """Nothing; the ledger was told so of this one. kind: clock | order | appeal."""
    table: Table = {"clock": clock, "order": order, "appeal": appeal}[kind]
    writer.run(table.update().where(table.c.organisation == organisation, table.c.id == row_id).values(told=told))


def missed(reader: Reader, organisation: int, now: datetime) -> dict[str, int]:
    """clock, order, appeal -> how many of them were due before now and are not done."""
    late = {
        "clock": select(func.count()).where(
            clock.c.organisation == organisation, clock.c.ended_at.is_(None), clock.c.due_at < now
        ),
        "order": select(func.count()).where(
            order.c.organisation == organisation, order.c.state.in_(ORDER_STATES), order.c.due_at < now
        ),
        "appeal": select(func.count()).where(
            appeal.c.organisation == organisation, appeal.c.state.in_(APPEAL_STATES), appeal.c.due_at < now
        ),
    }
    return {kind: int(reader.value(counted)) for kind, counted in late.items()}


def lock_case(writer: Writer, organisation: int, case_id: int) -> Row | None:
    """(id, due_at) of the case; nobody else changes it until this unit of work ends."""
    mine = (case.c.organisation == organisation, case.c.id == case_id)
    return writer.one(select(case.c.id, case.c.due_at).where(*mine).with_for_update())


def earliest(reader: Reader, organisation: int, case_id: int) -> datetime | None:
    """The earliest clock that runs on the case: of an order, an appeal or another duty; None when none does."""
    told_by = select(notice_case.c.notice).where(
        notice_case.c.organisation == organisation, notice_case.c.case_id == case_id
    )
    ends = (
        select(func.min(order.c.due_at)).where(
            order.c.organisation == organisation, order.c.state.in_(ORDER_STATES), order.c.notice.in_(told_by)
        ),
        select(func.min(appeal.c.due_at)).where(
            appeal.c.organisation == organisation, appeal.c.state.in_(APPEAL_STATES), appeal.c.case_id == case_id
        ),
        select(func.min(clock.c.due_at)).where(
            clock.c.organisation == organisation, clock.c.ended_at.is_(None), clock.c.case_id == case_id
        ),
    )
    return min((found for one in ends if (found := reader.value(one)) is not None), default=None)


def set_due(writer: Writer, organisation: int, case_id: int, due_at: datetime | None, entry: int) -> None:
    """Nothing; the case is due then."""
    mine = (case.c.organisation == organisation, case.c.id == case_id)
    writer.run(case.update().where(*mine).values(due_at=due_at, entry=entry))


def ordered(reader: Reader, organisation: int, case_id: int, kind: str) -> bool:
    """Whether an order of this kind was ever about the case."""
    told_by = select(notice_case.c.notice).where(
        notice_case.c.organisation == organisation, notice_case.c.case_id == case_id
    )
    mine = (order.c.organisation == organisation, order.c.kind == kind, order.c.notice.in_(told_by))
    return reader.value(select(order.c.id).where(*mine).limit(1)) is not None
