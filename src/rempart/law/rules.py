"""The rules of law that set clocks, from `law.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from rempart.errors import NotFound

_UNITS = ("minutes", "hours", "days", "months", "years")


@dataclass(frozen=True, slots=True)
class Law:
    """One rule. duration: unit -> how many. source, as_of, mark: where it is written, when it was read, how surely."""

    id: str
    jurisdiction: str
    kind: Literal["hold", "duty"]
    trigger: str
    duration: Mapping[str, int]
    en: str
    fr: str
    source: str
    as_of: str
    mark: str

    def ends(self, start: datetime) -> datetime:
        """When a clock that starts then ends: months and years by the calendar, the last day where one is missing."""
        months = self.duration.get("months", 0) + 12 * self.duration.get("years", 0)
        end = _months_later(start, months) if months else start
        return end + timedelta(**{unit: n for unit, n in self.duration.items() if unit in ("minutes", "hours", "days")})


@cache
def laws() -> Mapping[str, Law]:
    """The rules that ship, by id."""
    return laws_of(files("rempart.law").joinpath("law.toml").read_text("utf-8"))


def laws_of(text: str) -> Mapping[str, Law]:
    """The rules of this TOML. Raises KeyError, TypeError or ValueError for a rule that lacks something."""
    record = tomllib.loads(text)
    return {row["id"]: _law(row) for row in record["rule"]}


def rule(name: str) -> Law:
    """The rule of this id. Raises NotFound."""
    if name not in laws():
        raise NotFound(f"there is no rule of law `{name}`; rules are {', '.join(laws())}")
    return laws()[name]


def _law(row: Mapping[str, Any]) -> Law:
    if not row["duration"] or set(row["duration"]) - set(_UNITS):
        raise ValueError(f"rule {row['id']} has no duration in {', '.join(_UNITS)}")
    return Law(**row)


def _months_later(start: datetime, months: int) -> datetime:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for day in range(start.day, 27, -1):
        try:
            return start.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return start.replace(year=year, month=month + 1)
