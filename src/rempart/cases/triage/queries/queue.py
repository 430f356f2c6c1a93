"""The queue in SQL: who comes next, a page of a lane, counts. Each query walks an index of `cases/tables.py`."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    Select,
    TextClause,
    and_,
    func,
    literal_column,
    select,
    text,
    true,
)

from rempart.cases.tables import case, cluster
from rempart.cases.triage.ruleset import TIERS
from rempart.storage.database import Reader, Writer

Row = RowMapping
# Word for word the condition of the partial indexes: SQLite uses them for no other wording.
WAITING = text("state = 'triaged' AND assignee IS NULL AND leads")
RUNNING = text("state = 'triaged' AND assignee IS NULL AND due_at IS NOT NULL")
PICKED = text("state = 'triaged' AND assignee IS NULL AND leads AND sampled")
SHOWN = (
    case.c.id,
    case.c.kind,
    case.c.tier,
    case.c.score,
    case.c.tie,
    case.c.received_at,
    case.c.due_at,
    case.c.sampled,
    case.c.why,
    case.c.cluster,
)
_ORDER = (case.c.score.desc(), case.c.tie.desc(), case.c.received_at.desc(), case.c.id)


def best(reader: Reader, organisation: int, exclude: Collection[int], tier: int | None = None) -> int | None:
    """The case at the front of the tiers, or of this one."""
    wanted = select(case.c.id).where(case.c.organisation == organisation, WAITING)
    if tier is not None:
        wanted = wanted.where(case.c.tier == tier)
    return _first(reader, wanted.order_by(case.c.tier, *_ORDER), exclude)


def due(
    reader: Reader, organisation: int, until: datetime, exclude: Collection[int], since: datetime | None = None
) -> int | None:
    """The case whose clock ends first, not after `until`: also one that another case of its cluster leads.

    since: leaves out the clocks that ended by then.
    """
    wanted = select(case.c.id).where(case.c.organisation == organisation, RUNNING, case.c.due_at <= until)
    if since is not None:
        wanted = wanted.where(case.c.due_at > since)
    return _first(reader, wanted.order_by(case.c.due_at, case.c.id), exclude)


def drawn(
    reader: Reader, organisation: int, tier: int, dice: int, exclude: Collection[int], *, picked: bool
) -> int | None:
    """The case of the tier with the next dice from here on, round and round. picked: of the daily sample only."""
    mine = (case.c.organisation == organisation, case.c.tier == tier, PICKED if picked else WAITING)
    wanted = select(case.c.id).order_by(case.c.dice, case.c.id)
    found = _first(reader, wanted.where(*mine, case.c.dice >= dice), exclude)
    return found if found is not None else _first(reader, wanted.where(*mine, case.c.dice < dice), exclude)


def tier_page(
    reader: Reader, organisation: int, tier: int, after: tuple[int, int, datetime, int] | None, limit: int
) -> list[Row]:
    """Cases of one tier in order, from behind `after`: (score, tie, received_at, id) of the last one seen."""
    mine = (case.c.organisation == organisation, case.c.tier == tier, WAITING)
    rows: list[Row] = []
    for part in _behind(after):
        if len(rows) < limit:
            wanted = _shown().where(*mine, part).order_by(*_ORDER).limit(limit - len(rows))
            rows += reader.rows(wanted)
    return rows


def due_page(reader: Reader, organisation: int, after: tuple[datetime, int] | None, limit: int) -> list[Row]:
    """Cases with a clock, the one that ends first first."""
    wanted = _shown().where(case.c.organisation == organisation, RUNNING)
    if after is not None:
        at, last = after
        wanted = wanted.where(case.c.due_at >= at, (case.c.due_at > at) | (case.c.id > last))
    return list(reader.rows(wanted.order_by(case.c.due_at, case.c.id).limit(limit)))


def picked_page(reader: Reader, organisation: int, after: tuple[int, int, int] | None, limit: int) -> list[Row]:
    """The cases of the daily samples, in the order of their dice. after: (tier, dice, id)."""
    wanted = select(*SHOWN, cluster.c.size, case.c.dice).outerjoin(cluster, cluster.c.id == case.c.cluster)
    wanted = wanted.where(case.c.organisation == organisation, PICKED)
    if after is not None:
        tier, dice, last = after
        same = and_(case.c.tier == tier, (case.c.dice > dice) | and_(case.c.dice == dice, case.c.id > last))
        wanted = wanted.where(case.c.tier >= tier, (case.c.tier > tier) | same)
    return list(reader.rows(wanted.order_by(case.c.tier, case.c.dice, case.c.id).limit(limit)))


def counts(reader: Reader, organisation: int, cuts: Sequence[datetime]) -> list[tuple[int, int, int]]:
    """(tier, age, cases) of all that wait. age: how many of the cuts (latest first) the case is older than."""
    steps = [*(_by_tier(reader, organisation, cut) for cut in cuts), _by_tier(reader, organisation, None)]
    return [
        (tier, age, step.get(tier, 0) - (steps[age - 1].get(tier, 0) if age else 0))
        for age, step in enumerate(steps)
        for tier in steps[-1]
    ]


def _by_tier(reader: Reader, organisation: int, since: datetime | None) -> dict[int, int]:
    """Tier -> how many cases wait that came after this time, or whenever."""
    mine: list[Any] = [literal_column("organisation", case.c.organisation.type) == organisation, WAITING]
    tier, received = literal_column("tier", case.c.tier.type), literal_column("received_at", case.c.received_at.type)
    mine += [] if since is None else [tier.in_(TIERS), received > since]
    counted = select(tier, func.count().label("cases")).select_from(walking(reader, "ix_case_ages")).where(*mine)
    return {row["tier"]: row["cases"] for row in reader.rows(counted.group_by(tier))}


def walking(reader: Reader, index: str) -> FromClause | TextClause:
    """The cases, counted on this index alone; its columns are `literal_column`s.

    Left to itself SQLite takes a wider index, and then reads the row of every case that it finds there.
    """
    return text(f"case_file INDEXED BY {index}") if reader.dialect == "sqlite" else case


def count_due(reader: Reader, organisation: int, until: datetime) -> int:
    """How many waiting cases have a clock that ends by then."""
    wanted = select(func.count()).where(case.c.organisation == organisation, RUNNING, case.c.due_at <= until)
    return int(reader.value(wanted))


def count_picked(reader: Reader, organisation: int) -> int:
    """How many cases of the daily samples wait."""
    mine = (literal_column("organisation", case.c.organisation.type) == organisation, PICKED)
    return int(reader.value(select(func.count()).select_from(walking(reader, "ix_case_picked")).where(*mine)))


def _shown() -> Select[Any]:
    return select(*SHOWN, cluster.c.size).outerjoin(cluster, cluster.c.id == case.c.cluster)


def _behind(after: tuple[int, int, datetime, int] | None) -> Iterator[ColumnElement[bool]]:
    """What stands behind a place, as conditions that each are one stretch of the index, nearest first."""
    if after is None:
        yield true()
        return
    score, tie, received, last = after
    yield and_(case.c.score == score, case.c.tie == tie, case.c.received_at == received, case.c.id > last)
    yield and_(case.c.score == score, case.c.tie == tie, case.c.received_at < received)
    yield and_(case.c.score == score, case.c.tie < tie)
    yield case.c.score < score


def _first(reader: Reader, wanted: Select[Any], exclude: Collection[int]) -> int | None:
    """The first case that is not excluded; on PostgreSQL one that nobody else is just taking."""
    if exclude:
        wanted = wanted.where(case.c.id.not_in(sorted(exclude)))
    value = reader.value(
        wanted.limit(1).with_for_update(skip_locked=True) if isinstance(reader, Writer) else wanted.limit(1)
    )
    return None if value is None else int(value)
