"""How long until a list of a million sealed entries is in force: in a fresh process, and after a change elsewhere."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rempart.clock import utc_now
from rempart.errors import Broken
from rempart.facts import Entry, Fingerprint
from rempart.lists import Lists
from rempart.matching import kernels
from rempart.storage import KeyRing

Figures = dict[str, float]
SIZE, QUICK_SIZE = (1_000_000, "1e6"), (50_000, "5e4")
ROUNDS, QUICK_ROUNDS = 7, 3
NAME = "bench"
MEMORY = "/dev/shm"  # noqa: S108 - it has to be memory

READER = """
import sys
from pathlib import Path
from rempart.clock import utc_now
from rempart.facts import Fingerprint, Variant, View
from rempart.lists import Lists
from rempart.storage import KeyRing
folder, key_file, memory = map(Path, sys.argv[1:])
lists = Lists(folder, KeyRing.from_file(key_file), memory, utc_now)
for line in sys.stdin:
    one = Fingerprint("pdq", bytes.fromhex(line.strip()))
    print(len(lists.snapshot().matches((), (Variant(one, View()),))), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the list of the benchmark lies."""

    home: Path
    memory: Path

    def lists(self) -> Lists:
        """The lists as a process sees them that has opened nothing yet."""
        return Lists(self.home / "lists", KeyRing.from_file_or_new(self.key_file), self.memory, utc_now)

    @property
    def key_file(self) -> Path:
        """The keys."""
        return self.home / "ring.json"

    def forget(self) -> None:
        """Nothing; the memory folder is as empty as after a restart of the machine."""
        shutil.rmtree(self.memory, ignore_errors=True)


class Reader:
    """Another process that answers how many entries a fingerprint meets."""

    def __init__(self, place: Place) -> None:
        command = [sys.executable, "-c", READER, *map(os.fspath, (place.home / "lists", place.key_file, place.memory))]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def met(self, value: bytes) -> int:
        """How many entries the fingerprint meets there, now."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise Broken("the reading process has no pipes; start it anew")
        stdin.write(value.hex() + "\n")
        stdin.flush()
        return int(stdout.readline())

    def expect(self, value: bytes, met: int) -> None:
        """Nothing. Raises Broken when the process does not see what it must see: then no figure can be trusted."""
        if self.met(value) != met:
            raise Broken("another process does not see the list as it is; nothing measured here can be trusted")

    def close(self) -> None:
        """Nothing; the process has ended."""
        self._process.communicate()


def run(quick: bool = False) -> dict[str, Figures]:
    """Medians, wall clock: seconds and milliseconds until an entry matches, or no longer does, in another process.

    ready: a fresh process from its start to its first answer, the index in memory being there; ready_cold: not being
    there, so that the list is unsealed and built. quick: a twentieth of the entries.
    """
    (size, label), rounds = (QUICK_SIZE, QUICK_ROUNDS) if quick else (SIZE, ROUNDS)
    kernels.warm()
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory(dir=MEMORY) as memory:
        place = Place(Path(home), Path(memory) / "lists")
        values = _enlist(place, size)
        figures = {**_starts(place, values, rounds), **_changes(place, values, rounds)}
    return {"figures": {f"lists.{label}.{name}": round(value, 4) for name, value in figures.items()}, "ratios": {}}


def pictures(count: int, seed: int = 20261122) -> NDArray[np.uint8]:
    """Random fingerprints with as many bits set as a real PDQ has."""
    random = np.random.default_rng(seed)
    return np.packbits(random.permuted(np.tile(np.arange(256) < 128, (count, 1)), axis=1), axis=1)


def _enlist(place: Place, size: int) -> NDArray[np.uint8]:
    """The fingerprints of a new sealed list."""
    values = pictures(size)
    file = place.home / "list.csv"
    file.write_text("id,pdq\n" + "".join(f"r{row},{value.tobytes().hex()}\n" for row, value in enumerate(values)))
    place.lists().import_file(file, name=NAME, source="a random generator", format="csv")
    return values


def _starts(place: Place, values: NDArray[np.uint8], rounds: int) -> Figures:
    """Seconds until a process is ready, with and without the index in memory, taking turns."""
    known = values[len(values) // 2].tobytes()
    warm, cold, alone = [], [], []
    for _ in range(rounds):
        warm.append(_start(place, known))
        place.forget()
        cold.append(_start(place, known))
        place.forget()
        alone.append(_snapshot(place))
    return {
        "ready.seconds": statistics.median(warm),
        "ready_cold.seconds": statistics.median(cold),
        "snapshot_cold.seconds": statistics.median(alone),
    }


def _start(place: Place, known: bytes) -> float:
    """Seconds from the start of a process to its first answer; its end does not count."""
    begin = time.perf_counter()
    with _reader(place) as reader:
        reader.expect(known, 1)
        return time.perf_counter() - begin


def _snapshot(place: Place) -> float:
    """Seconds of the first snapshot in this process, which has loaded the kernels."""
    lists = place.lists()
    begin = time.perf_counter()
    lists.snapshot()
    return time.perf_counter() - begin


def _changes(place: Place, values: NDArray[np.uint8], rounds: int) -> Figures:
    """Milliseconds until an appended entry, seconds until a withdrawn one takes effect in another process."""
    lists = place.lists()
    fresh = pictures(rounds, seed=7)
    appended = []
    with _reader(place) as reader:
        reader.expect(values[0].tobytes(), 1)
        for number, value in enumerate(fresh):
            begin = time.perf_counter()
            lists.append(NAME, [Entry(Fingerprint("pdq", value.tobytes()), f"added-{number}")])
            reader.expect(value.tobytes(), 1)
            appended.append(time.perf_counter() - begin)
        withdrawn = [_withdrawal(lists, reader, f"r{row}", values[row].tobytes()) for row in range(rounds)]
    return {
        "append_to_match.ms": statistics.median(appended) * 1e3,
        "withdraw_seen.seconds": statistics.median(withdrawn),
    }


def _withdrawal(lists: Lists, reader: Reader, ref: str, value: bytes) -> float:
    """Seconds from the withdrawal's beginning to the first answer that is without the entry."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(lists.withdraw, NAME, refs=[ref], reason="a benchmark")
        while reader.met(value):
            if done.done() and reader.met(value):
                raise Broken("a withdrawn entry still matches in another process; nothing here can be trusted")
        seen = time.perf_counter() - begin
        done.result()
    return seen


@contextmanager
def _reader(place: Place) -> Iterator[Reader]:
    reader = Reader(place)
    try:
        yield reader
    finally:
        reader.close()
