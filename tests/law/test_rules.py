"""Legal clocks: never early, never late, whatever the calendar does."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.errors import NotFound
from rempart.law import laws, rule
from rempart.law.rules import Law, is_working_day, laws_of

PARIS = ZoneInfo("Europe/Paris")
moments = st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
spans = st.timedeltas(timedelta(minutes=1), timedelta(days=3))


def counting(**duration: int) -> Law:
    """A rule of France that lasts so long."""
    face = "instant" if set(duration) <= {"minutes", "hours"} else "calendar"
    shipped = rule("fr.order.removal")
    return Law("x", "FR", "Europe/Paris", "duty", "t", "s", face, duration, "e", "f", shipped.source, "G")


def test_every_rule_that_ships_says_where_it_is_written_and_in_both_languages() -> None:
    for one in laws().values():
        assert one.source
        assert one.en != one.fr
        assert one.says("fr") == one.fr


def test_an_unknown_rule_is_told() -> None:
    with pytest.raises(NotFound, match="rules are"):
        rule("xx.dragons")


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_24_hours_are_24_hours_on_the_night_when_the_clocks_change(night: date) -> None:
    start = datetime(night.year, night.month, night.day, 0, 30, tzinfo=PARIS)
    end = rule("fr.order.removal").ends(start)
    assert end - start.astimezone(UTC) == timedelta(hours=24)
    assert end.astimezone(PARIS).hour != start.hour


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_on_the_calendar_ends_at_the_same_time_of_day(night: date) -> None:
    start = datetime(night.year, night.month, night.day, 0, 30, tzinfo=PARIS)
    end = counting(days=1).ends(start).astimezone(PARIS)
    assert (end.date(), end.time()) == (night + timedelta(days=1), start.time())


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2024-02-29", {"years": 1}, "2025-02-28"),
        ("2026-08-31", {"months": 6}, "2027-02-28"),
        ("2026-01-31", {"months": 1}, "2026-02-28"),
        ("2027-08-31", {"months": 6}, "2028-02-29"),
        ("2026-12-15", {"months": 1}, "2027-01-15"),
    ],
)
def test_a_day_that_does_not_exist_is_the_last_one_before(start: str, duration: dict[str, int], end: str) -> None:
    begun = datetime.fromisoformat(f"{start}T12:00:00+01:00")
    assert counting(**duration).ends(begun).astimezone(PARIS).date() == date.fromisoformat(end)


def test_working_days_leave_out_weekends_and_public_holidays() -> None:
    eve = datetime(2026, 12, 24, 12, tzinfo=PARIS)  # a Thursday; the 25th is a holiday, then a weekend
    assert counting(business_days=1).ends(eve).astimezone(PARIS).date() == date(2026, 12, 28)
    assert not is_working_day(date(2026, 7, 14), "FR")
    assert is_working_day(date(2026, 7, 14), "GB")
    assert is_working_day(date(2026, 7, 14), "any")


@given(moments, st.sampled_from(sorted(laws())))
def test_a_clock_never_ends_before_it_starts_and_later_starts_never_end_earlier(start: datetime, name: str) -> None:
    law = rule(name)
    assert law.ends(start) > start
    assert law.ends(start + timedelta(hours=1)) >= law.ends(start)


@given(moments, st.lists(st.tuples(spans, spans), max_size=5))
def test_a_pause_is_added_back_once(start: datetime, pauses: list[tuple[timedelta, timedelta]]) -> None:
    law, stopped = counting(hours=24), [(start + after, start + after + length, "x") for after, length in pauses]
    moments_paused = {
        minute
        for begin, end, _ in stopped
        for minute in range(int((begin - start) / timedelta(seconds=60)), int((end - start) / timedelta(seconds=60)))
    }
    added = law.ends(start, stopped) - law.ends(start)
    assert abs(added - timedelta(minutes=len(moments_paused))) <= timedelta(minutes=2 * len(pauses))
    assert added >= timedelta()


def test_a_pause_that_lasts_keeps_the_clock_from_ending() -> None:
    law, start = counting(hours=24), datetime(2026, 11, 22, 9, tzinfo=UTC)
    pause = [(start + timedelta(hours=23), None, "clarification")]
    for hours in (30, 300, 3000):
        now = start + timedelta(hours=hours)
        assert law.ends(start, pause, now) - now == timedelta(hours=1)


def test_a_rule_that_restarts_gives_its_whole_time_anew() -> None:
    law, start = rule("fr.order.removal"), datetime(2026, 11, 22, 9, tzinfo=UTC)
    end_of_pause = start + timedelta(hours=40)
    assert law.ends(start, [(start + timedelta(hours=20), end_of_pause, "force_majeure")]) == end_of_pause + timedelta(
        hours=24
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "duration = {}",
        "duration = {hours = 0}",
        "duration = {weeks = 1}",
        "duration = {days = 1}",
        'duration = {hours = 1}\nkind = "wish"',
        'duration = {hours = 1}\nzone = "Dragon/Land"',
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(wrong: str) -> None:
    fields = {
        "id": "x",
        "jurisdiction": "FR",
        "zone": "UTC",
        "kind": "duty",
        "trigger": "t",
        "scope": "s",
        "counts_from": "instant",
        "en": "e",
        "fr": "f",
        "source": "s",
        "mark": "G",
    }
    said = {line.partition(" ")[0] for line in wrong.splitlines()}
    lines = [f'{name} = "{value}"' for name, value in fields.items() if name not in said]
    with pytest.raises((ValueError, KeyError, TypeError)):
        laws_of("[[rule]]\n" + "\n".join([*lines, wrong]))
