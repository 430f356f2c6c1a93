"""The lanes of the queue as a person sees them: what stands in each, in the order in which it is worked off.

`due`, `tier` and `sample` are those of triage. Beside them: `second`, `disputed` and `escalated` wait for somebody
in particular, `info` for information, and `held` is what people have before them now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from rempart.cases.review import guards
from rempart.cases.review.queries import lanes as queries
from rempart.cases.triage import queue
from rempart.cases.triage.features import moment
from rempart.errors import NotAllowed, UserMistake
from rempart.facts.case import Why
from rempart.facts.people import Actor
from rempart.storage.columns import FORMAT
from rempart.storage.database import Reader

LaneName = Literal["tier", "due", "sample", "second", "disputed", "escalated", "info", "held"]
LANES: tuple[LaneName, ...] = get_args(LaneName)
STATES: dict[LaneName, str] = {
    "second": "needs_second",
    "disputed": "disputed",
    "escalated": "escalated",
    "info": "needs_info",
}
FOR_SENIORS: tuple[LaneName, ...] = ("disputed", "escalated", "held")
PAGE = 25
MOST_HELD = 200
_LARGEST = 2**62


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list. members: how many cases it stands for. judged: this person judged it already.

    assignee, lease_until: who holds it, until when; None while it is free.
    """

    id: int
    kind: str
    state: str
    tier: int
    score: int
    received_at: datetime
    due_at: datetime | None
    sampled: bool
    members: int
    why: tuple[Why, ...]
    assignee: str | None = None
    lease_until: datetime | None = None
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A page of a lane. after: what to ask the next one with; None when this is the last."""

    name: LaneName
    lines: tuple[Line, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """What waits. tiers: tier -> cases by age, as `queue.AGES` cuts it. lanes: how many stand in each of the others."""

    tiers: dict[int, tuple[int, int, int, int]]
    lanes: dict[LaneName, int]


def lane(
    reader: Reader, actor: Actor, name: LaneName, now: datetime, *, tier: int | None = None, after: str = ""
) -> Lane:
    """A page of the lane. tier: only this one, in the lane `tier`. Raises NotAllowed for what is a senior's."""
    guards.judge(actor)
    if name in FOR_SENIORS and actor.role not in guards.SENIORS:
        raise NotAllowed("this lane is for seniors and supervisors; choose another one")
    if name == "held":
        rows = queries.held(reader, actor.organisation, None, MOST_HELD)
        return Lane(name, tuple(map(_line, rows)), None)
    if name in STATES:
        return _waiting(reader, actor, name, now, after)
    if name == "due":
        # Cases with a clock are few, unless much is wrong: then the first page is long enough for a while.
        return Lane(name, due_soon(reader, actor, _EVER, MOST_HELD), None)
    page = queue.page(reader, actor.organisation, "sample" if name == "sample" else "tier", tier, after, PAGE)
    return Lane(name, tuple(_standing(one) for one in page.rows), page.after)


def due_soon(reader: Reader, actor: Actor, until: datetime, limit: int) -> tuple[Line, ...]:
    """Free cases whose clock ends by then, whatever they wait for, the one that ends first first."""
    return _marked(reader, actor, queries.due_page(reader, actor.organisation, until, limit))


def holding(reader: Reader, actor: Actor) -> tuple[Line, ...]:
    """What this person holds."""
    return tuple(map(_line, queries.held(reader, actor.organisation, actor.pid, MOST_HELD)))


def counted(reader: Reader, actor: Actor, now: datetime, within: timedelta) -> Counted:
    """How much waits, by tier and age, and in each lane. within: a clock that ends within this time is due soon."""
    organisation = actor.organisation
    waits = queue.counts(reader, organisation, now, within)
    others = queries.count_others(reader, organisation)
    lanes: dict[LaneName, int] = {name: others.get(state, 0) for name, state in STATES.items()}
    lanes |= {
        "due": waits.due_soon + queries.count_pressing(reader, organisation, now + within),
        "sample": waits.sampled,
        "held": queries.count_held(reader, organisation),
    }
    return Counted(waits.tiers, lanes)


# A year of four digits, as times are stored.
_EVER = moment("9999-12-31T00:00:00Z")


def _waiting(reader: Reader, actor: Actor, name: LaneName, now: datetime, after: str) -> Lane:
    place = _place(after) if after else None
    rows = queries.waiting_page(reader, actor.organisation, STATES[name], now, place, PAGE + 1)
    lines = _marked(reader, actor, rows[:PAGE])
    return Lane(name, lines, _mark(rows[PAGE - 1]) if len(rows) > PAGE else None)


def _marked(reader: Reader, actor: Actor, rows: list[queries.Row]) -> tuple[Line, ...]:
    """The rows as lines that say which of them this person judged already."""
    asked = [row["id"] for row in rows if row["state"] in ("needs_second", "disputed")]
    judged = queries.judged_of(reader, actor.organisation, asked, actor.pid) if asked else set()
    return tuple(_line(row, judged) for row in rows)


def _line(row: queries.Row, judged: Iterable[int] = ()) -> Line:
    return Line(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        tier=row["tier"],
        score=row["score"],
        received_at=row["received_at"],
        due_at=row["due_at"],
        sampled=bool(row["sampled"]),
        members=row["size"] or 1,
        why=queue.whys(row["why"]),
        assignee=row["assignee"],
        lease_until=row["lease_until"],
        judged=row["id"] in judged,
    )


def _standing(one: queue.Standing) -> Line:
    return Line(
        one.id,
        one.kind,
        "triaged",
        one.tier,
        one.score,
        one.received_at,
        one.due_at,
        one.sampled,
        one.members,
        one.why,
    )


def _mark(row: queries.Row) -> str:
    return f"{row['tier']}_{row['score']}_{row['received_at'].strftime(FORMAT)}_{row['id']}"


def _place(mark: str) -> queries.Place:
    """The place that a mark names. Raises UserMistake when it is none."""
    parts: list[Any] = mark.split("_")
    try:
        tier, score, received, last = int(parts[0]), int(parts[1]), moment(parts[2]), int(parts[3])
    except (ValueError, IndexError, UserMistake):
        tier, score, received, last = 0, _LARGEST, _EVER, 0
    if len(parts) != 4 or any(abs(one) >= _LARGEST for one in (tier, score, last)):
        raise UserMistake("the mark of the next page cannot be read; start from the first page")
    return tier, score, received, last
