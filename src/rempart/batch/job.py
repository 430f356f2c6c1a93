"""A job: a folder with a plan, finished shards, and in the end the results. One process works on it at a time."""

import fcntl
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rempart.batch import plan as plans
from rempart.batch.plan import Plan, Shard
from rempart.batch.results import for_readers
from rempart.errors import Conflict, Unavailable, UserMistake
from rempart.storage.atomic import TEMPORARY_PREFIX

_OWNER_ONLY = 0o700  # the plan may hold digests of the operator's own items
_SUMMARY = "summary.json"


@dataclass(frozen=True, slots=True)
class Job:
    """A folder that holds one job: its plan and shards under `job/`, its results beside them."""

    folder: Path
    plan: Plan

    @property
    def shard_folder(self) -> Path:
        """Where finished shards stand until they are merged."""
        return self.folder / "job" / "shards"

    def shard_file(self, number: int, suffix: str = ".jsonl") -> Path:
        """Where the findings of one shard stand once it is finished; what belongs to it has another suffix."""
        return self.shard_folder / f"{number:08d}{suffix}"

    def shard_files(self) -> list[Path]:
        """The files of all shards in plan order, whether they are there or not."""
        return [self.shard_file(number) for number in range(len(self.plan.offsets))]

    def notes(self) -> Iterator[dict[str, Any]]:
        """What was noted beside each finished shard: items, times, and the list versions it was searched against."""
        for path in sorted(self.shard_folder.glob("*.note")):
            yield json.loads(path.read_bytes())

    def hits(self) -> Counter[tuple[str, str]]:
        """(list, entry) -> how many distinct items met it; what flood quarantine looks at."""
        distinct = {tuple(hit) for note in self.notes() for hit in note["hits"]}
        return Counter((list_name, entry_ref) for list_name, entry_ref, _ in distinct)

    def finish(self, summary: dict[str, Any]) -> None:
        """The job is finished: its summary stands, and of the way there only the plan is left."""
        with for_readers(self.folder / _SUMMARY) as stream:
            stream.write(json.dumps(summary, indent=2).encode() + b"\n")
        # Previews are in the report now, findings are merged, and copies of tables hold the operator's digests.
        for left_over in ((self.folder / "job").glob("table-*"), [self.shard_folder]):
            for folder in left_over:
                shutil.rmtree(folder)


@contextmanager
def opened_job(
    folder: Path, identity: dict[str, Any], shards: Callable[[Path], Iterable[Shard]], *, again: bool = False
) -> Iterator[Job]:
    """The job in `folder`, locked: the unfinished one planned there before, or a new one.

    again: begin anew where a job is finished. Raises Conflict for another job, a finished one, or one that another
    process works on; UserMistake when the folder cannot be made; Unavailable when the disk gives out.
    """
    with _locked(folder):
        if (folder / _SUMMARY).exists():
            if not again:
                raise Conflict(f"the job in `{folder}` is finished; choose another --out, or add --again to begin anew")
            _clear(folder)
        try:
            _sweep(folder)
            yield Job(folder, _planned(folder, identity, shards))
        except OSError as error:
            raise Unavailable(f"`{folder}` cannot be written ({error.strerror}); mend that and run again") from error


def _sweep(folder: Path) -> None:
    """The shard folder is there, and half-written files of a killed run are gone."""
    (folder / "job" / "shards").mkdir(exist_ok=True)
    for place in (folder, folder / "job", folder / "job" / "shards"):
        for path in place.glob(f"{TEMPORARY_PREFIX}*"):
            path.unlink()


def _planned(folder: Path, identity: dict[str, Any], shards: Callable[[Path], Iterable[Shard]]) -> Plan:
    known = plans.read(folder / "job")
    if known is None:
        return plans.write(folder / "job", shards(folder / "job"), identity)
    if known.identity != identity:
        raise Conflict(f"`{folder}` holds another job; choose another --out or delete that folder")
    return known


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        (folder / "job").mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        descriptor = os.open(folder / "job" / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UserMistake(f"`{folder}` cannot be made ({error.strerror}); choose another --out") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Conflict(f"another process works on `{folder}`; wait for it or choose another --out") from error
    finally:
        os.close(descriptor)


def _clear(folder: Path) -> None:
    """Nothing of a finished job is left but its folder and its lock."""
    for name in (_SUMMARY, "findings.jsonl", "findings.parquet", "report.html"):
        (folder / name).unlink(missing_ok=True)
    for path in (folder / "job").iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()
