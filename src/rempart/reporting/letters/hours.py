"""When a notice may leave: grouped by address, in office hours, not on blocked days."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from rempart.errors import UserMistake

SETTING = "REMPART_REPORTING__NOTICES"
LONGEST_WAIT_DAYS = 60
_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Office:
    """When somebody is at the desk to answer. days: 1 (Monday) to 7. until: 24 hours after midnight at most.

    holidays: countries whose public holidays are free. blocked: other days without mail.
    """

    zone: ZoneInfo
    days: frozenset[int]
    begins: timedelta
    ends: timedelta
    holidays: tuple[str, ...] = ()
    blocked: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether mail leaves on this day."""
        return day.isoweekday() in self.days and day not in self.blocked and not self._is_holiday(day)

    def _is_holiday(self, day: date) -> bool:
        return any(day in _holidays(country, day.year) for country in self.holidays)


def office_of(options: Mapping[str, Any]) -> Office:
    """The office hours of these settings. Raises UserMistake for what cannot be understood."""
    found = _HOURS.fullmatch(options["office_hours"])
    if found is None:
        raise UserMistake(f"office hours are written as 11:00-18:00; correct {SETTING}__OFFICE_HOURS")
    begins = timedelta(hours=int(found[1]), minutes=int(found[2]))
    ends = timedelta(hours=int(found[3]), minutes=int(found[4]))
    if not begins < ends <= timedelta(days=1):
        raise UserMistake(f"office hours end after they begin, and at 24:00; correct {SETTING}__OFFICE_HOURS")
    try:
        zone = ZoneInfo(options["zone"])
    except (KeyError, ValueError, OSError):
        raise UserMistake(f"there is no such time zone; correct {SETTING}__ZONE, such as Europe/Paris") from None
    for country in options["holidays"]:
        _holidays(country, 2026)
    return Office(
        zone,
        frozenset(options["office_days"]),
        begins,
        ends,
        tuple(options["holidays"]),
        frozenset(options["blocked_days"]),
    )


def next_open(office: Office, at: datetime) -> datetime:
    """The first moment from `at` on at which mail may leave. Raises UserMistake when there is none for two months."""
    local = at.astimezone(office.zone)
    for later in range(LONGEST_WAIT_DAYS):
        day = local.date() + timedelta(days=later)
        if not office.works(day):
            continue
        begins, ends = (_moment(day, clock, office.zone) for clock in (office.begins, office.ends))
        if at < ends:
            return max(at, begins)
    raise UserMistake(
        f"there is no day for mail in the next {LONGEST_WAIT_DAYS} days; correct {SETTING}__OFFICE_DAYS and its others"
    )


def may_leave(
    office: Office, now: datetime, last: datetime | None, group_hours: float, *, urgent: bool = False
) -> datetime:
    """When the next mail to an address may leave. last: when the one before left. Urgent ones wait for nothing."""
    if urgent:
        return now
    opens = now if last is None else max(now, last + timedelta(hours=group_hours))
    return next_open(office, opens)


def _moment(day: date, clock: timedelta, zone: ZoneInfo) -> datetime:
    """The time on this day by the clock on the wall there, in UTC."""
    midnight = datetime.combine(day, time(), zone)
    return (midnight + clock).astimezone(UTC)


@cache
def _holidays(country: str, year: int) -> Mapping[date, str]:
    import holidays

    try:
        found: Mapping[date, str] = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        raise UserMistake(f"no holidays are known of `{country[:10]}`; correct {SETTING}__HOLIDAYS") from None
    return found


def latest(moments: Sequence[datetime | None]) -> datetime | None:
    """The last of them, if there is any."""
    return max((one for one in moments if one is not None), default=None)
