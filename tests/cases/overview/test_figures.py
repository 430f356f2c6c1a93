"""The figures of the overview: counted by the database, the same on both."""

from datetime import datetime, timedelta
from typing import Any

from rempart.cases.overview.figures import BANDS, Overview, overview, screening
from rempart.cases.triage.ruleset import Sampling
from rempart.facts.people import Actor
from rempart.migrations.schema import METADATA
from rempart.storage import outbox
from rempart.storage.database import Database, Writer
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW, make_actor, make_case, make_media, make_notice, make_organisation


def look(database: Database, actor: Actor, now: datetime = NOW) -> Overview:
    with database.reading() as reader:
        return overview(reader, actor, now, 6, Sampling((3, 4, 5), 0.05))


def decide(writer: Writer, case_id: int, organisation: int, at: datetime, **columns: Any) -> int:
    """A decision row, and nothing else of a decision."""
    row = {
        "reviewer": "R-ADA",
        "round": "first",
        "lane": "tier",
        "taxonomy": "baseline",
        "taxonomy_version": "1",
        "code": "not-illegal",
        "outcome": "not_illegal",
        "answers": {},
        "before": {},
        "viewed": "none",
        "seconds": 5,
        "at": at,
        "final_at": at,
    } | columns
    return writer.insert(METADATA.tables["decision"], organisation=organisation, case_id=case_id, **row)


def test_an_empty_desk_has_figures_of_nothing(database: Database) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
    seen = look(database, make_actor(mine))
    assert len(seen.days) == 30
    assert seen.days[-1] == "2026-11-22"
    assert seen.inbound == {}
    assert seen.screening.total == 0
    assert seen.first_decision is None
    assert all(sum(bands) == 0 for bands in seen.open.values())


def test_notices_are_counted_by_day_and_channel(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_case(writer, mine)
        for number, (days, channel) in enumerate(
            [(0, "public"), (0, "api"), (0, "api"), (3, "public"), (90, "public")]
        ):
            when = NOW - timedelta(days=days)
            make_notice(writer, fields, mine, case_id, number=f"N-{number}", channel=channel, now=when)
    seen = look(database, make_actor(mine))
    assert seen.inbound["public"][-1] == 1
    assert seen.inbound["public"][-4] == 1
    assert seen.inbound["api"][-1] == 2
    assert sum(map(sum, seen.inbound.values())) == 4


def test_open_cases_stand_in_one_band_of_age_each(database: Database) -> None:
    ages = [timedelta(minutes=5), *BANDS, timedelta(days=400)]
    with database.writing() as writer:
        mine = make_organisation(writer)
        for age in ages:
            make_case(writer, mine, tier=1, now=NOW - age)
        make_case(writer, mine, tier=1, state="decided")
    seen = look(database, make_actor(mine))
    assert seen.open[1] == (2, 1, 1, 1, 1, 1)
    assert sum(seen.states.values()) == len(ages)


def test_clocks_are_overdue_or_due_soon_or_neither(database: Database) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        for hours in (-2, -1, 3, 5.5, 7):
            make_case(writer, mine, due_at=NOW + timedelta(hours=hours))
        make_case(writer, mine, due_at=NOW - timedelta(hours=1), state="decided")
    seen = look(database, make_actor(mine))
    assert (seen.overdue, seen.due_soon) == (2, 2)


def test_times_are_ranks_and_an_undone_decision_is_not_one(database: Database) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        for minutes in range(1, 21):
            case_id = make_case(writer, mine, now=NOW - timedelta(hours=5), state="decided")
            decide(writer, case_id, mine, NOW - timedelta(hours=5) + timedelta(minutes=minutes))
            decide(writer, case_id, mine, NOW - timedelta(minutes=1), undone_at=NOW)
    first = look(database, make_actor(mine)).first_decision
    assert first is not None
    assert (first.number, first.median_seconds, first.p95_seconds) == (20, 600, 19 * 60)


def test_the_final_decision_and_outcomes_come_from_the_case(database: Database) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        for outcome, hours in (("not_illegal", 1), ("illegal_baseline", 2), ("illegal_baseline", 3)):
            came = NOW - timedelta(hours=hours)
            make_case(writer, mine, state="decided", outcome=outcome, decided_at=NOW, now=came)
    seen = look(database, make_actor(mine), NOW)
    assert seen.outcomes == {"illegal_baseline": 2, "not_illegal": 1}
    assert seen.final_decision is not None
    assert seen.final_decision.median_seconds == 2 * 3600


def test_exposure_is_a_total_and_ones_own(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_case(writer, mine)
        media = make_media(writer, fields, mine, case_id).id
        for person, level, seconds in (("R-ADA", "preview", 4), ("R-BEA", "original", 9), ("R-BEA", "preview", None)):
            values = {"organisation": mine, "case_id": case_id, "media_id": media, "purpose": "assess", "at": NOW}
            writer.insert(METADATA.tables["reveal"], person=person, level=level, seconds=seconds, **values)
    seen = look(database, make_actor(mine))
    assert seen.exposure == {"preview": (2, 4), "original": (1, 9)}
    assert seen.own_exposure == {"preview": (1, 4)}


def test_the_parts_of_the_screening_add_up(database: Database) -> None:
    counts = {"match: block": 1, "match: review": 1, "no_match": 90, "waiting: busy": 1}
    counts |= {"not_examined: too_large": 3, "not_examined": 2, "other": 1}
    with database.writing() as writer:
        mine = make_organisation(writer)
        for outcome, number in counts.items():
            values = {"day": NOW.date(), "channel": "api", "outcome": outcome, "items": number}
            writer.run(METADATA.tables["screening_tally"].insert().values(organisation=mine, **values))
    found = look(database, make_actor(mine)).screening
    assert found.total == 99 == found.match + found.no_match + found.waiting + sum(found.not_examined.values())
    assert found.not_examined == {"too_large": 3, "not_examined": 2, "other": 1}
    assert screening({}).total == 0


def test_another_organisation_counts_for_nothing(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        mine, theirs = make_organisation(writer, "mine"), make_organisation(writer, "theirs")
        case_id = make_case(writer, theirs, due_at=NOW, outcome="not_illegal", decided_at=NOW)
        make_notice(writer, fields, theirs, case_id)
        decide(writer, case_id, theirs, NOW)
        outbox.put(writer, theirs, "x", {}, about="case:1", key="k", now=NOW)
    seen = look(database, make_actor(mine))
    assert (seen.inbound, seen.outcomes, seen.effects, seen.overdue, seen.due_soon) == ({}, {}, {}, 0, 0)
    assert seen.first_decision is None
    assert look(database, make_actor(theirs)).effects == {"pending": 1}


def test_two_who_judged_apart_and_what_chance_brought_up_are_measured(database: Database) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        for number, second in enumerate(("baseline", "baseline", "not-illegal")):
            case_id = make_case(writer, mine, state="decided", tier=2)
            decide(writer, case_id, mine, NOW, code="baseline", outcome="illegal_baseline")
            decide(writer, case_id, mine, NOW, code=second, round="second", reviewer=f"R-{number}")
        for lane, outcome in (("sample", "illegal_national"), ("sample", "not_illegal"), ("tier", "illegal_national")):
            low = make_case(writer, mine, state="decided", tier=4)
            decide(writer, low, mine, NOW, lane=lane, outcome=outcome)
    seen = look(database, make_actor(mine))
    assert (seen.agreement.part, seen.agreement.whole) == (2, 3)
    assert seen.agreement.low < seen.agreement.share < seen.agreement.high
    assert seen.kappa == 0
    assert (seen.sampled.part, seen.sampled.whole) == (1, 2)
