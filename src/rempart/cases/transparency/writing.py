"""Figures as files: one row a figure, the same in CSV and JSON."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rempart.audit.queries import head
from rempart.cases.transparency.figures import Figure, Period
from rempart.cases.transparency.reading import figures
from rempart.errors import UserMistake
from rempart.storage.columns import FORMAT
from rempart.storage.database import Reader

VERSION = 1
COLUMNS = ("section", "measure", "what", "number", "unit")
LONGEST_DAYS = 366 * 5


def period_of(first: str, last: str) -> Period:
    """From the beginning of the first day to the end of the last, UTC. Raises UserMistake when these are no days."""
    since, until = _day(first), _day(last)
    if until < since:
        raise UserMistake("the period ends before it begins; exchange the two days")
    if (until - since).days > LONGEST_DAYS:
        raise UserMistake("a period has at most five years; choose a shorter one")
    return Period(_midnight(since), _midnight(until + timedelta(days=1)))


def last_year(now: datetime) -> tuple[str, str]:
    """The first and last day of the calendar year that ended last: what yearly reports are about."""
    year = now.year - 1
    return f"{year}-01-01", f"{year}-12-31"


def report(reader: Reader, organisation: int, name: str, period: Period, now: datetime) -> dict[str, Any]:
    """The figures as JSON values. entry: how far the ledger went that they were computed from."""
    entry, hash_ = head(reader)
    found = figures(reader, organisation, period)
    return {
        "version": VERSION,
        "organisation": name,
        "from": period.since.strftime("%Y-%m-%d"),
        "to": (period.until - timedelta(days=1)).strftime("%Y-%m-%d"),
        "made_at": now.strftime(FORMAT),
        "ledger": {"entry": entry, "hash": hash_},
        "figures": [dict(zip(COLUMNS, _values(one), strict=True)) for one in found],
    }


def as_csv(found: Sequence[dict[str, Any]]) -> str:
    """The figures as RFC 4180 lines with a header."""
    cell = io.StringIO()
    rows = csv.writer(cell, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows([one[name] for name in COLUMNS] for one in found)
    return cell.getvalue()


def _values(one: Figure) -> tuple[Any, ...]:
    return one.section, one.measure, one.what, one.number, one.unit


def _day(text: str) -> date:
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise UserMistake("a period has a first and a last day; write them as in 2026-11-22") from None
    if not date(2000, 1, 1) <= day <= date(9000, 1, 1):
        raise UserMistake("this day is too far away; write it as in 2026-11-22")
    return day


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
