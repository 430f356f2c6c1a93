"""Run a planned job: shards over worker threads, each with its own sandboxed child; stop and resume at any moment."""

import base64
import json
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from rempart.batch import results
from rempart.batch.job import Job
from rempart.batch.plan import Shard
from rempart.batch.summary import Summary
from rempart.facts import Finding, Matched, name_of
from rempart.storage.atomic import written_atomically

_TELL_EVERY_SECONDS = 0.1


class Worker(Protocol):
    """What one thread screens with; made once per thread, closed at its end."""

    def findings(self, shard: Shard) -> Iterator[Finding]:
        """One finding per item of the shard, and per member of its archives."""

    def versions(self) -> dict[str, int]:
        """List name -> version, of the lists in force now."""

    def close(self) -> None:
        """Give the child back."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a job stands: planned items, those done, and findings so far (archives add one for each member)."""

    planned_items: int
    done_items: int
    findings: Counter[str]
    seconds: float
    resumed_items: int


class _Stopped(Exception):
    """Somebody asked to stop; the shard at hand is left undone."""


class _Run:
    """The shared state of one run: what is left, what was counted, whether to stop."""

    def __init__(self, job: Job, stop: threading.Event, progress: Callable[[Progress], None], previews: bool) -> None:
        self.job, self.stop, self.previews = job, stop, previews
        self._progress = progress
        self.left: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.errors: list[Exception] = []
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._started, self._told = time.monotonic(), 0.0
        self._resumed = 0
        for number, file in enumerate(job.shard_files()):
            if file.exists():
                self._resumed += job.plan.shard(number).size
            else:
                self.left.put(number)
        self._done = self._resumed

    def count(self, outcomes: Counter[str], planned_items: int = 0) -> None:
        """Note findings and finished plan items, and tell whoever watches, one thread at a time."""
        with self._lock:
            self._counts += outcomes
            self._done += planned_items
            now = time.monotonic()
            if now - self._told < _TELL_EVERY_SECONDS and self._done < self.job.plan.items:
                return
            self._told = now
            seconds = now - self._started
            self._progress(Progress(self.job.plan.items, self._done, self._counts.copy(), seconds, self._resumed))

    def fail(self, error: Exception) -> None:
        """Every thread stops, and the caller raises the first error."""
        self.errors.append(error)
        self.stop.set()


def run(
    job: Job,
    worker: Callable[[], Worker],
    *,
    workers: int,
    progress: Callable[[Progress], None] = lambda _: None,
    stop: threading.Event | None = None,
    previews: bool = False,
) -> Summary | None:
    """The counts of the job once every shard is done and merged; None when `stop` was set before.

    A shard appears whole or not at all, so a kill costs each worker at most the shard it was at.
    """
    state = _Run(job, stop or threading.Event(), progress, previews)
    threads = [threading.Thread(target=_work, args=(state, worker), daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)  # in slices, or a signal would wait for the whole job
    except BaseException:
        state.stop.set()
        raise
    if state.errors:
        raise state.errors[0]
    return merge(job)


def merge(job: Job) -> Summary | None:
    """The counts of all shards, merged in plan order; None when one is missing."""
    files = job.shard_files()
    return results.merge(job.folder, files) if all(file.exists() for file in files) else None


def _work(state: _Run, make_worker: Callable[[], Worker]) -> None:
    try:
        worker = make_worker()
        try:
            while not state.stop.is_set():
                _do_shard(state, worker, state.left.get_nowait())
        finally:
            worker.close()
    except (queue.Empty, _Stopped):
        return
    except Exception as error:  # noqa: BLE001 - carried to the caller, who raises it
        state.fail(error)


def _do_shard(state: _Run, worker: Worker, number: int) -> None:
    """Nothing; the shard's file stands whole, its previews and its note before it."""
    shard, job = state.job.plan.shard(number), state.job
    versions, started, items = worker.versions(), time.time(), 0
    hits: set[tuple[str, str, str]] = set()
    with suppress(FileNotFoundError):  # of a run that was killed in this shard
        job.shard_file(number, ".previews").unlink()
    with written_atomically(job.shard_file(number)) as lines:
        for finding in _unless_stopped(worker.findings(shard), state.stop):
            lines.write(results.line(finding))
            items += 1
            hits.update(_hits(finding))
            if state.previews and finding.preview and isinstance(finding.outcome, Matched):
                _keep_preview(job, number, finding)
            state.count(Counter([name_of(finding.outcome)]))
        with written_atomically(job.shard_file(number, ".note")) as stream:
            note = {"lists": versions, "started": started, "ended": time.time(), "items": items}
            note["hits"] = sorted(hits)
            stream.write(json.dumps(note).encode())
    state.count(Counter(), planned_items=shard.size)


def _hits(finding: Finding) -> Iterator[tuple[str, str, str]]:
    """(list, entry, content) of each known-bad entry that the item meets: copies of one file are one content."""
    if isinstance(finding.outcome, Matched):
        for match in finding.outcome.matches:
            if match.polarity == "known-bad":
                yield match.list_name, match.entry_ref, finding.content or finding.item


def _unless_stopped(findings: Iterator[Finding], stop: threading.Event) -> Iterator[Finding]:
    for finding in findings:
        if stop.is_set():
            raise _Stopped
        yield finding


def _keep_preview(job: Job, number: int, finding: Finding) -> None:
    preview = {"item": finding.item, "png": base64.b64encode(finding.preview or b"").decode()}
    with job.shard_file(number, ".previews").open("ab") as stream:
        stream.write(json.dumps(preview).encode() + b"\n")
