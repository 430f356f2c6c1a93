"""What the desk believes against what the authority has: each report finished once, whole, proven, and on time."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import md5

from rempart.audit.queries import story
from rempart.cases.clocks import clocks
from rempart.cases.review.queries import clocks as holds
from rempart.cases.review.queries import decisions
from rempart.facts.people import worker
from rempart.law import rule
from rempart.reporting import queries, sending
from rempart.storage import outbox
from rempart.storage.database import Reader, Writer
from rempart.testing.emulators.cybertip import Opened
from rempart.testing.report_faults.authority import Judge
from rempart.testing.report_faults.plans import FILES, Run
from rempart.wiring.desk import Desk

HOLD = "us.2258a.h"
# A question of an authority about the report: this duty runs while the report is on its way, and nothing ends it here.
CLOCK = "uk.question"
DUE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the campaign. at: when it was drafted, and its clocks began."""

    run: Run
    case_id: int
    id: int
    action: int
    at: datetime


@dataclass(slots=True)
class Reckoning:
    """lost, doubled, clocks_missed: what is wrong, in sentences. finished: reports that are whole on both sides."""

    finished: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    clocks_missed: list[str] = field(default_factory=list)

    def once(self, what: str, found: int) -> None:
        """Nothing; it is noted unless the thing is there exactly once."""
        if found < 1:
            self.lost.append(f"{what}: not there")
        elif found > 1:
            self.doubled.append(f"{what}: there {found} times")


def reckon(desk: Desk, organisation: int, reports: list[Report], judge: Judge) -> Reckoning:
    """What became of every report."""
    result, at_authority = Reckoning(), judge.of_runs()
    with desk.database.writing() as writer:
        for one in reports:
            finished = [made for made in at_authority.get(one.run.number, []) if made.state == "finished"]
            before = len(result.lost) + len(result.doubled)
            _report(desk, writer, organisation, one, finished, result)
            _clock(desk, writer, organisation, one, result)
            result.finished += len(result.lost) + len(result.doubled) == before
        result.lost += [f"effect {one.id} ({one.kind}) failed: {one.problem}" for one in outbox.failed(writer)]
    return result


def _report(
    desk: Desk, writer: Writer, organisation: int, one: Report, finished: list[Opened], result: Reckoning
) -> None:
    what = f"report {one.id} ({one.run})"
    row = queries.read(writer, organisation, one.id)
    if row is None or row["state"] != "finished":
        result.lost.append(f"{what}: {row['state'] if row else 'gone'}: {row['problem'] if row else ''}")
        return
    result.once(f"{what} at the authority", len(finished))
    if [row["external_id"]] != [str(made.report_id) for made in finished]:
        result.lost.append(f"{what}: known as {row['external_id']}")
    verbs = Counter(entry.verb for entry in story(writer, organisation, "report", one.id))
    result.once(f"{what}, told as finished", verbs["report.finished"])
    receipts = sending.receipts_of(writer, desk.fields, organisation, one.id)
    if not any(kept["kind"] == "finish" for kept, _ in receipts):
        result.lost.append(f"{what}: no receipt of its end")
    action = decisions.read_action(writer, organisation, one.action)
    if action is None or action["state"] != "fulfilled":
        result.lost.append(f"{what}: its action is {action['state'] if action else 'gone'}")
    _files(desk, writer, organisation, one, finished, result)


def _files(
    desk: Desk, writer: Writer, organisation: int, one: Report, finished: list[Opened], result: Reckoning
) -> None:
    """Each file arrived once, whole, with its details."""
    row = queries.read(writer, organisation, one.id)
    assert row is not None  # noqa: S101 - it was read a moment ago
    draft = sending.draft_of(desk.fields, row)
    wanted = Counter(
        md5(
            desk.vault.open(writer, worker(organisation), file["vault"], "campaign", desk.clock()),
            usedforsecurity=False,
        ).hexdigest()
        for file in draft["files"]
    )
    for made in finished:
        arrived = Counter(file.md5 for file in made.files.values())
        if arrived != wanted or wanted.total() != FILES or not all(file.details for file in made.files.values()):
            (result.lost if wanted - arrived else result.doubled).append(f"report {one.id}: files not as approved")


def _clock(desk: Desk, reader: Reader, organisation: int, one: Report, result: Reckoning) -> None:
    """What the report was due stands as it was, and what it begins runs for as long as the law says, once."""
    row = queries.read(reader, organisation, one.id)
    if row is None or row["state"] != "finished":
        return
    if row["due_at"] != one.at + DUE:
        result.clocks_missed.append(f"report {one.id}: due {row['due_at']}, not {one.at + DUE}")
    ends = [held["ends_at"] for held in holds.holds(reader, organisation, one.case_id) if held["basis"] == HOLD]
    if ends != [rule(HOLD).ends(row["ended_at"])]:
        result.clocks_missed.append(f"case {one.case_id}: held until {ends}")
    running = clocks.running(reader, organisation, desk.clock(), one.case_id)
    if [(each.law.id, each.due_at) for each in running] != [(CLOCK, rule(CLOCK).ends(one.at))]:
        result.clocks_missed.append(f"case {one.case_id}: its clocks are {running}")
    for each in running:
        told = Counter(entry.verb for entry in story(reader, organisation, "clock", each.id))
        early = told["clock.missed"] and desk.clock() <= each.due_at
        if early or max(told.values()) > 1:
            result.clocks_missed.append(f"clock {each.id}: {dict(told)}")
