"""Who comes next, and pages that show every waiting case once."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from tests.cases.triage.saying import RULES

from rempart.cases.triage.queue import LARGEST_PAGE, Standing, counts, next_case, page
from rempart.errors import UserMistake
from rempart.facts.case import Lane
from rempart.storage.database import Database, Writer
from rempart.testing.desk import NOW, make_case, make_cluster, make_organisation

LANES: tuple[Lane, ...] = ("tier", "due", "sample")


def fill(writer: Writer, organisation: int, cases: int = 70, seed: int = 5) -> None:
    """Cases with many equals, of every lane and in every state."""
    chance = Random(seed)
    for _ in range(cases):
        waits = chance.random() < 0.8
        make_case(
            writer,
            organisation,
            state="triaged" if waits else chance.choice(["decided", "needs_second", "escalated"]),
            tier=chance.randrange(6),
            score=chance.choice([-20, 0, 0, 30]),
            tie=chance.choice([-5, 0]),
            now=NOW - timedelta(hours=chance.choice([0, 1, 1, 30, 200, 900])),
            due_at=chance.choice([None, None, NOW + timedelta(hours=chance.choice([-1, 1, 1, 90]))]),
            sampled=chance.random() < 0.3,
            dice=chance.choice([1, 1, chance.randrange(2**31)]),
            assignee=chance.choice([None, None, None, "R-BOB"]),
            leads=chance.random() < 0.9,
        )


def all_pages(database: Database, organisation: int, limit: int, **what: Any) -> list[Standing]:
    found: list[Standing] = []
    after = ""
    with database.reading() as reader:
        while True:
            one = page(reader, organisation, after=after, limit=limit, **what)
            assert len(one.rows) <= limit
            found += one.rows
            if one.after is None:
                return found
            assert len(one.rows) == limit
            after = one.after


def test_all_pages_together_show_every_case_of_the_lane_once_and_in_order(database: Database) -> None:
    with database.writing() as writer:
        organisation, other = make_organisation(writer), make_organisation(writer, "other")
        fill(writer, organisation)
        fill(writer, other, 10)
    for lane in LANES:
        whole = all_pages(database, organisation, LARGEST_PAGE, lane=lane)
        assert whole
        for limit in (1, 2, 7):
            assert all_pages(database, organisation, limit, lane=lane) == whole, (lane, limit)
        assert len({one.id for one in whole}) == len(whole)
    whole = all_pages(database, organisation, LARGEST_PAGE)
    by_tier = [all_pages(database, organisation, 3, tier=tier) for tier in range(6)]
    assert [one for rows in by_tier for one in rows] == whole
    assert [(one.tier, -one.score) for one in whole] == sorted((one.tier, -one.score) for one in whole)
    with database.reading() as reader:
        told = counts(reader, organisation, NOW)
    assert told.total == len(whole)
    assert {tier: sum(ages) for tier, ages in told.tiers.items()} == {
        tier: Counter(one.tier for one in whole)[tier] for tier in range(6)
    }
    assert told.sampled == len(all_pages(database, organisation, 50, lane="sample"))


def test_the_queue_is_worked_off_in_the_order_of_its_pages(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        fill(writer, organisation, 40)
    shown = [one.id for one in all_pages(database, organisation, 9)]
    given: list[int] = []
    with database.reading() as reader:
        soon = timedelta(hours=-2)  # no clock is due
        while found := next_case(
            reader, organisation, NOW, RULES.sampling, due_soon=soon, due_now=soon, sample_share=0, exclude=given
        ):
            assert found[1] == "tier"
            given.append(found[0])
    assert given == shown


def test_among_equals_the_newest_comes_first_and_ai_evidence_comes_later(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        ai = make_case(writer, organisation, tie=-4)
        old = make_case(writer, organisation, now=NOW - timedelta(days=2))
        new = make_case(writer, organisation)
        ai_with_more = make_case(writer, organisation, tie=-5, score=1)
    assert [one.id for one in all_pages(database, organisation, 2)] == [ai_with_more, new, old, ai]


def test_danger_comes_before_a_clock_but_for_one_in_its_last_minutes(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        danger = make_case(writer, organisation, tier=0)
        clock = make_case(writer, organisation, tier=3, due_at=NOW + timedelta(hours=7))
        grave = make_case(writer, organisation, tier=1)
    with database.reading() as reader:

        def given(hours: float, *passed: int, **said: Any) -> Any:
            now = NOW + timedelta(hours=hours)
            return next_case(reader, organisation, now, RULES.sampling, sample_share=0, exclude=passed, **said)

        assert given(0) == given(2) == given(5.9) == (danger, "tier")
        assert given(6) == given(6.9) == (clock, "due")
        assert given(5.9, due_now=timedelta(hours=2)) == (clock, "due")
        assert given(7) == given(99) == (danger, "tier")  # its minutes are over: it waits for no more danger than this
        assert given(2, danger) == given(99, danger) == (clock, "due")
        assert given(0, danger) == (grave, "tier")


def test_neither_danger_nor_a_clock_starves_while_both_keep_coming(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        for _ in range(60):
            make_case(writer, organisation, tier=0)
        clocks = [make_case(writer, organisation, tier=5, due_at=NOW + timedelta(hours=hour)) for hour in range(1, 6)]
        low = [make_case(writer, organisation, tier=tier) for tier in (3, 4) for _ in range(3)]
    taken: dict[int, float] = {}
    chance = Random(7)
    with database.reading() as reader:
        for look in range(60):  # one every six minutes, and danger enough for all of them
            now = NOW + timedelta(minutes=6 * look)
            found = next_case(
                reader, organisation, now, RULES.sampling, sample_share=0.15, exclude=list(taken), chance=chance
            )
            assert found is not None
            taken[found[0]] = look / 10
    for hour, case in enumerate(clocks, 1):
        assert taken[case] < hour, "a clock is served before it ends"
    assert set(low) & set(taken), "and low tiers are sampled meanwhile"
    assert sum(one not in (*clocks, *low) for one in taken) >= 45, "all else goes to danger"


def test_a_clock_shows_also_on_a_member_that_another_case_leads(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        leader, member = make_cluster(writer, organisation, 2, due_at=NOW + timedelta(hours=1))
        writer.run(_table().update().where(_table().c.id == leader).values(due_at=None))
    with database.reading() as reader:
        assert next_case(reader, organisation, NOW, RULES.sampling, sample_share=0) == (member, "due")
    (shown,) = all_pages(database, organisation, 5)
    assert (shown.id, shown.members) == (leader, 2)


def _table() -> Any:
    from rempart.cases.tables import case

    return case


def test_a_share_of_looks_goes_to_random_cases_of_low_tiers(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        make_case(writer, organisation, tier=0)
        low = [
            make_case(writer, organisation, tier=tier, dice=dice * 2**27) for tier in (3, 4, 5) for dice in range(16)
        ]
    chance, lanes, looked = Random(1), Counter[str](), set[int]()
    with database.reading() as reader:
        for _ in range(600):
            found = next_case(reader, organisation, NOW, RULES.sampling, sample_share=0.25, chance=chance)
            assert found is not None
            lanes[found[1]] += 1
            if found[1] == "sample":
                looked.add(found[0])
    assert 110 < lanes["sample"] < 190
    assert len(looked) > 40
    assert looked <= set(low)


def test_what_was_drawn_for_the_day_is_looked_at_before_other_low_cases(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        for dice in range(9):
            make_case(writer, organisation, tier=4, dice=dice)
        drawn = make_case(writer, organisation, tier=4, dice=77, sampled=True)
        make_case(writer, organisation, tier=2, sampled=True)
    with database.reading() as reader:
        assert next_case(reader, organisation, NOW, RULES.sampling, sample_share=1) == (drawn, "sample")
        left = next_case(reader, organisation, NOW, RULES.sampling, sample_share=1, exclude=[drawn])
    assert left is not None
    assert left[1] == "sample"


def test_without_low_cases_a_sampling_look_is_not_wasted(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        only = make_case(writer, organisation, tier=1)
    with database.reading() as reader:
        assert next_case(reader, organisation, NOW, RULES.sampling, sample_share=1) == (only, "tier")
        assert next_case(reader, organisation, NOW, RULES.sampling, exclude=[only]) is None


@pytest.mark.parametrize(
    "after",
    ["1", "a_b_c_d_e", "1_2_3_2026-11-22T09:00:00Z", "9" * 5000, "1_1_1_soon_1", f"1_{2**62}_0_2026-11-22T09:00:00Z_1"],
)
def test_a_mark_that_nobody_gave_out_is_a_mistake(database: Database, after: str) -> None:
    with database.reading() as reader:
        for lane in LANES:
            with pytest.raises(UserMistake, match="mark"):
                page(reader, 1, lane, after=after)


def test_a_page_has_a_size_and_a_tier_is_one_of_six(database: Database) -> None:
    with database.reading() as reader:
        for limit in (0, -1, LARGEST_PAGE + 1):
            with pytest.raises(UserMistake, match="a page has"):
                page(reader, 1, limit=limit)
        with pytest.raises(UserMistake, match="no tier 6"):
            page(reader, 1, tier=6)
