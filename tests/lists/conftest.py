"""Makers for the tests of lists: random fingerprints, a fresh store, what meets what."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from rempart.facts import BYTES_OF_KIND, Fingerprint, Kind, Match, Variant, View
from rempart.lists import Lists, is_memory_backed
from rempart.storage import KeyRing

SHARED_MEMORY = Path("/dev/shm")
KEYS = KeyRing.generate()


class Maker:
    """Seeded random fingerprints of every kind that a list takes."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def __call__(self, kind: Kind = "pdq") -> Fingerprint:
        while True:
            value = self._random.randbytes(BYTES_OF_KIND[kind])
            if kind != "pdq" or abs(int.from_bytes(value).bit_count() - 128) <= 16:
                return Fingerprint(kind, value)

    def many(self, count: int, kind: Kind = "pdq") -> list[Fingerprint]:
        return [self(kind) for _ in range(count)]


class Clockwork:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def make() -> Maker:
    return Maker(20261122)


@pytest.fixture
def clock() -> Clockwork:
    return Clockwork()


@pytest.fixture
def keys() -> KeyRing:
    return KEYS


@pytest.fixture
def memory_folder() -> Iterator[Path | None]:
    """A folder in memory; None on a machine that has none, where each process keeps a copy."""
    if not is_memory_backed(SHARED_MEMORY):
        yield None
        return
    folder = Path(tempfile.mkdtemp(dir=SHARED_MEMORY, prefix="rempart-test-"))
    yield folder / "lists"
    shutil.rmtree(folder)


@pytest.fixture
def lists(tmp_path: Path, memory_folder: Path | None, clock: Clockwork) -> Lists:
    return Lists(tmp_path / "lists", KEYS, memory_folder, clock)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes a file to import and gives its path."""

    def write_file(content: str | bytes, name: str = "import.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def meets(lists: Lists) -> Callable[..., tuple[Match, ...]]:
    """What a fingerprint meets now, in a store or in the test's own one."""

    def what_it_meets(one: Fingerprint, store: Lists | None = None) -> tuple[Match, ...]:
        snapshot = (store or lists).snapshot()
        if one.kind == "pdq":
            return snapshot.matches((), (Variant(one, View()),))
        return snapshot.matches((one,), ())

    return what_it_meets


@pytest.fixture
def csv_of(write: Callable[..., Path]) -> Callable[..., Path]:
    """Writes a CSV with a ref and one fingerprint in each row."""

    def write_csv(rows: Iterable[tuple[str, Fingerprint]], kind: Kind = "pdq") -> Path:
        return write(f"id,{kind}\n" + "".join(f"{ref},{one.value.hex()}\n" for ref, one in rows))

    return write_csv
