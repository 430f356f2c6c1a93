"""What waits for somebody in particular, and who holds what. Each query walks an index of `cases/tables.py`."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, func, literal_column, or_, select, text, true

from rempart.cases.tables import case, cluster, decision, skip
from rempart.cases.triage.queries.queue import RUNNING, walking
from rempart.storage.database import Reader

Row = RowMapping
# Word for word the condition of the partial indexes: SQLite uses them for no other wording.
OTHERS = text("state IN ('needs_second', 'disputed', 'escalated', 'needs_info') AND assignee IS NULL AND leads")
PRESSING = text(
    "state IN ('needs_second', 'disputed', 'escalated', 'needs_info') AND assignee IS NULL AND due_at IS NOT NULL"
)
HELD = text("assignee IS NOT NULL")
SHOWN = (
    case.c.id,
    case.c.kind,
    case.c.state,
    case.c.tier,
    case.c.score,
    case.c.received_at,
    case.c.due_at,
    case.c.sampled,
    case.c.why,
    case.c.assignee,
    case.c.lease_until,
    cluster.c.size,
)
Place = tuple[int, int, datetime, int]
_URGENT = (case.c.tier, case.c.score.desc(), case.c.received_at, case.c.id)


def first_for(reader: Reader, organisation: int, states: Sequence[str], pid: str, now: datetime) -> Row | None:
    """The most urgent free case in these states that this person has not judged or skipped, or None."""
    found = [_first_of(reader, organisation, state, pid, now) for state in states]
    return min((one for one in found if one is not None), key=_rank, default=None)


def pressing_for(
    reader: Reader,
    organisation: int,
    states: Sequence[str],
    pid: str,
    now: datetime,
    until: datetime,
    since: datetime | None = None,
) -> Row | None:
    """The free case in these states whose clock ends first, not after `until`, for this person; or None.

    since: leaves out the clocks that ended by then.
    """
    mine = (case.c.organisation == organisation, PRESSING, case.c.due_at <= until, case.c.state.in_(states))
    later = case.c.due_at > since if since else true()
    wanted = select(case.c.id, case.c.tier, case.c.due_at).where(
        *mine, later, _settled(now), ~_judged(pid), ~_skipped(pid)
    )
    return reader.one(wanted.order_by(case.c.due_at, case.c.id).limit(1))


def waiting_page(
    reader: Reader, organisation: int, state: str, now: datetime, after: Place | None, limit: int
) -> list[Row]:
    """Free cases in the state, most urgent first, from behind `after`: (tier, score, received_at, id)."""
    mine = (case.c.organisation == organisation, OTHERS, case.c.state == state, _settled(now))
    rows: list[Row] = []
    for part in _behind(after):
        if len(rows) < limit:
            rows += reader.rows(_shown().where(*mine, part).order_by(*_URGENT).limit(limit - len(rows)))
    return rows


def due_page(reader: Reader, organisation: int, until: datetime, limit: int) -> list[Row]:
    """Free cases whose clock ends by then, whatever they wait for, the one that ends first first."""
    rows: list[Row] = []
    for condition in (RUNNING, PRESSING):
        wanted = _shown().where(case.c.organisation == organisation, condition, case.c.due_at <= until)
        rows += reader.rows(wanted.order_by(case.c.due_at, case.c.id).limit(limit))
    return sorted(rows, key=lambda row: (row["due_at"], row["id"]))[:limit]


def held(reader: Reader, organisation: int, pid: str | None, limit: int) -> list[Row]:
    """Cases that somebody holds, or that this person does; the lease that ends first first."""
    mine = (case.c.organisation == organisation, HELD, *((case.c.assignee == pid,) if pid else ()))
    return list(reader.rows(_shown().where(*mine).order_by(case.c.lease_until, case.c.id).limit(limit)))


def count_others(reader: Reader, organisation: int) -> dict[str, int]:
    """State -> free cases that wait in it for somebody in particular, leaders of clusters only."""
    state = literal_column("state", case.c.state.type)
    counted = select(state, func.count().label("n")).select_from(walking(reader, "ix_case_others"))
    mine = (literal_column("organisation", case.c.organisation.type) == organisation, OTHERS)
    return {row["state"]: row["n"] for row in reader.rows(counted.where(*mine).group_by(state))}


def count_pressing(reader: Reader, organisation: int, until: datetime) -> int:
    """How many of them have a clock that ends by then."""
    mine = (case.c.organisation == organisation, PRESSING, case.c.due_at <= until)
    return int(reader.value(select(func.count()).select_from(case).where(*mine)))


def count_held(reader: Reader, organisation: int) -> int:
    """How many cases somebody holds."""
    mine = (literal_column("organisation", case.c.organisation.type) == organisation, HELD)
    return int(reader.value(select(func.count()).select_from(walking(reader, "ix_case_held")).where(*mine)))


def judged_of(reader: Reader, organisation: int, ids: Sequence[int], pid: str) -> set[int]:
    """Those of these cases that this person has judged."""
    mine = (decision.c.organisation == organisation, decision.c.case_id.in_(ids), decision.c.reviewer == pid)
    return set(reader.values(select(decision.c.case_id).where(*mine, decision.c.undone_at.is_(None)).distinct()))


def _first_of(reader: Reader, organisation: int, state: str, pid: str, now: datetime) -> Row | None:
    mine = (case.c.organisation == organisation, OTHERS, case.c.state == state)
    wanted = select(case).where(*mine, _settled(now), ~_judged(pid), ~_skipped(pid))
    return reader.one(wanted.order_by(*_URGENT).limit(1))


def _rank(row: Row) -> tuple[Any, ...]:
    return row["tier"], -row["score"], row["received_at"], row["id"]


def _shown() -> Select[Any]:
    return select(*SHOWN).outerjoin(cluster, cluster.c.id == case.c.cluster)


def _settled(now: datetime) -> ColumnElement[bool]:
    """What was decided may be undone for a while; until then nobody takes it."""
    return or_(case.c.final_at.is_(None), case.c.final_at <= now)


def _judged(pid: str) -> ColumnElement[bool]:
    mine = (decision.c.case_id == case.c.id, decision.c.reviewer == pid, decision.c.undone_at.is_(None))
    return exists().where(*mine)


def _skipped(pid: str) -> ColumnElement[bool]:
    return exists().where(and_(skip.c.case_id == case.c.id, skip.c.person == pid))


def _behind(after: Place | None) -> Iterator[ColumnElement[bool]]:
    """What stands behind a place, as conditions that each are one stretch of the index, nearest first."""
    if after is None:
        yield true()
        return
    tier, score, received, last = after
    same = (case.c.tier == tier, case.c.score == score)
    yield and_(*same, case.c.received_at == received, case.c.id > last)
    yield and_(*same, case.c.received_at > received)
    yield and_(case.c.tier == tier, case.c.score < score)
    yield case.c.tier > tier
