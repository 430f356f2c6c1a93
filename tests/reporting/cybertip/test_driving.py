"""A report on its way, through every fault that the authority can have and every moment at which we can die."""

import itertools
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from rempart.reporting.cybertip import keeping, ordering
from rempart.reporting.cybertip.driving import File, Route, digest, drive, in_memory
from rempart.reporting.cybertip.filing import NEXT_STEPS, Exchange, Filing, drafted
from rempart.reporting.cybertip.grammar import INCIDENT_TYPES
from rempart.reporting.cybertip.model import (
    FileDetails,
    IncidentSummary,
    InternetDetails,
    Report,
    Reporter,
    WebPageIncident,
)
from rempart.reporting.cybertip.model_people import Person
from rempart.reporting.cybertip.target import target
from rempart.testing.desk import Hands
from rempart.testing.emulators.cybertip import FAULTS, CyberTipline
from rempart.testing.emulators.direct import Direct

STEPS = ("submit", "upload", "fileinfo", "finish")
CONTENTS = (b"a purple dragon", b"another one")
ADDRESS = "http://127.0.0.1:1/ispws"


class Died(Exception):
    """The process was killed here."""


class Desk:
    """One report of two files, kept as JSON as the database would; `dies_at` kills it at that many-th keep."""

    def __init__(self) -> None:
        self.clock = Hands()
        self.authority = CyberTipline(self.clock)
        self.kept: dict[str, Any] = keeping.to_json(drafted("key", "emulator", tuple(map(digest, CONTENTS))))
        self.receipts: list[Exchange] = []
        self.keeps, self.dies_at = 0, 0

    def go(self) -> Filing:
        """The state after moving it as far as it comes now."""
        files = tuple(File(digest(one), len(one), FileDetails(), in_memory(lambda one=one: one)) for one in CONTENTS)
        route = Route(
            report=self.report(),
            files=files,
            target=target("emulator", emulator_address=ADDRESS),
            transport=Direct(self.authority),
            keep=self.keep,
            clock=self.clock,
        )
        return drive(self.state(), route)

    def keep(self, filing: Filing, exchange: Exchange | None) -> None:
        """Nothing; it is kept, unless we die now: before or after that."""
        self.keeps += 1
        if self.keeps == self.dies_at:
            raise Died
        self.kept = keeping.to_json(filing)
        self.receipts += [exchange] if exchange else []
        if self.keeps == -self.dies_at:
            raise Died

    def state(self) -> Filing:
        """The state as it is kept."""
        return keeping.from_json(self.kept)

    def until_it_ends(self, patience: int = 80) -> Filing:
        """The state when nothing happens any more without a person; the clock moves on meanwhile."""
        for _ in range(patience):
            try:
                filing = self.go()
            except Died:
                filing = self.state()
                self.clock.now += timedelta(seconds=5)
                continue
            if filing.ended:
                return filing
            self.clock.now = max(self.clock.now, filing.not_before or self.clock.now) + timedelta(seconds=1)
        raise AssertionError(f"it goes on and on: {self.state().phase}")

    def report(self) -> Report:
        """A report about a page."""
        page = InternetDetails(web_page_incident=WebPageIncident(urls=("https://dragon.example/",)))
        at = self.clock().replace(hour=8)
        summary = IncidentSummary(incident_type=INCIDENT_TYPES[0], incident_date_time=at)
        return Report(incident_summary=summary, reporter=Reporter(reporting_person=Person()), internet_details=(page,))


def told_truly(desk: Desk, filing: Filing) -> None:
    """Nothing. Fails unless what we believe is what the authority has: one report at the most, and whole."""
    finished = desk.authority.finished()
    assert len(finished) <= 1
    if filing.phase == "finished":
        assert [one.report_id for one in finished] == [filing.report_id]
        assert sorted(one.size_bytes for one in finished[0].files.values()) == sorted(map(len, CONTENTS))
        assert all(one.details for one in finished[0].files.values())
    elif filing.phase == "needs-people":
        assert filing.next_step in NEXT_STEPS.values()
        assert not finished or filing.finish_unclear or filing.reason in ("unknown-answer", "not-allowed")


def test_a_report_is_finished_once_with_its_files_and_every_receipt() -> None:
    desk = Desk()
    filing = desk.until_it_ends()
    assert filing.phase == "finished"
    told_truly(desk, filing)
    assert [one.step for one in desk.receipts] == ["submit", "upload", "fileinfo", "upload", "fileinfo", "finish"]
    assert all(one.request_id for one in desk.receipts)


@pytest.mark.parametrize(("step", "fault"), list(itertools.product(STEPS, FAULTS)))
def test_each_fault_at_each_step_ends_in_a_named_state(step: str, fault: Any) -> None:
    desk = Desk()
    desk.authority.will(step, fault)
    filing = desk.until_it_ends()
    assert filing.phase in ("finished", "needs-people")
    told_truly(desk, filing)


@pytest.mark.parametrize(
    "fault", ["server-error", "save-failed", "http-500", "http-429", "drop-before", "error-with-400"]
)
@pytest.mark.parametrize("step", STEPS)
def test_what_passes_is_waited_for(step: str, fault: Any) -> None:
    desk = Desk()
    desk.authority.will(step, fault)
    assert desk.until_it_ends().phase == "finished"


@pytest.mark.parametrize("dies_at", [*range(1, 16), *range(-15, 0)])
def test_a_death_at_any_moment_makes_no_second_report_and_loses_none(dies_at: int) -> None:
    desk = Desk()
    desk.dies_at = dies_at
    filing = desk.until_it_ends()
    assert filing.phase == "finished"
    told_truly(desk, filing)


def test_a_lost_answer_to_an_upload_is_never_repeated_into_the_same_report() -> None:
    desk = Desk()
    desk.authority.will("upload", "drop-after")
    filing = desk.until_it_ends()
    assert filing.phase == "finished"
    [report] = desk.authority.finished()
    assert len(report.files) == len(CONTENTS)
    assert len(desk.authority.reports) == 2
    assert str(filing.earlier[0]).encode() in report.xml


def test_a_finish_whose_answer_is_lost_is_asked_again_and_was_done_once() -> None:
    desk = Desk()
    desk.authority.will("finish", "drop-after")
    assert desk.until_it_ends().phase == "finished"
    assert len(desk.authority.finished()) == 1
    assert desk.authority.calls.count("finish") == 2


def test_a_wrong_md5_takes_the_report_back() -> None:
    desk = Desk()
    desk.authority.will("upload", "wrong-md5")
    filing = desk.until_it_ends()
    assert filing.phase == "finished"
    assert [one.state for one in desk.authority.reports.values()] == ["retracted", "finished"]


def test_a_report_that_expired_is_replaced_by_one_that_cites_it() -> None:
    desk = Desk()
    desk.dies_at = 5
    with pytest.raises(Died):
        desk.go()
    desk.clock.now += timedelta(hours=30)
    filing = desk.until_it_ends()
    assert filing.phase == "finished"
    assert len(filing.earlier) == 1


def test_a_person_takes_a_report_back_while_it_waits() -> None:
    desk = Desk()
    desk.authority.will("fileinfo", "http-429")
    desk.go()
    desk.kept = keeping.to_json(ordering.take_back(desk.state()))
    desk.clock.now += timedelta(hours=1)
    assert desk.until_it_ends().phase == "retracted"
    assert not desk.authority.finished()


def test_refused_credentials_stop_and_go_on_when_a_person_says_so() -> None:
    desk = Desk()
    desk.authority.will("submit", "unauthorised")
    filing = desk.until_it_ends()
    assert (filing.phase, filing.reason) == ("needs-people", "not-allowed")
    desk.kept = keeping.to_json(ordering.go_on(filing))
    assert desk.until_it_ends().phase == "finished"


@pytest.mark.parametrize("seed", range(60))
def test_many_faults_and_deaths_together(seed: int) -> None:
    run(seed)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(60, 2000))
def test_a_campaign_of_faults_and_deaths(seed: int) -> None:
    run(seed)


def run(seed: int) -> None:
    """Nothing. Fails unless the report of this seed ends truthfully."""
    random, desk = Random(seed), Desk()
    for _ in range(random.randrange(5)):
        desk.authority.will(random.choice(STEPS), random.choice(FAULTS))
    for _ in range(random.randrange(4)):
        desk.dies_at = (random.randrange(25) + desk.keeps + 1) * random.choice((1, -1))
        try:
            desk.go()
        except Died:
            desk.clock.now += timedelta(seconds=random.choice((1, 600, 100_000)))
    desk.dies_at = 0
    told_truly(desk, desk.until_it_ends())


def test_what_is_kept_is_read_back_whole() -> None:
    desk = Desk()
    desk.authority.will("upload", "drop-after")
    filing = desk.until_it_ends()
    assert keeping.from_json(keeping.to_json(filing)) == filing
