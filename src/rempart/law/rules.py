"""The rules of law that set clocks, from `law.toml`, and how their time is counted.

Hours are counted as they pass: a day of 23 or 25 hours does not change them. Days, months and years are counted on the
calendar of the rule's own zone, so that a period ends at the same time of day on which it began; where that day does
not exist it ends on the last one before. Working days leave out weekends and public holidays.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from rempart.errors import NotFound

Kind = Literal["hold", "duty"]
CountsFrom = Literal["instant", "calendar"]
Mark = Literal["H", "M", "G", "K"]
_INSTANT = ("minutes", "hours")
_CALENDAR = ("days", "business_days", "months", "years")
SATURDAY = 5
# (from, to, reason); to: None while it lasts.
Pause = tuple[datetime, datetime | None, str]


@dataclass(frozen=True, slots=True)
class Law:
    """One rule. duration: unit -> how many. source, mark: where it is written, and how surely we know."""

    id: str
    jurisdiction: str
    zone: str
    kind: Kind
    trigger: str
    scope: str
    counts_from: CountsFrom
    duration: Mapping[str, int]
    en: str
    fr: str
    source: str
    mark: Mark
    pauses: tuple[str, ...] = ()
    restarts: bool = False
    in_force: bool = True

    def says(self, language: str) -> str:
        """The rule in one sentence."""
        return self.fr if language == "fr" else self.en

    def ends(self, start: datetime, pauses: Sequence[Pause] = (), now: datetime | None = None) -> datetime:
        """When a clock that starts then ends, in UTC. A pause is added back; one that lasts counts up to `now`.

        A rule that `restarts` gives the whole time anew from the end of the last pause.
        """
        ended = [(begin, end or now or begin) for begin, end, _ in pauses]
        if self.restarts and ended:
            return self._plain(max(end for _, end in ended))
        return self._plain(start) + sum((end - begin for begin, end in _merged(ended, start)), timedelta())

    def _plain(self, start: datetime) -> datetime:
        if self.counts_from == "instant":
            return start.astimezone(UTC) + timedelta(**dict(self.duration))
        local = start.astimezone(ZoneInfo(self.zone))
        months = self.duration.get("months", 0) + 12 * self.duration.get("years", 0)
        day = _months_later(local.date(), months) + timedelta(days=self.duration.get("days", 0))
        day = _working_days_later(day, self.duration.get("business_days", 0), self.jurisdiction)
        return datetime.combine(day, local.time(), ZoneInfo(self.zone)).astimezone(UTC)


@cache
def laws() -> Mapping[str, Law]:
    """The rules that ship, by id."""
    return laws_of(files("rempart.law").joinpath("law.toml").read_text("utf-8"))


def laws_of(text: str) -> Mapping[str, Law]:
    """The rules of this TOML. Raises KeyError, TypeError or ValueError for a rule that lacks something."""
    found = [_law(row) for row in tomllib.loads(text)["rule"]]
    if len({one.id for one in found}) != len(found):
        raise ValueError("two rules have one id")
    return {one.id: one for one in found}


def rule(name: str) -> Law:
    """The rule of this id. Raises NotFound."""
    if name not in laws():
        raise NotFound(f"there is no rule of law `{name}`; rules are {', '.join(laws())}")
    return laws()[name]


def _law(row: Mapping[str, Any]) -> Law:
    made = Law(**{**row, "pauses": tuple(row.get("pauses", ()))})
    units = _INSTANT if made.counts_from == "instant" else _CALENDAR
    if not made.duration or not set(made.duration) <= set(units) or not all(n > 0 for n in made.duration.values()):
        raise ValueError(f"rule {made.id} has no duration in {', '.join(units)}")
    for value, words in ((made.kind, Kind), (made.counts_from, CountsFrom), (made.mark, Mark)):
        if value not in get_args(words):
            raise ValueError(f"rule {made.id}: `{value}` is none of {', '.join(get_args(words))}")
    ZoneInfo(made.zone)
    return made


def _merged(pauses: Sequence[tuple[datetime, datetime]], start: datetime) -> list[tuple[datetime, datetime]]:
    """The pauses after the start, those that overlap taken together: no moment is added back twice."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end in sorted((max(begin, start), end) for begin, end in pauses if end > start):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def _working_days_later(day: date, number: int, jurisdiction: str) -> date:
    while number > 0:
        day += timedelta(days=1)
        number -= is_working_day(day, jurisdiction)
    return day


def is_working_day(day: date, country: str) -> bool:
    """Whether offices are open: no weekend and, where we know the country, no public holiday."""
    return day.weekday() < SATURDAY and day not in _holidays(country, day.year)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays

    if country not in holidays.list_supported_countries():
        return frozenset()
    return frozenset(holidays.country_holidays(country, years=year))
