"""What is asked all day long walks an index, however many cases and entries there are."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from tests.cases.triage.saying import RULES

from rempart.audit.browsing import queries as browsing
from rempart.audit.queries import latest, story
from rempart.cases.overview import queries as overview
from rempart.cases.review import claim
from rempart.cases.triage import ageing, in_force, queue, sampling
from rempart.storage.database import Database, Writer
from rempart.testing.desk import NOW, make_actor, make_case, make_organisation

DAY = timedelta(days=1)
ADA = make_actor(1, "R-ADA")
# Tables that grow with every case.
LARGE = ("case_file", "ledger", "notice", "media", "location", "decision", "case_link")

ASKED: dict[str, Callable[[Writer], Any]] = {
    "next case": lambda w: queue.next_case(w, 1, NOW, RULES.sampling, sample_share=0, exclude=[5]),
    "next sample": lambda w: queue.next_case(w, 1, NOW, RULES.sampling, sample_share=1),
    "claim": lambda w: claim.claim_next(w, ADA, lease_minutes=10, now=NOW, sampling=RULES.sampling),
    "page": lambda w: queue.page(w, 1, after="3_5_0_2026-11-22T09:00:00Z_7"),
    "page due": lambda w: queue.page(w, 1, "due", after="2026-11-22T09:00:00Z_7"),
    "page sample": lambda w: queue.page(w, 1, "sample", after="3_5_7"),
    "counts": lambda w: queue.counts(w, 1, NOW),
    "age": lambda w: ageing.age(w, 1, RULES, NOW + 30 * DAY),
    "renew": lambda w: in_force.renew(w, 1, RULES, NOW, 3),
    "draw": lambda w: sampling.draw(w, 1, RULES.sampling, NOW),
    "newest entries": lambda w: browsing.page(w, 1, browsing.Wanted()),
    "entries of a case": lambda w: browsing.page(w, 1, browsing.Wanted(about="case", about_id="1")),
    "entries of a time": lambda w: list(browsing.in_period(w, 1, ["case.opened", "case.decided"], NOW - DAY, NOW)),
    "entries of things": lambda w: list(browsing.of_things(w, 1, "case", ["1", "2"], ["case.opened"])),
    "newest entry": lambda w: browsing.newest(w, 1),
    "latest": lambda w: latest(w, 1, "queue.ruled"),
    "story": lambda w: story(w, 1, "case", 1),
    "open by tier": lambda w: overview.open_by_tier(w, 1, [NOW - DAY]),
}
# The only things that read a stretch as long as what waits, or as a day: they count.
COUNTS = ("counts", "open by tier", "draw")


@pytest.fixture
def database(empty_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """SQLite only: PostgreSQL plans by what is in the tables."""
    shutil.copyfile(empty_sqlite, tmp_path / "desk.sqlite3")
    made = Database(f"sqlite:///{tmp_path / 'desk.sqlite3'}")
    with made.writing() as writer:
        organisation = make_organisation(writer)
        for tier in range(6):
            make_case(writer, organisation, tier=tier, dice=2**30, due_at=NOW + 9 * DAY)
    yield made
    made.close()


@contextmanager
def heard(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are carried out, with their values."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if statement.startswith("SELECT") and not many:
            said.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    yield said
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("what", ASKED)
def test_it_walks_an_index_and_sorts_nothing_large(what: str, database: Database) -> None:
    with heard(database) as said, database.writing() as writer:
        ASKED[what](writer)
    assert said
    for statement, values in said:
        with database.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        steps = [str(row[3]) for row in plan]
        assert not [step for step in steps if step.startswith(tuple(f"SCAN {name}" for name in LARGE))], steps
        walked = [step for step in steps if step.startswith("SEARCH") and step.endswith("(organisation=?)")]
        alone = [step for step in walked if not any(index in step for index in WHOLE)]
        assert what in COUNTS or not alone, (statement, alone)
        if "LIMIT" in statement and what not in COUNTS:  # whoever wants the first few sorts nothing to find them
            assert not [step for step in steps if "TEMP B-TREE FOR ORDER" in step], (statement, steps)


# Indexes that are walked from one end and left as soon as enough is found.
WHOLE = ("ix_case_queue", "ix_case_running", "ix_case_picked", "ix_ledger_own", "ix_case_lease", "ix_case_resting")
