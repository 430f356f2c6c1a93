"""What runs on a case: orders, appeals, other duties, duties to preserve. Every query names the organisation."""

from sqlalchemy import RowMapping, select

from rempart.cases.tables import appeal, clock, hold, notice, notice_case, order
from rempart.storage.database import Reader

Row = RowMapping


def orders(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The orders about the case, each with its `number`, the one that is due first first."""
    about = select(notice_case.c.notice).where(notice_case.c.case_id == case_id)
    mine = (order.c.organisation == organisation, order.c.notice.in_(about))
    columns = (notice.c.number, order.c.kind, order.c.authority, order.c.state, order.c.due_at)
    found = select(*columns).join(notice, notice.c.id == order.c.notice).where(*mine)
    return list(reader.rows(found.order_by(order.c.due_at, order.c.id)))


def holds(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The duties to preserve what belongs to the case that were not released."""
    mine = (hold.c.organisation == organisation, hold.c.case_id == case_id, hold.c.released_at.is_(None))
    return list(reader.rows(select(hold).where(*mine).order_by(hold.c.id)))


def duties(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """id, rule and due_at of other clocks on the case that have not ended; due_at: None while one stands still."""
    mine = (clock.c.organisation == organisation, clock.c.case_id == case_id, clock.c.ended_at.is_(None))
    return list(reader.rows(select(clock.c.id, clock.c.rule, clock.c.due_at).where(*mine).order_by(clock.c.id)))


def appeals(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """id, state, due_at and brought_by of the appeals against decisions on the case."""
    columns = (appeal.c.id, appeal.c.number, appeal.c.state, appeal.c.due_at, appeal.c.brought_by, appeal.c.opened_at)
    mine = (appeal.c.organisation == organisation, appeal.c.case_id == case_id)
    return list(reader.rows(select(*columns).where(*mine).order_by(appeal.c.id)))
