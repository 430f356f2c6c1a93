"""The SQL of reports and their receipts. Every query names the organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, or_, select

from rempart.reporting.tables import receipt, report
from rempart.storage.database import Reader, Writer

Row = RowMapping
_LISTED = (
    report.c.id,
    report.c.case_id,
    report.c.recipient,
    report.c.environment,
    report.c.state,
    report.c.external_id,
    report.c.problem,
    report.c.due_at,
    report.c.created_at,
    report.c.changed_at,
    report.c.ended_at,
)


def insert(writer: Writer, **values: Any) -> int:
    """The id of the new report."""
    return writer.insert(report, **values)


def read(reader: Reader, organisation: int, report_id: int, *, lock: bool = False) -> Row | None:
    """The report. lock: nobody else changes it until this unit of work ends."""
    wanted = select(report).where(report.c.organisation == organisation, report.c.id == report_id)
    return reader.one(wanted.with_for_update() if lock else wanted)


def change(writer: Writer, organisation: int, report_id: int, **values: Any) -> None:
    """Nothing; the report says so now."""
    writer.run(report.update().where(report.c.organisation == organisation, report.c.id == report_id).values(**values))


def of_case(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The reports about the case, oldest first, without what they say."""
    mine = (report.c.organisation == organisation, report.c.case_id == case_id)
    return list(reader.rows(select(*_LISTED).where(*mine).order_by(report.c.id)))


def in_states(
    reader: Reader, organisation: int, states: Sequence[str], before: int | None = None, limit: int = 50
) -> list[Row]:
    """Reports in these states, newest first, those before the id `before`; without what they say."""
    mine = [report.c.organisation == organisation, report.c.state.in_(states)]
    mine += [] if before is None else [report.c.id < before]
    return list(reader.rows(select(*_LISTED).where(*mine).order_by(report.c.id.desc()).limit(limit)))


def waiting(reader: Reader, organisation: int, states: Sequence[str], limit: int = 50) -> list[Row]:
    """Reports in these states, those that are due first first, then the oldest; without what they say."""
    mine = (report.c.organisation == organisation, report.c.state.in_(states))
    order = (report.c.due_at.is_(None), report.c.due_at, report.c.id)
    return list(reader.rows(select(*_LISTED).where(*mine).order_by(*order).limit(limit)))


def counts(reader: Reader, organisation: int) -> dict[str, int]:
    """State -> how many reports stand in it."""
    counted = select(report.c.state, func.count().label("n")).where(report.c.organisation == organisation)
    return {row["state"]: row["n"] for row in reader.rows(counted.group_by(report.c.state))}


def of_action(reader: Reader, organisation: int, action_id: int) -> list[Row]:
    """The reports that carry out this action."""
    mine = (report.c.organisation == organisation, report.c.action_id == action_id)
    return list(reader.rows(select(*_LISTED).where(*mine).order_by(report.c.id)))


def actions_taken(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The actions of the case that a report carries out, or was to."""
    mine = (report.c.organisation == organisation, report.c.case_id == case_id, report.c.action_id.is_not(None))
    return list(reader.rows(select(report.c.action_id, report.c.state).where(*mine)))


def finished(reader: Reader, organisation: int, recipient: str, cases: Sequence[int]) -> list[Row]:
    """The finished reports to this recipient about these cases, oldest first."""
    mine = (
        report.c.organisation == organisation,
        report.c.recipient == recipient,
        report.c.case_id.in_(cases),
        report.c.state == "finished",
    )
    return list(reader.rows(select(*_LISTED).where(*mine).order_by(report.c.id)))


def due(reader: Reader, organisation: int, states: Sequence[str], limit: int = 1000) -> list[Row]:
    """The reports in these states that have to be made by a time, the earliest first."""
    mine = (report.c.organisation == organisation, report.c.state.in_(states), report.c.due_at.is_not(None))
    return list(reader.rows(select(*_LISTED).where(*mine).order_by(report.c.due_at, report.c.id).limit(limit)))


def waits(reader: Reader, organisation: int, case_id: int) -> bool:
    """Whether a report about the case has not ended: what it sends is needed still."""
    mine = (report.c.organisation == organisation, report.c.case_id == case_id, report.c.ended_at.is_(None))
    return reader.value(select(report.c.id).where(*mine).limit(1)) is not None


def late(reader: Reader, organisation: int, states: Sequence[str], now: datetime) -> int:
    """How many reports in these states had to be made before now."""
    mine = (report.c.organisation == organisation, report.c.state.in_(states), report.c.due_at < now)
    return int(reader.value(select(func.count()).where(*mine)))


def untold(
    reader: Reader, organisation: int, states: Sequence[str], until: datetime, told: Sequence[str], limit: int = 1000
) -> list[Row]:
    """(id, about, due_at) of reports due by then, of whose time the ledger knows no more than `told`. about: the id."""
    mine = (report.c.organisation == organisation, report.c.state.in_(states), report.c.due_at <= until)
    columns = select(report.c.id, report.c.id.label("about"), report.c.due_at)
    wanted = columns.where(*mine, report.c.told.in_(told)).order_by(report.c.due_at, report.c.id)
    return list(reader.rows(wanted.limit(limit)))


def to_gather(reader: Reader, organisation: int, recipient: str, now: datetime, limit: int) -> list[Row]:
    """Reports to this recipient that were approved, or are on their way, and may leave now; oldest first."""
    mine = (
        report.c.organisation == organisation,
        report.c.recipient == recipient,
        report.c.state.in_(("approved", "sending")),
        or_(report.c.not_before.is_(None), report.c.not_before <= now),
    )
    return list(reader.rows(select(report).where(*mine).order_by(report.c.id).limit(limit)))


def insert_receipt(writer: Writer, **values: Any) -> int:
    """The id of the new receipt."""
    return writer.insert(receipt, **values)


def receipts(reader: Reader, organisation: int, report_id: int) -> list[Row]:
    """The receipts of the report, oldest first."""
    mine = (receipt.c.organisation == organisation, receipt.c.report == report_id)
    return list(reader.rows(select(receipt).where(*mine).order_by(receipt.c.id)))


def pending(reader: Reader, now: datetime) -> int:
    """How many reports of all organisations are on their way."""
    return int(reader.value(select(func.count()).where(report.c.state == "sending", report.c.created_at <= now)))
