"""Run a planned job: shards over worker threads, each with its own sandboxed child; stop and resume at any moment."""

import base64
import json
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rempart.batch import plan as plans
from rempart.batch import results
from rempart.batch.files import whole
from rempart.batch.plan import Plan, Shard
from rempart.batch.summary import Summary
from rempart.errors import Conflict
from rempart.facts import Finding, name_of

_TELL_EVERY_SECONDS = 0.1


class Worker(Protocol):
    """What one thread screens with; made once per thread, closed at its end."""

    def findings(self, shard: Shard) -> Iterator[Finding]:
        """One finding per item of the shard, and per member of its archives."""

    def close(self) -> None:
        """Give the child back."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a job stands: planned items, and items with a finding (archives add members to the second)."""

    planned_items: int
    done_items: int
    findings: Counter[str]
    seconds: float
    resumed_items: int


@dataclass(frozen=True, slots=True)
class Job:
    """A folder that holds one job: its plan and shards under `job/`, its results beside them."""

    folder: Path
    plan: Plan

    @property
    def shard_folder(self) -> Path:
        """Where finished shards stand until they are merged."""
        return self.folder / "job" / "shards"

    def shard_file(self, number: int) -> Path:
        """Where the findings of one shard stand once it is finished."""
        return self.shard_folder / f"{number:08d}.jsonl"

    @property
    def finished(self) -> bool:
        """Whether the results are merged."""
        return (self.folder / "summary.json").exists()


def open_job(folder: Path, identity: dict[str, object], shards: Callable[[Path], Iterable[Shard]]) -> Job:
    """The job in `folder`: the one planned there before, or a new one.

    identity: what was asked for; a folder that holds another job raises Conflict.
    """
    known = plans.read(folder / "job")
    if known is None:
        return Job(folder, plans.write(folder / "job", shards(folder / "job"), identity))
    if known.identity != identity:
        raise Conflict(f"`{folder}` holds another job; choose another --out or delete that folder")
    return Job(folder, known)


class _Run:
    """The shared state of one run: what is left, what was counted, whether to stop."""

    def __init__(self, job: Job, stop: threading.Event, progress: Callable[[Progress], None]) -> None:
        self.job, self.stop, self._progress = job, stop, progress
        self.left: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.errors: list[BaseException] = []
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._started = time.monotonic()
        self._told = 0.0
        self._done = self._resumed = 0
        for number in range(len(job.plan.offsets)):
            if job.shard_file(number).exists():
                self._resumed += job.plan.shard(number).size
            else:
                self.left.put(number)
        self._done = self._resumed

    def count(self, outcomes: Counter[str], planned_items: int = 0) -> None:
        """Note findings and finished plan items, and tell whoever watches."""
        with self._lock:
            self._counts += outcomes
            self._done += planned_items
            now = time.monotonic()
            if now - self._told < _TELL_EVERY_SECONDS and self._done < self.job.plan.items:
                return
            self._told = now
            seconds = now - self._started
            state = Progress(self.job.plan.items, self._done, self._counts.copy(), seconds, self._resumed)
        self._progress(state)


def run(
    job: Job,
    worker: Callable[[], Worker],
    *,
    workers: int,
    progress: Callable[[Progress], None] = lambda _: None,
    stop: threading.Event | None = None,
    previews: bool = False,
) -> Summary | None:
    """The summary of the job once every shard is done and merged; None when `stop` was set before.

    A shard appears whole or not at all, so a kill costs each worker at most the shard it was at.
    """
    state = _Run(job, stop or threading.Event(), progress)
    threads = [threading.Thread(target=_work, args=(state, worker, previews), daemon=True) for _ in range(workers)]
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
    if state.stop.is_set() and not state.left.empty():
        return None
    return merge(job)


def merge(job: Job) -> Summary | None:
    """The summary of all shards, merged in plan order; None when one is missing."""
    files = [job.shard_file(number) for number in range(len(job.plan.offsets))]
    if not all(file.exists() for file in files):
        return None
    return results.merge(job.folder, files)


def _work(state: _Run, make_worker: Callable[[], Worker], previews: bool) -> None:
    try:
        worker = make_worker()
    except Exception as error:  # noqa: BLE001 - carried to the caller, who raises it
        state.errors.append(error)
        state.stop.set()
        return
    try:
        while not state.stop.is_set() and not state.left.empty():
            _do_shard(state, worker, state.left.get_nowait(), previews)
    except queue.Empty:
        return
    except Exception as error:  # noqa: BLE001 - carried to the caller, who raises it
        state.errors.append(error)
        state.stop.set()
    finally:
        worker.close()


def _do_shard(state: _Run, worker: Worker, number: int, previews: bool) -> None:
    shard, started, seen = state.job.plan.shard(number), time.time(), []
    lines: list[bytes] = []
    for finding in worker.findings(shard):
        if state.stop.is_set():
            state.left.put(number)
            return
        lines.append(results.line(finding))
        if previews and finding.preview:
            seen.append({"item": finding.item, "png": base64.b64encode(finding.preview).decode()})
        state.count(Counter([name_of(finding.outcome)]))
    if seen:
        with whole(state.job.shard_file(number).with_suffix(".previews")) as stream:
            stream.write(b"".join(json.dumps(preview).encode() + b"\n" for preview in seen))
    with whole(state.job.shard_file(number).with_suffix(".timing")) as stream:
        stream.write(json.dumps({"items": len(lines), "started": started, "ended": time.time()}).encode())
    with whole(state.job.shard_file(number)) as stream:
        stream.writelines(lines)
    state.count(Counter(), planned_items=shard.size)
