"""What waits gains points in steps and is placed anew; other rules place everything anew; nothing starves."""

from datetime import datetime, timedelta

from sqlalchemy import select
from tests.cases.triage.saying import RULES, say

from rempart.audit.queries import story
from rempart.cases.tables import case
from rempart.cases.triage.ageing import age, aged_at
from rempart.cases.triage.in_force import note, renew, rules_in_force
from rempart.cases.triage.queue import next_case
from rempart.cases.triage.rank import place
from rempart.cases.triage.rules import SHIPPED, rules_of
from rempart.cases.triage.ruleset import Rules
from rempart.facts.case import Feature
from rempart.storage.database import Database, Writer
from rempart.testing.desk import NOW, make_case, make_organisation

STEP = timedelta(hours=RULES.ageing.every_hours)
OTHER = rules_of(SHIPPED.read_bytes().replace(b"points = 10\n", b"points = 12\n"))


def opened(writer: Writer, organisation: int, features: list[Feature], now: datetime = NOW, **columns: object) -> int:
    spot = place(features, RULES, now)
    return make_case(
        writer,
        organisation,
        now=now,
        features=features,
        tier=spot.tier,
        score=spot.score,
        rules_version=RULES.version,
        aged_at=aged_at(features, RULES, now, now),
        **columns,  # type: ignore[arg-type]
    )


def age_all(database: Database, organisation: int, now: datetime, rules: Rules = RULES) -> int:
    moved = 0
    while True:
        with database.writing() as writer:
            done = age(writer, organisation, rules, now, limit=3)
        if not done:
            return moved
        moved += done


def spot_of(database: Database, number: int) -> tuple[int, int, str]:
    with database.reading() as reader:
        row = reader.one(select(case).where(case.c.id == number))
    assert row is not None
    return row["tier"], row["score"], row["rules_version"]


def test_each_step_of_waiting_is_counted_once_and_told(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        cases = [opened(writer, organisation, say(prior_reports=1)) for _ in range(7)]
        held = opened(writer, organisation, say(prior_reports=1), assignee="R-ADA")
        behind = opened(writer, organisation, say(prior_reports=1), leads=False)
    assert age_all(database, organisation, NOW + STEP - timedelta(hours=1)) == 0
    for steps in (1, 2, 5):
        now = NOW + steps * STEP
        assert age_all(database, organisation, now) == 7
        assert age_all(database, organisation, now) == 0
        assert {spot_of(database, one)[1] for one in cases} == {10 + steps}
    assert spot_of(database, held)[1] == spot_of(database, behind)[1] == 10
    with database.reading() as reader:
        told = story(reader, organisation, "queue", organisation)
    assert [entry.data["cases"] for entry in told] == [3, 3, 1] * 3
    assert {entry.data["rules"] for entry in told} == {RULES.version}


def test_evidence_that_is_about_to_be_deleted_counts_in_the_hour_it_has_to(database: Database) -> None:
    ends = NOW + timedelta(hours=60)
    with database.writing() as writer:
        organisation = make_organisation(writer)
        number = opened(writer, organisation, say(evidence_expires=f"{ends:%Y-%m-%dT%H:%M:%SZ}"))
    assert spot_of(database, number)[1] == 10
    assert age_all(database, organisation, NOW + timedelta(hours=11)) == 0
    assert age_all(database, organisation, NOW + timedelta(hours=12)) == 1
    assert spot_of(database, number)[1] == 25
    assert age_all(database, organisation, NOW + timedelta(hours=60)) == 0
    assert age_all(database, organisation, NOW + timedelta(hours=61)) == 1
    assert spot_of(database, number)[1] == 0


def test_time_that_is_behind_a_case_brings_it_up_at_once_and_only_once(database: Database) -> None:
    ended = say(evidence_expires=f"{NOW - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}")
    assert aged_at(ended, RULES, NOW, NOW) == NOW
    assert aged_at([], RULES, NOW, NOW + 3 * STEP) == NOW + 3 * STEP
    assert aged_at([], RULES, NOW, NOW + 3 * STEP - timedelta(seconds=1)) == NOW + 2 * STEP
    assert aged_at([], RULES, NOW + STEP, NOW) == NOW + STEP, "a clock that was set back"


def test_other_rules_place_everything_anew_and_the_ledger_says_since_when(database: Database) -> None:
    with database.writing() as writer:
        organisation, neighbour = make_organisation(writer), make_organisation(writer, "other")
        waiting = [opened(writer, organisation, say(prior_reports=1)) for _ in range(4)]
        held = opened(writer, organisation, say(prior_reports=1), assignee="R-ADA")
        decided = opened(writer, organisation, say(prior_reports=1), state="decided")
        elsewhere = opened(writer, neighbour, say(prior_reports=1))
    with database.writing() as writer:
        note(writer, organisation, RULES, 0, NOW)
        assert rules_in_force(writer, organisation) == RULES.version
        done, last = renew(writer, organisation, OTHER, NOW, limit=3)
        assert (done, last) == (3, waiting[2])
        done, last = renew(writer, organisation, OTHER, NOW, last, limit=3)
        assert (done, last) == (2, held)
        assert renew(writer, organisation, OTHER, NOW, last) == (0, held)
        note(writer, organisation, OTHER, 5, NOW)
    assert {spot_of(database, one) for one in (*waiting, held)} == {(2, 12, OTHER.version)}
    for one in (decided, elsewhere):
        assert spot_of(database, one) == (2, 10, RULES.version)
    with database.reading() as reader:
        first, second = (e for e in story(reader, organisation, "queue", organisation) if e.verb == "queue.ruled")
    assert (first.data["before"], first.data["rules"]) == (None, RULES.version)
    assert second.data == {"before": RULES.version, "rules": OTHER.version, "cases": 5}


def test_inside_a_tier_the_least_of_all_is_looked_at_however_much_comes_in(database: Database) -> None:
    with database.writing() as writer:
        organisation = make_organisation(writer)
        least = opened(writer, organisation, say(prior_reports=1))
    now, weeks = NOW, 0
    while True:
        with database.writing() as writer:
            opened(writer, organisation, say(prior_reports=3, country="FR"), now)
        age_all(database, organisation, now)
        with database.writing() as writer:
            found = next_case(writer, organisation, now, RULES.sampling, sample_share=0)
            assert found is not None
            writer.run(case.update().where(case.c.id == found[0]).values(state="decided"))
        if found[0] == least:
            break
        now, weeks = now + STEP, weeks + 1
        assert weeks <= 21, "twenty points are twenty steps"
    assert weeks >= 20


def test_below_a_flood_of_danger_low_tiers_are_still_looked_at(database: Database) -> None:
    from random import Random

    with database.writing() as writer:
        organisation = make_organisation(writer)
        opened(writer, organisation, say(urgent=True))
        low = {opened(writer, organisation, say(novelty="none"), dice=number * 2**28) for number in range(4)}
    chance, looked = Random(3), set[int]()
    with database.reading() as reader:
        for _ in range(400):
            found = next_case(reader, organisation, NOW, RULES.sampling, chance=chance)
            assert found is not None
            looked.add(found[0])
    assert low <= looked
