"""Notices, and the cases that they are about."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, or_, select

from rempart.cases.tables import case, notice, notice_case
from rempart.storage.database import Reader, Writer

Row = RowMapping


def insert_notice(writer: Writer, case_id: int, **values: Any) -> int:
    """The id of the new notice, linked to its case."""
    made = writer.insert(notice, **values)
    writer.insert(notice_case, notice=made, case_id=case_id, organisation=values["organisation"])
    return made


def notice_row(reader: Reader, organisation: int, notice_id: int) -> Row | None:
    """The notice with this id."""
    return reader.one(select(notice).where(notice.c.id == notice_id, notice.c.organisation == organisation))


def notice_numbered(reader: Reader, number: str) -> Row | None:
    """The notice with this number, of whichever organisation: its secret code is what admits to it."""
    return reader.one(select(notice).where(notice.c.number == number))


def notice_requested(reader: Reader, organisation: int, request_key: str) -> Row | None:
    """The notice that this very request made before."""
    return reader.one(select(notice).where(notice.c.organisation == organisation, notice.c.request_key == request_key))


def cases_of_notice(reader: Reader, notice_id: int) -> list[Row]:
    """The cases that the notice is about."""
    wanted = select(case).join(notice_case, notice_case.c.case_id == case.c.id)
    return list(reader.rows(wanted.where(notice_case.c.notice == notice_id)))


def is_looked_at(reader: Reader, notice_id: int) -> bool:
    """Whether somebody has taken or judged, since the notice came, a case of it or the one that stands for it.

    What happened before is not told: it would say that we knew the content already.
    """
    came = select(notice.c.received_at).where(notice.c.id == notice_id).scalar_subquery()
    own = select(case).join(notice_case, notice_case.c.case_id == case.c.id).where(notice_case.c.notice == notice_id)
    mine = own.subquery()
    leading = and_(case.c.cluster == mine.c.cluster, case.c.leads, case.c.assignee.is_not(None))
    held = or_(
        and_(mine.c.assignee.is_not(None), mine.c.claimed_at >= came),
        mine.c.decided_at >= came,
        and_(case.c.id.is_not(None), case.c.claimed_at >= came),
    )
    return reader.value(select(mine.c.id).outerjoin(case, leading).where(held).limit(1)) is not None


def notices_of_case(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The notices about the case, oldest first."""
    wanted = select(notice).join(notice_case, notice_case.c.notice == notice.c.id)
    mine = (notice_case.c.case_id == case_id, notice.c.organisation == organisation)
    return list(reader.rows(wanted.where(*mine).order_by(notice.c.id)))


def update_notice(writer: Writer, organisation: int, notice_id: int, **values: Any) -> int:
    """How many notices were changed."""
    mine = (notice.c.id == notice_id, notice.c.organisation == organisation)
    return writer.run(notice.update().where(*mine).values(**values))


def first_notice(reader: Reader, organisation: int, case_id: int) -> int | None:
    """The id of the earliest notice about the case, else None."""
    mine = (notice_case.c.case_id == case_id, notice_case.c.organisation == organisation)
    value = reader.value(select(notice_case.c.notice).where(*mine).order_by(notice_case.c.notice).limit(1))
    return None if value is None else int(value)


def without_receipt(
    reader: Reader, organisation: int, since: datetime, but: Sequence[str], limit: int = 200
) -> list[Row]:
    """The notices received since then whose senders left an address and were not told there that it came.

    but: addresses that are left out.
    """
    mine = (notice.c.organisation == organisation, notice.c.received_at >= since)
    left = (notice.c.contact_key.is_not(None), notice.c.contact_key.not_in(but), notice.c.receipt_mailed_at.is_(None))
    return list(
        reader.rows(select(notice).where(*mine, *left).order_by(notice.c.received_at, notice.c.id).limit(limit))
    )


def without_outcome(
    reader: Reader, organisation: int, since: datetime, but: Sequence[str], limit: int = 200
) -> list[Row]:
    """The notices answered since then whose senders left an address and were not told there of this answer."""
    mine = (notice.c.organisation == organisation, notice.c.outcome_at >= since)
    untold = or_(notice.c.outcome_mailed_at.is_(None), notice.c.outcome_mailed_at < notice.c.outcome_at)
    left = (notice.c.contact_key.is_not(None), notice.c.contact_key.not_in(but), notice.c.outcome.is_not(None), untold)
    return list(reader.rows(select(notice).where(*mine, *left).order_by(notice.c.outcome_at, notice.c.id).limit(limit)))
