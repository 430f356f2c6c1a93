"""Places of cases in SQL: read one, write one, those that have waited another step, history for a replay."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import ceil
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, or_, select

from rempart.cases.tables import case, decision
from rempart.cases.triage.queries.queue import WAITING
from rempart.facts.case import Placement
from rempart.storage.database import Reader, Writer

Row = RowMapping
OPEN = ("triaged", "needs_second", "disputed", "needs_info")
_PLACED = (
    case.c.id,
    case.c.state,
    case.c.received_at,
    case.c.tier,
    case.c.score,
    case.c.tie,
    case.c.why,
    case.c.rules_version,
    case.c.features,
    case.c.aged_at,
    case.c.outcome,
    case.c.cluster,
    case.c.leads,
    case.c.due_at,
    case.c.sampled,
)


def placed(reader: Reader, organisation: int, case_id: int) -> Row | None:
    """Where the case stands, and on what that rests."""
    return reader.one(select(*_PLACED).where(case.c.organisation == organisation, case.c.id == case_id))


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


def waited(reader: Reader, organisation: int, since: datetime, limit: int) -> Sequence[Row]:
    """Waiting cases that were last aged by then, longest ago first."""
    mine = (case.c.organisation == organisation, WAITING, case.c.aged_at <= since)
    columns = (case.c.id, case.c.features, case.c.received_at)
    return reader.rows(select(*columns).where(*mine).order_by(case.c.aged_at).limit(limit))


def history(reader: Reader, organisation: int, decided_since: datetime) -> Iterator[Row]:
    """Every open case, and those decided since then, oldest first."""
    wanted = or_(case.c.state.in_(OPEN), case.c.decided_at >= decided_since)
    return reader.each(select(*_PLACED).where(case.c.organisation == organisation, wanted).order_by(case.c.id))


def draw(writer: Writer, organisation: int, tier: int, since: datetime, share: float) -> tuple[int, int, int]:
    """(cases, in the sample, drawn just now): that share of the tier's waiting cases that came since then, rounded up.

    The lowest dice are drawn: they were thrown at arrival, before anybody knew anything of the case.
    """
    mine = (case.c.organisation == organisation, case.c.tier == tier, case.c.received_at > since, WAITING)
    cases = int(writer.value(select(func.count()).where(*mine)))
    already = int(writer.value(select(func.count()).where(*mine, case.c.sampled)))
    missing = ceil(cases * share) - already
    if missing <= 0:
        return cases, already, 0
    chosen = select(case.c.id).where(*mine, ~case.c.sampled).order_by(case.c.dice, case.c.id).limit(missing)
    ids = list(writer.values(chosen))
    writer.run(case.update().where(case.c.organisation == organisation, case.c.id.in_(ids)).values(sampled=True))
    return cases, already + len(ids), len(ids)


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
