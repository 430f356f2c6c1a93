"""The worker ages the queue, draws its samples and brings changed rules into force, for every organisation."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from rempart.audit.queries import latest
from rempart.cases.tables import case
from rempart.cases.triage.rules import SHIPPED, rules_of
from rempart.settings import Settings
from rempart.testing.desk import NOW, Hands, make_case, make_desk, make_organisation
from rempart.wiring.desk import Desk
from rempart.worker import triage
from rempart.worker.duties import DUTIES
from rempart.worker.loop import attend


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def desk(settings: Settings, database_url: str, hands: Hands) -> Iterator[Desk]:
    """Two organisations with cases that wait."""
    with make_desk(settings, database_url, clock=hands) as made:
        with made.database.writing() as writer:
            for slug in ("one", "two"):
                organisation = make_organisation(writer, slug)
                for number in range(30):
                    make_case(writer, organisation, tier=3, features=[], dice=2**30 + number)
        yield made


def rows(desk: Desk) -> list[dict[str, object]]:
    with desk.database.reading() as reader:
        return [dict(row) for row in reader.rows(select(case).order_by(case.c.id))]


def test_everybodys_queue_is_aged(desk: Desk, hands: Hands) -> None:
    hands.now = NOW + 2 * timedelta(hours=desk.rules.ageing.every_hours)
    triage.age(desk)
    assert {row["score"] for row in rows(desk)} == {2}
    assert {row["rules_version"] for row in rows(desk)} == {desk.rules.version}


def test_everybodys_samples_are_drawn(desk: Desk) -> None:
    triage.sample(desk)
    drawn = [row["organisation"] for row in rows(desk) if row["sampled"]]
    assert sorted(drawn.count(one) for one in set(drawn)) == [2, 2]


def test_changed_rules_come_into_force_without_waiting_for_a_step(desk: Desk) -> None:
    triage.age(desk)
    other = rules_of(SHIPPED.read_bytes().replace(b'name = "rempart-1"', b'name = "mine"'))
    triage.age(replace(desk, rules=other))
    assert {row["rules_version"] for row in rows(desk)} == {other.version}
    triage.age(replace(desk, rules=other))
    with desk.database.reading() as reader:
        entry = latest(reader, int(str(rows(desk)[0]["organisation"])), "queue.ruled")
    assert entry is not None
    assert entry.data == {"before": desk.rules.version, "rules": other.version, "cases": 30}


def test_they_are_duties_of_the_house(desk: Desk) -> None:
    known = {duty.name: duty for duty in DUTIES}
    assert known["queue.age"].every_seconds <= 600
    assert known["queue.sample"].every_seconds <= 6 * 3600
    attend(desk, known["queue.sample"])
    assert any(row["sampled"] for row in rows(desk))
