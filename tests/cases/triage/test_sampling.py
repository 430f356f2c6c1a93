"""Of every low tier a share of each day's cases is drawn at random, and what was missed is told with its bounds."""

from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from tests.cases.review.conftest import Room
from tests.cases.triage.saying import RULES

from rempart.audit.queries import head, story
from rempart.cases.tables import case
from rempart.cases.triage.ruleset import Sampling
from rempart.cases.triage.sampling import DAYS_BACK, Drawn, draw, error, wilson
from rempart.storage.database import Database
from rempart.testing.desk import NOW, make_case, make_organisation

SAMPLING = RULES.sampling


def draw_at(database: Database, organisation: int, now: datetime = NOW, sampling: Sampling = SAMPLING) -> list[Drawn]:
    with database.writing() as writer:
        return draw(writer, organisation, sampling, now)


def sampled(database: Database) -> set[int]:
    with database.reading() as reader:
        return set(reader.values(select(case.c.id).where(case.c.sampled)))


def test_at_least_the_share_of_every_low_tier_and_of_no_other_is_drawn(database: Database) -> None:
    with database.writing() as writer:
        organisation, other = make_organisation(writer), make_organisation(writer, "other")
        for number in range(41):
            for tier in (2, 3, 5):
                make_case(writer, organisation, tier=tier, dice=2**31 - 1 - number)
        make_case(writer, other, tier=3)
    found = draw_at(database, organisation)
    assert found == [Drawn("2026-11-22", 3, 41, 3), Drawn("2026-11-22", 5, 41, 3)]
    assert ceil(0.05 * 41) == 3
    with database.reading() as reader:
        rows = reader.rows(select(case.c.tier, case.c.dice).where(case.c.sampled))
        (entry,) = story(reader, organisation, "queue", organisation)
    assert {row["dice"] for row in rows} == {2**31 - 1 - number for number in (38, 39, 40)}, "the lowest dice"
    assert (entry.verb, len(entry.data["samples"])) == ("queue.sampled", 2)


def test_drawing_again_draws_no_more_also_when_samples_were_looked_at(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        for number in range(60):
            make_case(writer, organisation, tier=4, dice=2**30 + number)
    draw_at(database, organisation)
    once = sampled(database)
    assert len(once) == 3
    with database.writing() as writer:
        writer.run(case.update().where(case.c.id.in_(once)).values(state="decided", outcome="not_illegal"))
        before = head(writer)
    assert draw_at(database, organisation, NOW + timedelta(hours=6)) == []
    assert sampled(database) == once
    with database.reading() as reader:
        assert head(reader) == before, "nothing drawn, nothing told"


def test_days_without_a_worker_are_made_up_for(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        for days in (0, 2, DAYS_BACK, DAYS_BACK + 1):
            for number in range(20):
                make_case(writer, organisation, tier=3, dice=2**30 + number, now=NOW - timedelta(days=days))
    assert [(one.day, one.drawn) for one in draw_at(database, organisation)] == [
        ("2026-11-15", 1),
        ("2026-11-20", 1),
        ("2026-11-22", 1),
    ]


def test_the_dice_of_every_case_decide_and_not_the_time_of_day(database: Database) -> None:
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    with database.writing() as writer:
        organisation = make_organisation(writer)
        early = [make_case(writer, organisation, tier=3, dice=2**30, now=midnight) for _ in range(10)]
    assert len(sampled(database)) == 0
    draw_at(database, organisation, midnight)
    with database.writing() as writer:
        low = make_case(writer, organisation, tier=3, dice=5, now=NOW)
    draw_at(database, organisation)
    assert low in sampled(database), "below the share: drawn whatever was drawn before"
    assert len(sampled(database) & set(early)) == 1


@pytest.mark.parametrize(("share", "tiers"), [(0.05, (3, 4, 5)), (0.3, (5,)), (1.0, (0, 3))])
def test_the_share_and_the_tiers_are_those_of_the_rules(
    database: Database, share: float, tiers: tuple[int, ...]
) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        for number in range(10):
            for tier in range(6):
                make_case(writer, organisation, tier=tier, dice=number * 2**27)
    found = draw_at(database, organisation, sampling=Sampling(tiers, share))
    assert {one.tier for one in found} == set(tiers)
    assert all(one.drawn >= share * one.cases for one in found)


def test_the_error_counts_first_decisions_of_the_sampling_lane_alone(database: Database) -> None:
    room = Room(database)
    cases = {tier: [room.make(make_case, room.organisation, tier=tier, dice=n) for n in range(4)] for tier in (3, 4)}
    with room.database.writing() as writer:
        draw(writer, room.organisation, SAMPLING, room.now)
    for wanted, code in ((3, "baseline"), (3, "not-illegal"), (4, "not-illegal")):
        sampling = Sampling((wanted,), 0.05)
        taken = room.next(room.ada, sample_share=1.0, sampling=sampling)
        assert taken in cases[wanted]
        assert room.row(taken)["lane"] == "sample"
        room.decide(room.ada, taken, code)
    chosen = next(one for one in cases[4] if room.row(one)["state"] == "triaged")
    room.judge(room.ada, chosen)
    with room.database.reading() as reader:
        by_tier = {one.tier: one for one in error(reader, room.organisation, SAMPLING, room.now - timedelta(days=1))}
        later = error(reader, room.organisation, SAMPLING, room.now + timedelta(days=1))
    assert (by_tier[3].looked, by_tier[3].illegal, by_tier[3].share) == (2, 1, 0.5)
    assert (by_tier[4].looked, by_tier[4].illegal, by_tier[4].share) == (1, 0, 0.0)
    assert (by_tier[5].looked, by_tier[5].share, by_tier[5].low, by_tier[5].high) == (0, None, 0.0, 1.0)
    assert all(one.drawn >= 1 for one in (by_tier[3], by_tier[4]))
    assert 0 < by_tier[3].low < 0.5 < by_tier[3].high < 1
    assert {one.looked for one in later} == {0}


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_bounds_are_wilsons(hits: int, trials: int, low: float, high: float) -> None:
    assert wilson(hits, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 500), st.integers(0, 500))
def test_bounds_hold_the_share_and_stay_between_none_and_all(one: int, other: int) -> None:
    hits, trials = sorted((one, other))
    low, high = wilson(hits, trials)
    assert 0 <= low <= high <= 1
    if trials:
        assert low - 1e-12 <= hits / trials <= high + 1e-12
