"""The house that is killed: its web and worker processes, each begun anew when it is gone, and who uses them."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from rempart.errors import Broken, Unavailable
from rempart.facts.people import operator
from rempart.people import organisations, queries, sessions, tokens
from rempart.people.random_keys import new_pseudonym
from rempart.settings import Settings
from rempart.storage import outbox
from rempart.testing.desk import picture_bytes
from rempart.testing.desk_intake import make_list
from rempart.testing.faults.load import LISTED, Plan, Reviewer
from rempart.testing.serving import Running, Served, await_answer, environment_of, free_port, start
from rempart.web.arriving import cookie_name
from rempart.wiring.desk import Desk, open_records

REVIEWERS = 2
UNDO_SECONDS = 2
DRAIN_SECONDS = 240.0
MORE: Mapping[str, str] = {
    "REMPART_SERVE__PUBLIC_REQUESTS_PER_HOUR": "100000000",
    "REMPART_DESK__UNDO_SECONDS": str(UNDO_SECONDS),
    "REMPART_DESK__LEASE_MINUTES": "1",
    "REMPART_WORKERS": "1",
}


@dataclass(slots=True)
class Process:
    """One process of the house, in its newest life."""

    words: tuple[str, ...]
    log: Path
    running: Running
    lives: int = 1


@dataclass
class House:
    """The processes. ports: where the desk is served."""

    environment: Mapping[str, str]
    folder: Path
    ports: list[int] = field(default_factory=list)
    processes: list[Process] = field(default_factory=list)
    kills: int = 0

    def begin(self, *, own_worker: bool) -> None:
        """Nothing; the house runs. own_worker: one server has its worker in its own process, as by default."""
        self.ports = [free_port(), free_port()]
        first, second = (("serve", "--port", str(port)) for port in self.ports)
        plans = [first if own_worker else (*first, "--no-worker"), (*second, "--no-worker"), ("worker",)]
        plans += [] if own_worker else [("worker",)]
        for number, words in enumerate(plans):
            log = self.folder / f"process-{number}.log"
            self.processes.append(Process(words, log, start(self.environment, log, *words)))
        for port, process in zip(self.ports, self.processes, strict=False):
            await_answer(Served(port, self.environment, process.running))

    def kill_one(self, draw: Random) -> None:
        """Nothing; one process was killed at this very moment, and a new one begins."""
        self.revive()
        process = draw.choice(self.processes)
        process.running.kill()
        self.kills += 1
        self._again(process)

    def revive(self) -> None:
        """Nothing; whoever ended because something outside was missing runs again, as service managers do it.

        Raises Broken when a process ended for another reason.
        """
        for process in self.processes:
            code = process.running.process.poll()
            if code == Unavailable.exit_code:
                self._again(process)
            elif code is not None:
                raise Broken(f"`{' '.join(process.words)}` ended with {code}: {process.running.said()[-2000:]}")

    def _again(self, process: Process) -> None:
        process.running = start(self.environment, process.log, *process.words)
        process.lives += 1

    def end(self) -> None:
        """Nothing; every process was asked to stop, and has."""
        for process in self.processes:
            process.running.process.terminate()
        for process in self.processes:
            process.running.stop()
        self.processes.clear()


@contextmanager
def settled(settings: Settings, folder: Path, *, own_worker: bool) -> Iterator[tuple[House, Desk]]:
    """The house on these settings, and a desk to look at its records with."""
    house = House({**environment_of(settings), **MORE}, folder)
    with open_records(settings) as desk:
        try:
            house.begin(own_worker=own_worker)
            yield house, desk
        finally:
            house.end()


def furnish(desk: Desk, plan_file: Path, ports: Sequence[int], seed: int) -> Plan:
    """Who uses the house: a host, reviewers who are signed in, and a list of some pictures."""
    make_list(desk.lists, *(picture_bytes(number) for number in range(LISTED)), policy="review")
    now = datetime.now(UTC).replace(microsecond=0)
    with desk.database.writing() as writer:
        known = queries.organisations(writer)
        organisation = (known[0] if known else organisations.add(writer, "faults", "Faults", now)).id
        _, token = tokens.make(writer, operator(organisation), "host", ["items", "bundles"], now)
    plan = Plan(
        list(ports),
        token,
        [_reviewer(desk, organisation, now) for _ in range(REVIEWERS)],
        seed,
        str(plan_file.with_name("journal.jsonl")),
        str(plan_file.with_name("stop")),
    )
    plan.write(plan_file)
    return plan


def _reviewer(desk: Desk, organisation: int, now: datetime) -> Reviewer:
    with desk.database.writing() as writer:
        pid = new_pseudonym(writer, "R")
        made = queries.add_person(
            writer,
            organisation=organisation,
            pid=pid,
            login=f"{pid.lower()}@faults.example",
            name_sealed=desk.fields.seal_text("name", pid),
            role="reviewer",
            language="en",
            password_hash="",
            created_at=now,
        )
        person = queries.person_by_id(writer, made)
        assert person is not None  # noqa: S101 - written a line ago
        times = sessions.Times(timedelta(hours=12), timedelta(hours=12))
        key, session = sessions.begin(
            writer, person, stage="full", through="password", browser="faults", times=times, now=now
        )
    return Reviewer(f"{cookie_name(desk.settings.serve)}={key}", session.form_key)


@contextmanager
def under_load(plan_file: Path, plan: Plan) -> Iterator[None]:
    """The load runs, in a process of its own; at the end every request that was begun has its answer."""
    command = [sys.executable, "-m", "rempart.testing.faults.load", str(plan_file)]
    process = subprocess.Popen(command)
    try:
        yield
        if process.poll() is not None:
            raise Broken("the load ended by itself; nothing was measured")
    finally:
        Path(plan.stop).touch()
        process.wait(DRAIN_SECONDS)


def drain(house: House, desk: Desk) -> dict[str, int]:
    """How many effects are in each state, once nothing that is due is left to perform, or patience has ended."""
    until = time.monotonic() + DRAIN_SECONDS
    while True:
        house.revive()
        with desk.database.reading() as reader:
            soon = desk.clock() + timedelta(seconds=DRAIN_SECONDS)
            left = outbox.due(reader, soon) or outbox.unfinished(reader, soon)
            counts = outbox.counts(reader)
        if not left or time.monotonic() > until:
            return counts
        time.sleep(0.5)
