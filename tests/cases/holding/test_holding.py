"""Duties to preserve: the longest wins for the content, the law's are nobody's to release, each step is told."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rempart.audit.queries import story
from rempart.cases import holding
from rempart.cases.retention import queries as retention
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.people import operator
from rempart.law import rule
from rempart.storage.database import Database
from rempart.testing.desk import NOW, make_actor, make_case, make_organisation

DAY = timedelta(days=1)


def test_the_uk_keeps_content_a_year_and_only_the_reference_five(database: Database) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        case = make_case(writer, mine)
        for name in ("uk.content", "uk.reference"):
            holding.begin(writer, operator(mine), case, name, NOW, rule(name).ends(NOW))
        year = rule("uk.content").ends(NOW)
        content = holding.keeps(writer, mine, case, NOW)
        assert content is not None
        assert content.basis == "uk.content"
        assert holding.keeps(writer, mine, case, year) is None
        assert holding.keeps(writer, mine, case, year, holding.REFERENCE) is not None
        assert retention.holds(writer, mine, case, year) == []
        assert [one["basis"] for one in retention.holds(writer, mine, case, year - timedelta(seconds=1))] == [
            "uk.content"
        ]


def test_a_hold_is_ordered_extended_and_released_and_the_ledger_has_each_step(database: Database) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        case, who = make_case(writer, mine), operator(mine)
        made = holding.legal_hold(writer, who, case, "judicial request 2026-117", NOW)
        with pytest.raises(Conflict, match="no end"):
            holding.extend(writer, who, made, NOW + DAY, "why", NOW)
        holding.release(writer, who, made, "withdrawn", NOW + DAY)
        with pytest.raises(Conflict, match="has ended"):
            holding.release(writer, who, made, "withdrawn", NOW + DAY)
        law = holding.begin(writer, who, case, "us.2258a.h", NOW, NOW + 365 * DAY)
        with pytest.raises(Conflict, match="nobody releases it"):
            holding.release(writer, who, law, "no", NOW)
        with pytest.raises(UserMistake, match="beyond"):
            holding.extend(writer, who, law, NOW + 10 * DAY, "shorter", NOW)
        holding.extend(writer, who, law, NOW + 700 * DAY, "asked by police", NOW)
        found = holding.keeps(writer, mine, case, NOW + 699 * DAY)
        assert found is not None
        assert found.id == law
        verbs = [one.verb for one in story(writer, mine, "case", case)]
        assert verbs[-4:] == ["case.held", "case.hold_released", "case.held", "case.hold_extended"]
        with pytest.raises(NotAllowed):
            holding.legal_hold(writer, make_actor(mine), case, "x", NOW)
        with pytest.raises(NotFound):
            holding.legal_hold(writer, who, 99, "x", NOW)
        with pytest.raises(UserMistake):
            holding.legal_hold(writer, who, case, " ", NOW)
        with pytest.raises(NotFound):
            holding.release(writer, operator(make_organisation(writer, "other")), law, "x", NOW)


@pytest.fixture(scope="module")
def shared(empty_sqlite: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples, each with a case of its own."""
    path = tmp_path_factory.mktemp("holds") / "holds.sqlite3"
    path.write_bytes(empty_sqlite.read_bytes())
    made = Database(f"sqlite:///{path}")
    with made.writing() as writer:
        make_organisation(writer)
    yield made
    made.close()


bases = st.sampled_from(["us.2258a.h", "uk.content", "uk.reference", "order:tco_removal", "decision", "legal_hold: x"])
holds = st.lists(st.tuples(bases, st.integers(0, 30), st.none() | st.integers(31, 60), st.none() | st.integers(31, 60)))


@hypothesis_settings(max_examples=30, deadline=None)
@given(made=holds, day=st.integers(31, 61))
def test_whatever_holds_there_are_the_content_is_kept_while_any_of_them_runs(
    shared: Database, made: list[tuple[str, int, int | None, int | None]], day: int
) -> None:
    def at(number: int) -> datetime:
        return NOW + number * DAY

    now = at(day)
    with shared.writing() as writer:
        who, case = operator(1), make_case(writer, 1)
        for basis, start, end, released in made:
            one = holding.begin(writer, who, case, basis, at(start), None if end is None else at(end))
            if released is not None and basis in ("decision", "legal_hold: x") and (end is None or released < end):
                holding.release(writer, who, one, "over", at(released - 1))
        found = holding.keeps(writer, 1, case, now)
        running = [
            each for each in holding.of_case(writer, 1, case) if each.scope == holding.CONTENT and each.runs(now)
        ]
        rows = retention.holds(writer, 1, case, now)
    assert {row["id"] for row in rows} == {each.id for each in running}
    assert (found is None) == (not running)
    if found is not None:
        assert all(found.ends_at is None or (each.ends_at and each.ends_at <= found.ends_at) for each in running)
        assert rows[0]["ends_at"] == found.ends_at
