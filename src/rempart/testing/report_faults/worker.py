"""The worker that is killed: the real one, in a process that can end itself at a commit.

A nursery loads everything once and makes worker processes from itself, so that each begins within a moment. It reads
`begin` from its standard input, and says `begun PID` and, when that process is gone, `ended CODE`.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from rempart.settings import read
from rempart.storage.database import Database, Writer
from rempart.storage.outbox import Effect
from rempart.testing.report_faults.plans import Death
from rempart.wiring.desk import Desk, open_records
from rempart.worker import durable
from rempart.worker.effects import EFFECTS, Handler, reporting
from rempart.worker.loop import Worker


@dataclass(frozen=True, slots=True)
class SharedClock:
    """A clock that every process of the campaign reads, and the campaign moves on.

    file: how many seconds it is ahead.
    """

    file: Path

    def __call__(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=int(self.file.read_text()))

    def move(self, seconds: float) -> None:
        """Nothing; it is so much later for everybody."""
        ahead = int(self.file.read_text()) + max(int(seconds), 1)
        fresh = self.file.with_suffix(".new")
        fresh.write_text(str(ahead))
        fresh.replace(self.file)


class Deaths:
    """Who dies at which commit, once: report -> deaths. What has happened stands in a file."""

    def __init__(self, plan: Path, happened: Path) -> None:
        found = json.loads(plan.read_text())
        self._planned = {int(report): [Death(**one) for one in deaths] for report, deaths in found.items()}
        self._happened = happened
        for line in happened.read_text().splitlines() if happened.exists() else ():
            report, death = json.loads(line)
            self._planned[report].remove(Death(**death))

    def at(self, report: int, death: Death) -> None:
        """Nothing; unless this is planned: then this process is gone."""
        if death in self._planned.get(report, ()):
            with self._happened.open("a") as file:
                file.write(
                    json.dumps([report, {"step": death.step, "number": death.number, "when": death.when}]) + "\n"
                )
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """The database of one sending, which may be killed just before or just after it commits."""

    def __init__(self, inner: Database, deaths: Deaths, report: int) -> None:
        self._inner, self._deaths, self._report, self._commits = inner, deaths, report, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A writer that may not live to see its commit, or not outlive it."""
        with self._inner.writing() as writer:
            yield writer
            self._commits += 1
            self._deaths.at(self._report, Death("commit", self._commits, "before"))
        self._deaths.at(self._report, Death("commit", self._commits, "after"))


def mortal(deaths: Deaths) -> Mapping[str, Handler]:
    """The effects of the house, where sending a report may be the end."""

    def send(desk: Desk, effect: Effect) -> None:
        database = Mortal(desk.database, deaths, int(effect.body["report"]))
        reporting.send(replace(desk, database=cast("Database", database)), effect)

    return {**EFFECTS, "report.send": send}


def live(folder: Path) -> None:
    """Nothing; a worker was at work until it was asked to stop."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    deaths = Deaths(folder / "deaths.json", folder / "happened.jsonl")
    with open_records(read(), SharedClock(folder / "clock")) as desk:
        one = Worker(desk, mortal(deaths))
        one.start()
        stopped.wait()
        one.stop()


def main(folder: Path) -> None:
    """Nothing; one worker at a time lived, as often as was asked."""
    durable.load()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what the campaign reads is not for the logs
            code = 1
            try:
                live(folder)
                code = 0
            finally:
                os._exit(code)
        print("begun", child, flush=True)  # noqa: T201 - this is what the campaign reads
        _, status = os.waitpid(child, 0)
        print("ended", os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
