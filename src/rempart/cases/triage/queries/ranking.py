"""Places of cases in SQL: write one or many, those that have waited another step, history for a replay."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import ceil
from typing import Any, get_args

from sqlalchemy import ColumnElement, RowMapping, bindparam, func, or_, select

from rempart.cases.tables import case, decision
from rempart.cases.triage.queries.queue import WAITING
from rempart.facts.case import CaseState, Placement
from rempart.storage.database import Reader, Writer

Row = RowMapping
OPEN = ("new", "triaged", "escalated", "needs_second", "disputed", "needs_info")
PLACED: tuple[CaseState, ...] = get_args(CaseState)
DICE_SIDES = 2**31
_HISTORY = (
    case.c.id,
    case.c.state,
    case.c.received_at,
    case.c.features,
    case.c.leads,
    case.c.outcome,
    case.c.decided_at,
)


def columns_of(placement: Placement) -> dict[str, Any]:
    """The columns of a case that say where it stands in the queue."""
    return {
        "tier": placement.tier,
        "score": placement.score,
        "tie": placement.tie,
        "why": [[why.rule, why.points, list(why.features)] for why in placement.why],
        "rules_version": placement.rules_version,
    }


def update(writer: Writer, organisation: int, case_id: int, **values: Any) -> None:
    """Nothing; the case says so now."""
    writer.run(case.update().where(case.c.organisation == organisation, case.c.id == case_id).values(**values))


def replace(writer: Writer, organisation: int, places: Iterable[tuple[int, Placement, datetime]]) -> None:
    """Nothing; each (case, placement, aged at) stands there now."""
    rows = [{"b_id": number, **columns_of(placement), "aged_at": at} for number, placement, at in places]
    if rows:
        mine = (case.c.organisation == organisation, case.c.id == bindparam("b_id"))
        columns = ("tier", "score", "tie", "why", "rules_version", "aged_at")
        writer.run(case.update().where(*mine).values({name: bindparam(name) for name in columns}), rows)


def waited(writer: Writer, organisation: int, since: datetime, limit: int) -> Sequence[Row]:
    """Waiting cases that were last aged by then, longest ago first; those that somebody just changes are left out."""
    mine = (case.c.organisation == organisation, WAITING, case.c.aged_at <= since)
    columns = (case.c.id, case.c.features, case.c.received_at)
    wanted = select(*columns).where(*mine).order_by(case.c.aged_at).limit(limit)
    return writer.rows(wanted.with_for_update(skip_locked=True))


def placed_otherwise(writer: Writer, organisation: int, rules_version: str, after: int, limit: int) -> Sequence[Row]:
    """Undecided cases behind `after` that other rules placed, by their numbers; none that somebody just changes."""
    mine = (case.c.organisation == organisation, case.c.state == "triaged", case.c.rules_version != rules_version)
    columns = (case.c.id, case.c.features, case.c.received_at)
    # Ordered by its number alone: each batch goes on where the last one ended, on the table itself.
    wanted = select(*columns).where(case.c.id > after, *mine).order_by(case.c.id).limit(limit)
    return writer.rows(wanted.with_for_update(skip_locked=True))


def history(reader: Reader, organisation: int, since: datetime) -> Iterator[Row]:
    """Every open case, and every other that came since then, oldest first."""
    return reader.each(select(*_HISTORY).where(*_of_history(organisation, since)).order_by(case.c.id))


def count_history(reader: Reader, organisation: int, since: datetime) -> int:
    """How many cases `history` reads."""
    return int(reader.value(select(func.count()).where(*_of_history(organisation, since))))


def _of_history(organisation: int, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (case.c.organisation == organisation, or_(case.c.state.in_(OPEN), case.c.received_at >= since))


def draw(
    writer: Writer, organisation: int, tier: int, day: tuple[datetime, datetime], share: float
) -> tuple[int, int, int]:
    """(cases, in the sample, drawn just now): that share of the tier's cases of the day, rounded up.

    day: from, and up to. The lowest dice are drawn: they were thrown at arrival, before anybody knew anything of the
    case. What was looked at already counts as a case of the day and cannot be drawn any more.
    """
    since, until = day
    of_day = (
        case.c.organisation == organisation,
        case.c.state.in_(PLACED),
        case.c.tier == tier,
        case.c.received_at >= since,
        case.c.received_at < until,
        case.c.leads,
    )
    cases = int(writer.value(select(func.count()).where(*of_day)))
    drawable = (*of_day, WAITING, ~case.c.sampled)
    low = select(case.c.id).where(*drawable, case.c.dice < share * DICE_SIDES)
    fresh = _pick(writer, organisation, list(writer.values(low)))
    already = int(writer.value(select(func.count()).where(*of_day, case.c.sampled)))
    missing = ceil(cases * share) - already
    if missing > 0:
        lowest = select(case.c.id).where(*drawable).order_by(case.c.dice, case.c.id).limit(missing)
        more = _pick(writer, organisation, list(writer.values(lowest)))
        already, fresh = already + more, fresh + more
    return cases, already, fresh


def _pick(writer: Writer, organisation: int, cases: list[int]) -> int:
    """How many; they are in the sample."""
    if cases:
        writer.run(case.update().where(case.c.organisation == organisation, case.c.id.in_(cases)).values(sampled=True))
    return len(cases)


def sampled_outcomes(reader: Reader, organisation: int, since: datetime) -> list[tuple[int, str, int]]:
    """(tier, outcome, cases) of first decisions that the lane `sample` led to."""
    mine = (
        decision.c.organisation == organisation,
        decision.c.lane == "sample",
        decision.c.round == "first",
        decision.c.undone_at.is_(None),
        decision.c.at >= since,
    )
    counted = (
        select(case.c.tier, decision.c.outcome, func.count().label("cases"))
        .join(case, case.c.id == decision.c.case_id)
        .where(*mine)
        .group_by(case.c.tier, decision.c.outcome)
    )
    return [(row["tier"], row["outcome"], row["cases"]) for row in reader.rows(counted)]


def count_sampled(reader: Reader, organisation: int, since: datetime) -> dict[int, int]:
    """Tier -> how many cases that came since then were drawn."""
    mine = (case.c.organisation == organisation, case.c.received_at >= since, case.c.sampled)
    counted = select(case.c.tier, func.count().label("cases")).where(*mine).group_by(case.c.tier)
    return {row["tier"]: row["cases"] for row in reader.rows(counted)}
