"""The year that benchmarks are run in is one that the desk could have lived through."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from rempart.audit.verifying import verify
from rempart.cases.review import claim
from rempart.cases.tables import case, cluster
from rempart.cases.triage import queue
from rempart.cases.triage.features import from_row
from rempart.cases.triage.rank import place
from rempart.settings import Settings
from rempart.testing.benchmarks import year
from rempart.testing.benchmarks.queue import measured
from rempart.testing.desk import make_actor, make_desk, make_organisation
from rempart.wiring.desk import Desk


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    """A desk of twelve busy days."""
    with make_desk(settings, database_url) as made:
        with made.database.writing() as writer:
            organisation = make_organisation(writer)
        year.fill(made.database, made.fields, organisation, made.rules, made.clock(), quick=True)
        yield made


def test_its_ledger_holds_and_the_desk_goes_on(desk: Desk, tmp_path: Path) -> None:
    actor = make_actor(1)
    with desk.database.writing() as writer:
        found = claim.claim_next(
            writer, actor, lease_minutes=10, now=desk.clock(), sampling=desk.rules.sampling, sample_share=0
        )
        assert found is not None
        claim.release(writer, actor, found, desk.clock())
    verdict = verify(desk.database, desk.keys.public_signing_key, tmp_path)
    assert verdict.whole, verdict.problems


def test_every_case_stands_where_the_rules_place_it(desk: Desk) -> None:
    with desk.database.reading() as reader:
        rows = reader.rows(select(case))
        waiting = queue.counts(reader, 1, desk.clock())
        sizes = reader.rows(select(cluster.c.id, cluster.c.size))
        members = reader.rows(select(case.c.cluster, func.count().label("n")).group_by(case.c.cluster))
    assert len(rows) == year.QUICK_DAYS * year.QUICK_A_DAY
    for row in rows:
        spot = place(from_row(row["features"]), desk.rules, desk.clock(), row["received_at"])
        assert (row["tier"], row["score"]) == (spot.tier, spot.score)
    assert waiting.total == sum(row["state"] == "triaged" and row["leads"] for row in rows)
    assert {row["id"]: row["size"] for row in sizes} == {row["cluster"]: row["n"] for row in members if row["cluster"]}
    assert {row["tier"] for row in rows} == set(range(6))


def test_the_benchmark_runs_on_both_databases(settings: Settings, database_url: str) -> None:
    with make_desk(settings, database_url) as made:
        found = measured(made, quick=True)
    assert found["claim_next.p95_ms"] >= found["claim_next.p50_ms"] > 0
    assert found["waiting"] > 400
