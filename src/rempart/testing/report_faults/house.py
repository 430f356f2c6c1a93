"""The house of the campaign: its settings, the nursery of its workers, and the worker that lives now."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rempart.errors import Broken


@dataclass
class Nursery:
    """Makes workers, one at a time. kills: how many ended by SIGKILL."""

    process: "subprocess.Popen[str]"
    log: Path
    kills: int = 0
    _living: int | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def begin(self) -> None:
        """Nothing; a worker lives. Raises Broken when none can be made."""
        assert self.process.stdin is not None  # noqa: S101 - it was begun with pipes
        self.process.stdin.write("begin\n")
        self.process.stdin.flush()
        said = self._said("begun")
        with self._lock:
            self._living = said

    def kill(self) -> None:
        """Nothing; the worker is gone at this very moment, if one lives."""
        with self._lock:
            if self._living is not None:
                os.kill(self._living, signal.SIGKILL)

    def is_gone(self) -> bool:
        """Whether the worker was killed since it was begun; then another may be begun. Raises Broken when it failed."""
        with self._lock:
            if self._living is None:
                return True
            if not _is_gone(self._living):
                return False
            self._living = None
        code = self._said("ended")
        if code != -signal.SIGKILL:
            raise Broken(f"a worker ended with {code}: {self.log.read_text('utf-8', 'replace')[-2000:]}")
        self.kills += 1
        return True

    def end(self) -> None:
        """Nothing; the worker was asked to stop and has, and so has the nursery."""
        with self._lock:
            if self._living is not None:
                os.kill(self._living, signal.SIGTERM)
        assert self.process.stdin is not None  # noqa: S101 - it was begun with pipes
        self.process.stdin.close()
        self.process.wait(60)

    def _said(self, what: str) -> int:
        assert self.process.stdout is not None  # noqa: S101 - it was begun with pipes
        word, _, number = self.process.stdout.readline().strip().partition(" ")
        if word != what:
            raise Broken(f"the nursery failed: {self.log.read_text('utf-8', 'replace')[-2000:]}")
        return int(number)


def _is_gone(pid: int) -> bool:
    """Whether the process has ended; the nursery may not have noticed yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in ("Z", "X")


@contextmanager
def nursery(variables: Mapping[str, str], folder: Path) -> Iterator[Nursery]:
    """A nursery, until the block ends."""
    log = folder / "workers.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "rempart.testing.report_faults.worker", str(folder)],
            env=dict(variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=out,
            text=True,
        )
        made = Nursery(process, log)
        try:
            yield made
        finally:
            made.end()
            if process.stdout is not None:
                process.stdout.close()
