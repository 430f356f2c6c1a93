"""Media and the reveal ledger. Every query names the organisation; only a ticket finds its reveal without one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, select

from rempart.cases.tables import appeal, case, media, reveal
from rempart.storage.database import Reader, Writer

Row = RowMapping


def media_of(reader: Reader, organisation: int, ids: Sequence[int]) -> list[Row]:
    """The media of these cases, oldest first."""
    mine = (media.c.organisation == organisation, media.c.case_id.in_(ids))
    return list(reader.rows(select(media).where(*mine).order_by(media.c.id)))


def read_media(reader: Reader, organisation: int, case_id: int, media_id: int) -> Row | None:
    """One of the case's media, or None."""
    mine = (media.c.organisation == organisation, media.c.case_id == case_id, media.c.id == media_id)
    return reader.one(select(media).where(*mine))


def has_appeal(reader: Reader, organisation: int, case_id: int, pid: str) -> bool:
    """Whether this person works on an appeal about the case now."""
    mine = (appeal.c.organisation == organisation, appeal.c.case_id == case_id, appeal.c.assignee == pid)
    return reader.value(select(appeal.c.id).where(*mine, appeal.c.state == "assigned").limit(1)) is not None


def insert(writer: Writer, **values: Any) -> int:
    """The id of the new reveal."""
    return writer.insert(reveal, **values)


def read(reader: Reader, organisation: int, reveal_id: int) -> Row | None:
    """The reveal, or None."""
    return reader.one(select(reveal).where(reveal.c.organisation == organisation, reveal.c.id == reveal_id))


def of_ticket(writer: Writer, ticket_hash: str) -> Row | None:
    """The reveal that this ticket belongs to, with its media's object in the vault; None once the ticket is used."""
    columns = (*reveal.c, media.c.vault_id)
    found = select(*columns).join(media, media.c.id == reveal.c.media_id).where(reveal.c.ticket_hash == ticket_hash)
    return writer.one(found)


def use(writer: Writer, organisation: int, reveal_id: int, ticket_hash: str) -> bool:
    """Whether the ticket was still there: it is gone now."""
    mine = (reveal.c.organisation == organisation, reveal.c.id == reveal_id, reveal.c.ticket_hash == ticket_hash)
    return writer.run(reveal.update().where(*mine).values(ticket_hash=None)) == 1


def change(writer: Writer, organisation: int, reveal_id: int, **values: Any) -> None:
    """Nothing; the reveal says so now."""
    mine = (reveal.c.organisation == organisation, reveal.c.id == reveal_id)
    writer.run(reveal.update().where(*mine).values(**values))


def levels(reader: Reader, organisation: int, ids: Sequence[int], pid: str) -> dict[int, set[str]]:
    """Case -> the levels at which this person has really been shown something of it."""
    mine = (
        reveal.c.organisation == organisation,
        reveal.c.case_id.in_(ids),
        reveal.c.person == pid,
        reveal.c.opened_at.is_not(None),
    )
    found: dict[int, set[str]] = {}
    for row in reader.rows(select(reveal.c.case_id, reveal.c.level).where(*mine).distinct()):
        found.setdefault(row["case_id"], set()).add(row["level"])
    return found


def shown_media(reader: Reader, organisation: int, case_id: int) -> set[int]:
    """The media of the case whose original was really shown to somebody."""
    mine = (
        reveal.c.organisation == organisation,
        reveal.c.case_id == case_id,
        reveal.c.level == "original",
        reveal.c.opened_at.is_not(None),
    )
    return set(reader.values(select(reveal.c.media_id).where(*mine).distinct()))


def seen_media(reader: Reader, organisation: int, case_id: int, pid: str) -> dict[int, set[str]]:
    """Media of the case -> the levels at which this person has really been shown it."""
    mine = (
        reveal.c.organisation == organisation,
        reveal.c.case_id == case_id,
        reveal.c.person == pid,
        reveal.c.opened_at.is_not(None),
    )
    found: dict[int, set[str]] = {}
    for row in reader.rows(select(reveal.c.media_id, reveal.c.level).where(*mine).distinct()):
        found.setdefault(row["media_id"], set()).add(row["level"])
    return found


def exposure(reader: Reader, organisation: int, pid: str, since: datetime) -> dict[str, tuple[int, int]]:
    """Level -> (reveals that were opened, seconds they stood open) of one person since then."""
    mine = (reveal.c.organisation == organisation, reveal.c.person == pid, *_opened(since))
    seconds = func.coalesce(func.sum(reveal.c.seconds), 0).label("seconds")
    counted = select(reveal.c.level, func.count().label("n"), seconds).where(*mine).group_by(reveal.c.level)
    return {row["level"]: (row["n"], int(row["seconds"])) for row in reader.rows(counted)}


def exposure_of_all(reader: Reader, organisation: int, since: datetime) -> list[Row]:
    """person, level, n, seconds since then: totals, never what was seen."""
    mine = (reveal.c.organisation == organisation, *_opened(since))
    seconds = func.coalesce(func.sum(reveal.c.seconds), 0).label("seconds")
    counted = select(reveal.c.person, reveal.c.level, func.count().label("n"), seconds).where(*mine)
    grouped = counted.group_by(reveal.c.person, reveal.c.level)
    return list(reader.rows(grouped.order_by(reveal.c.person, reveal.c.level)))


def _opened(since: datetime) -> tuple[ColumnElement[bool], ...]:
    """What was opened since then; it was asked for a moment before at most, and that is what the index knows."""
    return reveal.c.at >= since - _LONGEST_WAIT, reveal.c.opened_at >= since


# Tickets and previews are good for a minute.
_LONGEST_WAIT = timedelta(minutes=5)


def known_case(reader: Reader, organisation: int, case_id: int) -> bool:
    """Whether there is such a case."""
    mine = (case.c.organisation == organisation, case.c.id == case_id)
    return reader.value(select(case.c.id).where(*mine)) is not None
