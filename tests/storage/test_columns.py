"""Times in rows read the same everywhere and sort as text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from rempart.migrations.schema import METADATA
from rempart.storage.columns import Moment
from rempart.storage.database import Database
from rempart.testing.desk import make_organisation

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1000, 1, 3), datetime(9999, 12, 29), timezones=OFFSETS)
DIALECTS = (sqlite.dialect(), postgresql.dialect())


@given(MOMENTS)
def test_a_time_comes_back_in_utc_with_whole_seconds(moment: datetime) -> None:
    for dialect in DIALECTS:
        back = Moment().process_result_value(Moment().process_bind_param(moment, dialect), dialect)
        assert back == moment.replace(microsecond=0)
        assert back is not None
        assert back.tzinfo is UTC


@given(MOMENTS, MOMENTS)
def test_times_sort_as_their_texts_do(one: datetime, other: datetime) -> None:
    texts = [Moment().process_bind_param(moment, DIALECTS[0]) or "" for moment in (one, other)]
    seconds = [moment.astimezone(UTC).replace(microsecond=0) for moment in (one, other)]
    assert (texts[0] < texts[1]) == (seconds[0] < seconds[1])


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Moment().process_bind_param(datetime(2026, 11, 22), DIALECTS[0])


def test_no_time_stays_no_time() -> None:
    assert Moment().process_bind_param(None, DIALECTS[0]) is None
    assert Moment().process_result_value(None, DIALECTS[0]) is None


def test_a_time_goes_through_the_database(database: Database) -> None:
    now = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    table = METADATA.tables["organisation"]
    with database.writing() as writer:
        make_organisation(writer, now=now)
        assert writer.value(select(table.c.created_at).where(table.c.created_at <= now)) == now
