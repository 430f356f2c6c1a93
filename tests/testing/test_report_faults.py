"""The fault campaign of reports, short: `make faults-reports` runs the whole. Does its reckoning see what is wrong?"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from rempart.audit.queries import append
from rempart.cases.clocks import clocks
from rempart.facts.people import worker
from rempart.reporting import queries
from rempart.settings import Settings
from rempart.testing.desk import NOW, Hands
from rempart.testing.desk_reporting import reporting_to
from rempart.testing.emulators.cybertip import FAULTS, cybertipline
from rempart.testing.postgres import server_programs
from rempart.testing.report_faults.authority import Judge
from rempart.testing.report_faults.campaign import furnish, run
from rempart.testing.report_faults.plans import COMMITS, STEPS, Death, Run, every_single, runs
from rempart.testing.report_faults.reckoning import Report, reckon
from rempart.testing.report_faults.worker import SharedClock
from rempart.wiring.desk import Desk, open_records
from rempart.worker.performing import perform_due

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
SHORT = 8


@pytest.mark.timeout(300)
def test_every_report_is_finished_once_while_the_worker_is_killed_and_the_authority_fails() -> None:
    outcome = run("sqlite", SHORT, seed=SEED)
    assert outcome.kills
    assert outcome.whole, outcome


@pytest.mark.campaign
@pytest.mark.skipif(not server_programs(), reason="no PostgreSQL is installed")
def test_the_same_holds_on_postgresql() -> None:
    outcome = run("postgresql", 60, seed=SEED)
    assert outcome.whole, outcome


SEED = 20261128


def test_every_fault_at_every_step_and_a_death_at_every_moment_has_its_run() -> None:
    planned = runs(every_single(), seed=1)
    assert {one.faults[0] for one in planned if len(one.faults) == 1} == {(s, f) for s in STEPS for f in FAULTS}
    assert {one.faults[1][1] for one in planned if len(one.faults) == 2} == set(FAULTS)
    deaths = {death for one in planned for death in one.deaths}
    assert {Death("commit", number, "after") for number in range(1, COMMITS + 1)} <= deaths
    assert {Death(step, 1, when) for step in STEPS for when in ("before", "after")} <= deaths  # type: ignore[arg-type]


def test_the_same_seed_plans_the_same_runs() -> None:
    assert runs(400, seed=3) == runs(400, seed=3)
    assert runs(400, seed=3) != runs(400, seed=4)


def test_the_shared_clock_is_moved_on_for_everybody(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("0")
    mine, yours = SharedClock(tmp_path / "clock"), SharedClock(tmp_path / "clock")
    before = yours()
    mine.move(3600)
    assert yours() - before >= timedelta(hours=1)


class Told:
    """A desk with one report that was finished, and what the reckoning says of it."""

    def __init__(self, desk: Desk, organisation: int, report: Report, judge: Judge) -> None:
        self.desk, self.organisation, self.report, self.judge = desk, organisation, report, judge

    def problems(self) -> dict[str, int]:
        """What is wrong -> how much of it."""
        found = reckon(self.desk, self.organisation, [self.report], self.judge)
        kinds = {"lost": found.lost, "doubled": found.doubled, "clocks": found.clocks_missed}
        return {name: len(problems) for name, problems in kinds.items() if problems}


@pytest.fixture
def told(settings: Settings) -> Iterator[Told]:
    clock = Hands()
    judge = Judge(clock, [Run(0)], lambda: None)
    with cybertipline(judge) as (address, _), open_records(reporting_to(settings, address), clock) as desk:
        mine, [report] = furnish(desk, [Run(0)])
        perform_due(desk)
        yield Told(desk, mine, report, judge)


def test_the_reckoning_has_nothing_to_say_of_a_report_that_was_finished(told: Told) -> None:
    assert told.problems() == {}


def test_the_reckoning_sees_a_second_report(told: Told) -> None:
    [made] = told.judge.finished()
    told.judge.reports[7] = made
    assert told.problems() == {"doubled": 1, "lost": 1}


def test_the_reckoning_sees_a_report_that_the_authority_does_not_have(told: Told) -> None:
    told.judge.finished()[0].state = "expired"
    assert told.problems() == {"lost": 2}


def test_the_reckoning_sees_a_file_that_arrived_twice(told: Told) -> None:
    [made] = told.judge.finished()
    made.files["twice"] = next(iter(made.files.values()))
    assert told.problems() == {"doubled": 1}


def test_the_reckoning_sees_what_was_told_twice_and_a_clock_that_moved(told: Told) -> None:
    with told.desk.database.writing() as writer:
        append(writer, worker(told.organisation), "report", told.report.id, "report.finished", {}, NOW)
        queries.change(writer, told.organisation, told.report.id, due_at=NOW)
    assert told.problems() == {"doubled": 1, "clocks": 1}


def test_the_reckoning_sees_a_clock_that_runs_no_more(told: Told) -> None:
    with told.desk.database.writing() as writer:
        clocks.end_for(writer, worker(told.organisation), f"report:{told.report.id}", "lost", NOW)
    assert told.problems() == {"clocks": 1}


def test_the_reckoning_sees_a_report_that_never_left(told: Told) -> None:
    with told.desk.database.writing() as writer:
        queries.change(writer, told.organisation, told.report.id, state="sending")
    assert told.problems() == {"lost": 1}
