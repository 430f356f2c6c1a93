"""When mail may leave: over holidays, weekends and changes of the clocks never early, and never held for ever."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.errors import UserMistake
from rempart.reporting.letters.hours import may_leave, next_open, office_of
from rempart.settings import NoticeSettings

PARIS = ZoneInfo("Europe/Paris")


def office(**chosen: Any) -> Any:
    return office_of(NoticeSettings(**chosen).model_dump())


WEEKDAYS = {"zone": "Europe/Paris", "office_hours": "11:00-18:00", "office_days": (1, 2, 3, 4, 5), "holidays": ("FR",)}


def paris(*when: int) -> datetime:
    return datetime(*when, tzinfo=PARIS)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        (paris(2026, 11, 23, 9), paris(2026, 11, 23, 11)),
        (paris(2026, 11, 23, 11), paris(2026, 11, 23, 11)),
        (paris(2026, 11, 23, 17, 59), paris(2026, 11, 23, 17, 59)),
        (paris(2026, 11, 23, 18), paris(2026, 11, 24, 11)),
        (paris(2026, 11, 27, 19), paris(2026, 11, 30, 11)),  # over a weekend
        (paris(2026, 7, 13, 19), paris(2026, 7, 15, 11)),  # over the fourteenth of July
        (paris(2026, 3, 28, 12), paris(2026, 3, 30, 11)),  # over the change to summer time
        (paris(2026, 10, 23, 19), paris(2026, 10, 26, 11)),  # and back
    ],
)
def test_mail_waits_for_the_next_office_hour(at: datetime, opens: datetime) -> None:
    assert next_open(office(**WEEKDAYS), at.astimezone(UTC)) == opens


def test_by_default_nothing_waits() -> None:
    now = datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC)
    assert next_open(office(), now) == now


def test_a_blocked_day_is_left_out() -> None:
    chosen = office(blocked_days=(date(2026, 11, 22),))
    assert next_open(chosen, datetime(2026, 11, 22, 9, tzinfo=UTC)) == datetime(2026, 11, 23, tzinfo=UTC)


def test_the_second_mail_to_an_address_waits_for_its_day_and_urgent_ones_do_not() -> None:
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert may_leave(office(), now, None, 24) == now
    assert may_leave(office(), now, now - timedelta(hours=1), 24) == now + timedelta(hours=23)
    assert may_leave(office(**WEEKDAYS), now, now, 24, urgent=True) == now


@pytest.mark.parametrize(
    "chosen",
    [
        {"office_hours": "11-18"},
        {"office_hours": "18:00-11:00"},
        {"office_hours": "00:00-24:30"},
        {"zone": "Europe/Dragon"},
        {"zone": "../etc/passwd"},
        {"holidays": ("XX",)},
    ],
)
def test_what_cannot_be_understood_is_told(chosen: dict[str, Any]) -> None:
    with pytest.raises(UserMistake, match="REMPART_REPORTING__NOTICES"):
        office(**chosen)


def test_settings_that_hold_everything_back_are_told() -> None:
    with pytest.raises(UserMistake, match="no day for mail"):
        next_open(office(office_days=()), datetime(2026, 11, 22, 9, tzinfo=UTC))


@settings(max_examples=100, deadline=None)
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Kolkata", "UTC"]),
    st.integers(0, 22),
    st.sets(st.integers(1, 7), min_size=1),
)
def test_never_early_never_closed_never_lost(at: datetime, zone: str, begins: int, days: set[int]) -> None:
    chosen = office(zone=zone, office_hours=f"{begins:02}:00-{begins + 1:02}:00", office_days=tuple(days))
    opens = next_open(chosen, at)
    local = opens.astimezone(ZoneInfo(zone))
    assert at <= opens <= at + timedelta(days=9)
    assert local.isoweekday() in days
    assert local.hour == begins or opens == at or local.hour == begins + 1  # an hour that a change of clocks left out
    assert next_open(chosen, opens) == opens
