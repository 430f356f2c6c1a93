"""One campaign: reports under way while the authority fails and workers die, people who do what they are told to do,
and the reckoning at the end."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from rempart.audit.verifying import verify
from rempart.cases.clocks import clocks
from rempart.cases.review.queries import decisions
from rempart.errors import Broken
from rempart.facts.people import Actor
from rempart.reporting import drafting, queries, sending
from rempart.reporting.cybertip.grammar import INCIDENT_TYPES
from rempart.settings import Settings
from rempart.storage import outbox
from rempart.testing.desk import make_organisation
from rempart.testing.desk_reporting import make_decided, reporting_to, senior, variables_of
from rempart.testing.emulators.cybertip import cybertipline
from rempart.testing.faults.campaign import MEMORY, DatabaseName
from rempart.testing.postgres import private_cluster
from rempart.testing.report_faults.authority import Judge
from rempart.testing.report_faults.house import Nursery, nursery
from rempart.testing.report_faults.plans import FILES, Run, runs
from rempart.testing.report_faults.reckoning import CLOCK, DUE, Report, reckon
from rempart.testing.report_faults.worker import SharedClock
from rempart.vault.verifying import verify as verify_vault
from rempart.wiring.desk import Desk, checkpoint_folder, open_records
from rempart.wiring.reporting import reporting_of
from rempart.worker.loop import SILENT_SECONDS

MOST_TOLD = 20
MOST_ROUNDS = 12
PATIENCE_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went. by_itself: reports that were finished without a person. asked: how often people had to do something.

    lost, doubled, clocks_missed: what must not be. untold: reports that stood still and did not say what to do.
    """

    database: DatabaseName
    runs: int
    kills: int
    finished: int
    by_itself: int
    asked: int
    lost: int
    doubled: int
    untold: int
    clocks_missed: int
    ledger_ok: bool
    vault_ok: bool
    seconds: int
    seed: int

    @property
    def whole(self) -> bool:
        """Whether everything held."""
        wrong = self.lost or self.doubled or self.untold or self.clocks_missed
        return not wrong and self.finished == self.runs and self.ledger_ok and self.vault_ok


def run(database: DatabaseName, number: int, *, seed: int, say: Callable[[str], None] = lambda _: None) -> Outcome:
    """How the campaign of so many reports went."""
    began, planned = time.monotonic(), runs(number, seed)
    with _place(database) as (settings, folder):
        clock = SharedClock(folder / "clock")
        clock.file.write_text("0")
        made: list[Nursery] = []
        judge = Judge(clock, planned, lambda: made[0].kill())
        with cybertipline(judge) as (address, _), open_records(reporting_to(settings, address), clock) as desk:
            mine, reports = furnish(desk, planned)
            (folder / "deaths.json").write_text(json.dumps(_deaths(reports)))
            with nursery(variables_of(desk.settings), folder) as workers:
                made.append(workers)
                asked, untold = _until_all_ended(desk, judge, workers, clock, senior(mine), reports, say)
            result = reckon(desk, mine, reports, judge)
            ledger_ok = verify(desk.database, desk.keys.public_signing_key, checkpoint_folder(desk.settings)).whole
            vault_ok = verify_vault(desk.database, desk.vault, desk.clock()).whole
    for problem in [*result.lost, *result.doubled, *result.clocks_missed, *untold][:MOST_TOLD]:
        say(f"{database}: {problem}")
    return Outcome(
        database=database,
        runs=number,
        kills=workers.kills,
        finished=result.finished,
        by_itself=number - len(asked),
        asked=sum(asked.values()),
        lost=len(result.lost),
        doubled=len(result.doubled),
        untold=len(untold),
        clocks_missed=len(result.clocks_missed),
        ledger_ok=ledger_ok,
        vault_ok=vault_ok,
        seconds=round(time.monotonic() - began),
        seed=seed,
    )


def furnish(desk: Desk, planned: Sequence[Run]) -> tuple[int, list[Report]]:
    """(organisation, the approved reports of the runs)."""
    reporting, reports = reporting_of(desk), []
    with desk.database.writing() as writer:
        mine = make_organisation(writer, "faults", now=desk.clock())
    for one in planned:
        now = desk.clock()
        with desk.database.writing() as writer:
            case_id = make_decided(
                writer, desk.fields, mine, vault=desk.vault, media=FILES, urls=(one.url,), now=now, answers={"ai": "no"}
            )
            action = decisions.insert_action(
                writer,
                organisation=mine,
                case_id=case_id,
                kind="report_ncmec",
                target={},
                state="drafted",
                not_before=now,
                created_at=now,
                changed_at=now,
            )
            made = drafting.draft(
                writer,
                reporting,
                senior(mine),
                case_id,
                "cybertip",
                now,
                action_id=action,
                answers={"incident_type": INCIDENT_TYPES[0]},
                due_at=now + DUE,
            )
            drafting.approve(writer, reporting, senior(mine), made, now)
            clocks.start(writer, senior(mine), CLOCK, f"report:{made}", now, now, case_id=case_id)
        reports.append(Report(one, case_id, made, action, now.replace(microsecond=0)))
    return mine, reports


def _deaths(reports: Sequence[Report]) -> dict[int, list[dict[str, object]]]:
    """report -> the deaths that happen inside of the worker."""
    return {
        one.id: [asdict(death) for death in one.run.deaths if death.step == "commit"]
        for one in reports
        if any(death.step == "commit" for death in one.run.deaths)
    }


def _until_all_ended(
    desk: Desk,
    judge: Judge,
    workers: Nursery,
    clock: SharedClock,
    person: Actor,
    reports: Sequence[Report],
    say: Callable[[str], None],
) -> tuple[dict[int, int], list[str]]:
    """(report -> how often a person had to do something, what people were not told) when every report is finished."""
    asked: dict[int, int] = {}
    untold: list[str] = []
    for turn in range(MOST_ROUNDS):
        _until_it_rests(desk, workers, clock)
        waiting = [one for one in reports if _state(desk, person, one) in ("needs_people", "refused")]
        say(f"round {turn + 1}: {workers.kills} kills, {len(waiting)} of {len(reports)} reports wait for people")
        if not waiting:
            break
        finished = {run for run, all_ in judge.of_runs().items() if any(one.state == "finished" for one in all_)}
        for one in waiting:
            asked[one.id] = asked.get(one.id, 0) + 1
            untold += _do_what_it_says(desk, person, one, is_finished=one.run.number in finished)
    return asked, untold


def _state(desk: Desk, person: Actor, report: Report) -> str:
    with desk.database.reading() as reader:
        row = queries.read(reader, person.organisation, report.id)
    return str(row["state"]) if row is not None else "gone"


def _do_what_it_says(desk: Desk, person: Actor, report: Report, *, is_finished: bool) -> list[str]:
    """What a person was not told. They ask the authority whether the report is finished, and order what is said."""
    with desk.database.writing() as writer:
        row = queries.read(writer, person.organisation, report.id)
        assert row is not None  # noqa: S101 - it was read a moment ago
        again = "begin again" in row["problem"] and not is_finished
        sending.order(writer, person, report.id, "begin_again" if again else "go_on", desk.clock())
    told = "go on" in row["problem"] or "begin again" in row["problem"] or "ask it" in row["problem"]
    return [] if told else [f"report {report.id} does not say what to do: {row['problem']}"]


def _until_it_rests(desk: Desk, workers: Nursery, clock: SharedClock) -> None:
    """Nothing; nothing is under way or waits for its time: workers that died were followed by others, time moved on."""
    until = time.monotonic() + PATIENCE_SECONDS
    left = -1
    while True:
        if workers.is_gone():
            clock.move(SILENT_SECONDS + 1)  # who died is known to be dead
            workers.begin()
        with desk.database.reading() as reader:
            now = desk.clock()
            busy = len(outbox.due(reader, now, 10_000))
            busy += len(outbox.unfinished(reader, now + timedelta(days=1), 10_000))
            later = outbox.next_time(reader)
        if not busy:
            if later is None:
                return
            clock.move((later - now).total_seconds() + 1)
        if busy != left:
            left, until = busy, time.monotonic() + PATIENCE_SECONDS
        if time.monotonic() > until:
            raise Broken(f"{left} effects are under way and do not end: {workers.log.read_text()[-2000:]}")
        time.sleep(0.05)


@contextmanager
def _place(database: DatabaseName) -> Iterator[tuple[Settings, Path]]:
    """Settings of an installation, and a folder beside it, for the length of the block."""
    with (
        tempfile.TemporaryDirectory(prefix="rempart-faults-") as folder,
        tempfile.TemporaryDirectory(prefix="rempart-faults-", dir=MEMORY) as memory,
    ):
        settings = Settings(data_folder=Path(folder) / "data", memory_folder=Path(memory) / "lists", workers=1)
        if database == "sqlite":
            yield settings, Path(folder)
            return
        with private_cluster(durable=True) as cluster:
            address = SecretStr(cluster.url(cluster.create()))
            yield settings.model_copy(update={"database_url": address}), Path(folder)
