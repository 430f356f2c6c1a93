"""Reports under way: a thousand of three files each through the emulator, and a worker that begins with 100,000."""

import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rempart.clock import utc_now
from rempart.errors import Broken
from rempart.facts.people import Actor
from rempart.migrations.schema import METADATA
from rempart.reporting import drafting, queries
from rempart.reporting.cybertip.grammar import INCIDENT_TYPES
from rempart.settings import Settings
from rempart.storage import outbox
from rempart.testing.benchmarks.lists import MEMORY
from rempart.testing.desk import make_media, make_organisation
from rempart.testing.desk_reporting import make_decided, reporting_to, senior, variables_of
from rempart.testing.emulators.cybertip import BASE, CyberTipline, cybertipline
from rempart.testing.emulators.server import Asked, Told
from rempart.testing.serving import Running, running
from rempart.wiring.desk import Desk, open_records
from rempart.wiring.reporting import reporting_of

Figures = dict[str, float]
REPORTS, QUICK_REPORTS = 1_000, 10
FILES = 3
PICTURES = 30
PENDING, QUICK_PENDING = 100_000, 500
ROWS_AT_ONCE = 1_000
PATIENCE_SECONDS = 3_600.0
GLANCE_SECONDS = 0.02


class Timed(CyberTipline):
    """The authority, with a watch: when each report was opened, and when it was finished."""

    def __init__(self) -> None:
        super().__init__(utc_now)
        self.opened: list[float] = []
        self.took: list[float] = []
        self.ended = 0.0
        self._began: dict[int, float] = {}

    def answer(self, asked: Asked) -> Told:
        """The answer to one request."""
        told, now = super().answer(asked), time.monotonic()
        with self._lock:
            if asked.path == f"{BASE}/submit":
                self.opened.append(now)
                self._began[int(told.body.partition(b"<reportId>")[2].partition(b"<")[0])] = now
            elif asked.path == f"{BASE}/finish":
                number = int(asked.body.rpartition(b"=")[2])
                self.took.append(now - self._began[number])
                self.ended = now
        return told


def run(quick: bool = False) -> dict[str, Figures]:
    """Reports a second and the seconds that one takes, from opening to finish, eight at once by one worker on SQLite.

    restart: how long a worker takes from its start to its first finished report, how much of the processor until then,
    and how much memory, when 100,000 approved reports wait. quick: few of everything, to see that it runs.
    """
    figures = {**_through(quick), **_restarted(quick)}
    return {"figures": {f"report.{name}": round(value, 3) for name, value in figures.items()}, "ratios": {}}


def _through(quick: bool) -> Figures:
    """The figures of many reports, all approved beforehand."""
    number = QUICK_REPORTS if quick else REPORTS
    with _desk() as (desk, authority, someone):
        for _ in range(number):
            _approved(desk, someone, FILES)
        with _worker(desk) as command:
            _until(lambda: len(authority.took) >= number, command)
        files = sum(len(one.files) for one in authority.finished())
    if files != number * FILES:
        raise Broken(f"{files} files arrived of {number * FILES}; nothing measured here can be trusted")
    return {
        "sent.per_second": number / (authority.ended - authority.opened[0]),
        "sent.p50_seconds": statistics.median(authority.took),
        "sent.p95_seconds": statistics.quantiles(authority.took, n=20)[-1],
    }


def _restarted(quick: bool) -> Figures:
    """The figures of a worker that begins while so many reports wait."""
    number = QUICK_PENDING if quick else PENDING
    with _desk() as (desk, authority, someone):
        _pile_up(desk, someone, number)
        began = time.monotonic()
        with _worker(desk) as command:
            _until(lambda: bool(authority.took), command)
            first = authority.ended - began
            memory, spent = _peak_mib(command), _spent_seconds(command)
    return {
        "restart.pending": number,
        "restart.first_seconds": first,
        "restart.processor_seconds": spent,
        "restart.peak_mib": memory,
    }


@contextmanager
def _desk() -> Iterator[tuple[Desk, Timed, Actor]]:
    """A desk on SQLite that reports to the emulator, and somebody who may approve."""
    authority = Timed()
    with (
        tempfile.TemporaryDirectory(prefix="rempart-bench-") as home,
        tempfile.TemporaryDirectory(dir=MEMORY) as memory,
        cybertipline(authority) as (address, _),
    ):
        settings = Settings(data_folder=Path(home), memory_folder=Path(memory) / "lists", workers=1)
        with open_records(reporting_to(settings, address)) as desk:
            with desk.database.writing() as writer:
                mine = make_organisation(writer, "bench", now=desk.clock())
            yield desk, authority, senior(mine)


def _approved(desk: Desk, someone: Actor, files: int) -> int:
    """The report, which leaves now."""
    reporting, now = reporting_of(desk), desk.clock()
    with desk.database.writing() as writer:
        mine = someone.organisation
        case_id = make_decided(writer, desk.fields, mine, media=0, now=now)
        for number in range(
            files
        ):  # the same pictures again and again: making new ones would take longer than the rest
            make_media(writer, desk.fields, mine, case_id, vault=desk.vault, seed=case_id % PICTURES + number, now=now)
        answers = {"incident_type": INCIDENT_TYPES[0]}
        made = drafting.draft(writer, reporting, someone, case_id, "cybertip", now, answers=answers)
        drafting.approve(writer, reporting, someone, made, now)
    return made


def _pile_up(desk: Desk, someone: Actor, number: int) -> None:
    """Nothing; so many approved reports wait. They are copies of one, each with a key of its own."""
    first, now = _approved(desk, someone, 0), desk.clock()
    table = METADATA.tables["report"]
    with desk.database.reading() as reader:
        row = queries.read(reader, someone.organisation, first)
        last = first
    assert row is not None  # noqa: S101 - it was made a moment ago
    copied = {name: value for name, value in row.items() if name not in ("id", "idempotency_key")}
    for start in range(1, number, ROWS_AT_ONCE):
        size = min(ROWS_AT_ONCE, number - start)
        with desk.database.writing() as writer:
            writer.run(table.insert(), [{**copied, "idempotency_key": secrets.token_hex(16)} for _ in range(size)])
            for report in range(last + 1, last + size + 1):
                drafting.put(writer, someone.organisation, report, 0, now)
        last += size
    with desk.database.reading() as reader:
        waiting = outbox.counts(reader)["pending"]
    if waiting != number:
        raise Broken(f"{waiting} effects wait, not {number}; nothing measured here can be trusted")


@contextmanager
def _worker(desk: Desk) -> Iterator[Running]:
    with running(variables_of(desk.settings), "worker") as command:
        yield command


def _until(true: Callable[[], bool], command: Running) -> None:
    """Nothing; it has come to be. Raises Broken when the worker ended or it takes too long."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if command.process.poll() is not None or time.monotonic() > until:
            raise Broken(f"the worker did not do its work: {command.said()[-2000:]}")
        time.sleep(GLANCE_SECONDS)


def _peak_mib(command: Running) -> float:
    """The most memory that the process has had."""
    lines = Path(f"/proc/{command.process.pid}/status").read_text().splitlines()
    kib = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    return kib / 1024


def _spent_seconds(command: Running) -> float:
    """How long the process has had a processor: on a busy machine it waits for one besides."""
    fields = Path(f"/proc/{command.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
