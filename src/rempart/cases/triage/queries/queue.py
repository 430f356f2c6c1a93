"""The queue in SQL: who comes next, a page of a lane, counts. Each query walks an index of `cases/tables.py`."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, select, text
from sqlalchemy import case as choose

from rempart.cases.tables import case, cluster
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


def best(reader: Reader, organisation: int, exclude: Collection[int]) -> int | None:
    """The case at the front of the tiers."""
    wanted = select(case.c.id).where(case.c.organisation == organisation, WAITING)
    return _first(reader, wanted.order_by(case.c.tier, *_ORDER), exclude)


def due(reader: Reader, organisation: int, until: datetime, exclude: Collection[int]) -> int | None:
    """The case whose clock ends first, and not after `until`: also one that another case of its cluster leads."""
    wanted = select(case.c.id).where(case.c.organisation == organisation, RUNNING, case.c.due_at <= until)
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
    age = choose(*((case.c.received_at > cut, number) for number, cut in enumerate(cuts)), else_=len(cuts))
    wanted = select(case.c.tier, age.label("age"), func.count().label("cases"))
    mine = (case.c.organisation == organisation, WAITING)
    return [(row["tier"], row["age"], row["cases"]) for row in reader.rows(wanted.where(*mine).group_by("tier", "age"))]


def count_due(reader: Reader, organisation: int, until: datetime) -> int:
    """How many waiting cases have a clock that ends by then."""
    wanted = select(func.count()).where(case.c.organisation == organisation, RUNNING, case.c.due_at <= until)
    return int(reader.value(wanted))


def count_picked(reader: Reader, organisation: int) -> int:
    """How many cases of the daily samples wait."""
    return int(reader.value(select(func.count()).where(case.c.organisation == organisation, PICKED)))


def _shown() -> Select[Any]:
    return select(*SHOWN, cluster.c.size).outerjoin(cluster, cluster.c.id == case.c.cluster)


def _behind(after: tuple[int, int, datetime, int] | None) -> Iterator[ColumnElement[bool]]:
    """What stands behind a place, as conditions that each are one stretch of the index, nearest first."""
    if after is None:
        yield case.c.id > 0
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
