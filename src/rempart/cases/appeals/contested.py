"""The decision that can be contested now, until when, and by whom not any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rempart.cases.appeals import queries
from rempart.cases.review import acting
from rempart.cases.review.queries import cases, decisions
from rempart.errors import Conflict
from rempart.storage.database import Reader

Side = Literal["notifier", "user"]
SIDES: tuple[Side, ...] = ("notifier", "user")


@dataclass(frozen=True, slots=True)
class Contested:
    """A final decision that was carried out. series: it and those before it, back to the last that was no appeal's."""

    case: cases.Row
    decision: decisions.Row
    series: tuple[int, ...]


def in_force(reader: Reader, case: cases.Row, now: datetime) -> Contested:
    """The decision in force on the case. Raises Conflict while there is none that is final and carried out."""
    rows = decisions.of_case(reader, case["organisation"], case["id"])
    final = case["state"] in acting.JUDGED and case["final_at"] is not None and case["final_at"] <= now
    if not final or not rows or not acting.acted(reader, case["organisation"], rows[-1]):
        raise Conflict("nothing was decided here yet that can be contested; look again later")
    return Contested(case, rows[-1], _series(rows))


def check_window(told_at: datetime, days: int, now: datetime) -> None:
    """Nothing. told_at: when this side could first know of the decision. Raises Conflict when the time is over."""
    if now >= ends_at(told_at, days):
        raise Conflict("the time for an appeal against this decision is over; a court is open to you still")


def ends_at(told_at: datetime, days: int) -> datetime:
    """When the time for an appeal is over."""
    return told_at + timedelta(days=days)


def check_side(reader: Reader, contested: Contested, side: Side) -> None:
    """Nothing. Raises Conflict when this side has an appeal open here, or had its answer already."""
    organisation, case_id = contested.case["organisation"], contested.case["id"]
    mine = [row for row in queries.of_case(reader, organisation, case_id) if row["brought_by"] == side]
    if any(row["state"] in queries.UNDECIDED for row in mine):
        raise Conflict("this decision is being looked at again already; what comes of it will be told to you, too")
    if any(row["state"] in queries.DECIDED and row["decision_id"] in contested.series for row in mine):
        raise Conflict(
            "this decision was looked at again already; a body outside of this service, or a court, is open to you"
        )


def _series(rows: Sequence[decisions.Row]) -> tuple[int, ...]:
    ids: list[int] = []
    for row in reversed(rows):
        ids.append(row["id"])
        if row["round"] != "appeal":
            break
    return tuple(ids)
