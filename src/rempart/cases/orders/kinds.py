"""The kinds of orders from TOML: how long there is, and where that is written."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from rempart.errors import UserMistake

Wants = Literal["removal", "information"]
ClockBy = Literal["law", "house"]
LONGEST_ID = 20
MOST_HOURS = 24 * 366


@dataclass(frozen=True, slots=True)
class OrderKind:
    """One kind of order. hours: from receipt. clock: whether the law says so, or it is our own target.

    preserved_by: the rule of law that what was removed is preserved by; never for less than preserve_days.
    """

    id: str
    en: str
    fr: str
    wants: Wants
    hours: int
    clock: ClockBy
    restarts: bool
    preserve_days: int
    preserved_by: str
    basis: str
    source: str
    as_of: date
    hint_en: str
    hint_fr: str

    def due_at(self, received_at: datetime, stated: datetime | None = None) -> datetime:
        """When it has to be carried out. stated: what the order itself says; never later than the law says."""
        until = received_at + timedelta(hours=self.hours)
        if stated is None:
            return until
        return min(stated, until) if self.clock == "law" else stated


@cache
def kinds() -> Mapping[str, OrderKind]:
    """The kinds that ship, by id."""
    return kinds_of(files("rempart.cases.orders").joinpath("kinds.toml").read_text("utf-8"))


def kind(name: str) -> OrderKind:
    """The kind of this id. Raises UserMistake when there is none."""
    found = kinds().get(name)
    if found is None:
        raise UserMistake(f"there is no such kind of order; kinds are {', '.join(kinds())}")
    return found


def kinds_of(text: str) -> Mapping[str, OrderKind]:
    """The kinds of this TOML. Raises ValueError, KeyError or TypeError when it is none."""
    found = [_kind(table) for table in tomllib.loads(text)["kind"]]
    if len({one.id for one in found}) != len(found):
        raise ValueError("two kinds have one id")
    return {one.id: one for one in found}


def _kind(table: Mapping[str, Any]) -> OrderKind:
    made = OrderKind(**table)
    words = (made.id, made.en, made.fr, made.basis, made.source)
    if not all(words) or len(made.id) > LONGEST_ID:
        raise ValueError("a kind lacks a word")
    if made.wants not in get_args(Wants) or made.clock not in get_args(ClockBy) or not isinstance(made.as_of, date):
        raise ValueError(f"kind {made.id}: `wants`, `clock` or `as_of` is none of those that exist")
    if not 0 < made.hours <= MOST_HOURS or made.preserve_days < 0:
        raise ValueError(f"kind {made.id}: hours or days make no sense")
    return made
