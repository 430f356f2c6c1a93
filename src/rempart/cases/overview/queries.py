"""What the overview counts. Every number is counted by the database; none reads rows one by one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    String,
    case,
    cast,
    extract,
    func,
    select,
    type_coerce,
)

from rempart.cases import tables
from rempart.cases.orders.queries import RUNNING
from rempart.cases.triage.ruleset import TIERS
from rempart.storage.database import Reader
from rempart.storage.tables import outbox

OPEN_STATES = ("new", "triaged", "escalated", "needs_second", "disputed", "needs_info")
Period = tuple[datetime, datetime]
"""From, inclusive, until, exclusive."""


def inbound(reader: Reader, organisation: int, period: Period) -> list[tuple[str, str, int]]:
    """(day, channel, notices that came), by day."""
    notice = tables.notice.c
    day = func.substr(type_coerce(notice.received_at, String), 1, 10).label("day")
    mine = (notice.organisation == organisation, *_within(notice.received_at, period))
    came = select(day, notice.channel).where(*mine).subquery()
    counted = select(came.c.day, came.c.channel, func.count().label("n")).group_by(came.c.day, came.c.channel)
    return sorted((row["day"], row["channel"], row["n"]) for row in reader.rows(counted))


def open_by_tier(reader: Reader, organisation: int, since: Sequence[datetime]) -> list[tuple[int, int, int]]:
    """(tier, band, open cases). since: falling; band 0 came at or after since[0], the last before all of them.

    Cost: everything open is counted once by an index; what came since then, by short stretches of it.
    """
    younger = [_open_of_tiers(reader, organisation, at) for at in since]
    found: list[tuple[int, int, int]] = []
    for tier, cases in _open_of_tiers(reader, organisation, None).items():
        known = [0, *(one.get(tier, 0) for one in younger), cases]
        found += [(tier, band, known[band + 1] - known[band]) for band in range(len(known) - 1)]
    return sorted(one for one in found if one[2])


def _open_of_tiers(reader: Reader, organisation: int, since: datetime | None) -> dict[int, int]:
    """Tier -> open cases that came since then; all of them for None."""
    found = tables.case.c
    mine = [found.organisation == organisation, found.state.in_(OPEN_STATES)]
    mine += [] if since is None else [found.tier.in_(TIERS), found.received_at >= since]
    counted = select(found.tier, func.count().label("n")).where(*mine).group_by(found.state, found.tier)
    tiers: dict[int, int] = {}
    for row in reader.rows(counted):
        tiers[row["tier"]] = tiers.get(row["tier"], 0) + row["n"]
    return tiers


def open_states(reader: Reader, organisation: int) -> dict[str, int]:
    """State -> open cases in it."""
    found = tables.case.c
    mine = (found.organisation == organisation, found.state.in_(OPEN_STATES))
    return _counts(reader, found.state, mine)


def leased(reader: Reader, organisation: int) -> int:
    """How many cases somebody holds."""
    found = tables.case.c
    held = (found.organisation == organisation, found.assignee.is_not(None), found.state.in_(OPEN_STATES))
    return int(reader.value(select(func.count()).select_from(tables.case).where(*held)))


def clocks(reader: Reader, organisation: int, now: datetime, soon: datetime) -> tuple[int, int]:
    """(open cases whose clock ended, those whose clock ends before `soon`)."""
    found = tables.case.c
    overdue = func.count(case((found.due_at < now, 1)))
    mine = (found.organisation == organisation, found.due_at < soon, found.state.in_(OPEN_STATES))
    row = reader.one(select(overdue.label("over"), func.count().label("n")).where(*mine))
    return (row["over"], row["n"] - row["over"]) if row else (0, 0)


def orders(reader: Reader, organisation: int, now: datetime) -> tuple[int, int]:
    """(orders that wait to be carried out, those of them whose time is over)."""
    order = tables.order.c
    mine = (order.organisation == organisation, order.state.in_(RUNNING))
    row = reader.one(
        select(func.count().label("n"), func.count(case((order.due_at < now, 1))).label("over")).where(*mine)
    )
    return (row["n"], row["over"]) if row else (0, 0)


def outcomes(reader: Reader, organisation: int, period: Period) -> dict[str, int]:
    """Outcome -> cases decided."""
    found = tables.case.c
    mine = (found.organisation == organisation, *_within(found.decided_at, period), found.outcome.is_not(None))
    return _counts(reader, found.outcome, mine)


def seconds_to_first_decision(reader: Reader, organisation: int, period: Period) -> tuple[int, int, int] | None:
    """(decisions, median, 95th percentile) from a case's arrival to its first decision, undone ones left out."""
    made, found = tables.decision.c, tables.case.c
    mine = (
        made.organisation == organisation,
        *_within(made.at, period),
        made.round == "first",
        made.undone_at.is_(None),
    )
    passed = _seconds(reader, found.received_at, made.at)
    return _quantiles(reader, select(passed).join_from(tables.decision, tables.case).where(*mine))


def seconds_to_final(reader: Reader, organisation: int, period: Period) -> tuple[int, int, int] | None:
    """(cases, median, 95th percentile) from a case's arrival to the decision that stands."""
    found = tables.case.c
    mine = (found.organisation == organisation, *_within(found.decided_at, period), found.outcome.is_not(None))
    return _quantiles(reader, select(_seconds(reader, found.received_at, found.decided_at)).where(*mine))


def seconds_to_answer(reader: Reader, organisation: int, period: Period) -> tuple[int, int, int] | None:
    """(appeals, median, 95th percentile) from an appeal to its answer."""
    appeal = tables.appeal.c
    mine = (appeal.organisation == organisation, *_within(appeal.decided_at, period))
    return _quantiles(reader, select(_seconds(reader, appeal.opened_at, appeal.decided_at)).where(*mine))


def appeals(reader: Reader, organisation: int) -> dict[str, int]:
    """State -> appeals in it."""
    return _counts(reader, tables.appeal.c.state, (tables.appeal.c.organisation == organisation,))


def exposure(
    reader: Reader, organisation: int, period: Period, person: str | None = None
) -> dict[str, tuple[int, int]]:
    """Level -> (reveals, seconds) of everybody, or of one person: whose own they are."""
    reveal = tables.reveal.c
    mine = [reveal.organisation == organisation, *_within(reveal.at, period)]
    mine += [reveal.person == person] if person is not None else []
    spent = func.coalesce(func.sum(reveal.seconds), 0).label("seconds")
    rows = reader.rows(select(reveal.level, func.count().label("n"), spent).where(*mine).group_by(reveal.level))
    return {row["level"]: (row["n"], int(row["seconds"])) for row in rows}


def screened(reader: Reader, organisation: int, first: date, last: date) -> dict[str, int]:
    """Outcome -> items screened from the first day to the last."""
    tally = tables.tally.c
    mine = (tally.organisation == organisation, tally.day.between(first, last))
    rows = reader.rows(select(tally.outcome, func.sum(tally["items"]).label("n")).where(*mine).group_by(tally.outcome))
    return {row["outcome"]: int(row["n"]) for row in rows}


def effects(reader: Reader, organisation: int) -> dict[str, int]:
    """State of the outbox -> effects of this organisation in it."""
    return _counts(reader, outbox.c.state, (outbox.c.organisation == organisation,))


def _within(moment: ColumnElement[Any], period: Period) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return moment >= period[0], moment < period[1]


def _counts(reader: Reader, by: ColumnElement[Any], where: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    rows = reader.rows(select(by.label("what"), func.count().label("n")).where(*where).group_by(by))
    return {row["what"]: row["n"] for row in sorted(rows, key=lambda row: str(row["what"]))}


def _seconds(reader: Reader, start: ColumnElement[Any], end: ColumnElement[Any]) -> ColumnElement[int]:
    """The whole seconds between two moments."""
    return (_epoch(reader, end) - _epoch(reader, start)).label("seconds")


def _epoch(reader: Reader, moment: ColumnElement[Any]) -> ColumnElement[int]:
    written = type_coerce(moment, String)
    if reader.dialect == "postgresql":
        return cast(extract("epoch", cast(written, DateTime(timezone=True))), BigInteger)
    return cast(func.strftime("%s", written), BigInteger)


def _quantiles(reader: Reader, seconds: Select[Any]) -> tuple[int, int, int] | None:
    """(how many, median, 95th percentile) by nearest rank; None when there are none."""
    drawn = seconds.subquery()
    rank = func.row_number().over(order_by=drawn.c.seconds).label("rank")
    ranked = select(drawn.c.seconds, rank, func.count().over().label("n")).subquery()
    at_least = [
        func.min(case((ranked.c.rank * 100 >= ranked.c.n * share, ranked.c.seconds))).label(f"p{share}")
        for share in (50, 95)
    ]
    row = reader.one(select(func.max(ranked.c.n).label("n"), *at_least))
    return None if row is None or row["n"] is None else (int(row["n"]), int(row["p50"]), int(row["p95"]))
