"""How long the other side asks to be left alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.net.answers import Answer
from rempart.net.trying import retry_after_seconds

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 5 ", 5.0),
        ("Sun, 22 Nov 2026 09:01:00 GMT", 60.0),
        ("Sun, 22 Nov 2026 08:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2026 09:01:00", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 100, None),
        ("", None),
    ],
)
def test_a_pause_is_read_in_seconds_or_as_a_date(said: str, seconds: float | None) -> None:
    assert retry_after_seconds(Answer(503, {"retry-after": said}), NOW) == seconds


@given(st.text(max_size=40))
def test_whatever_stands_there_is_a_time_or_nothing(said: str) -> None:
    found = retry_after_seconds(Answer(503, {"retry-after": said}), NOW)
    assert found is None or found >= 0
