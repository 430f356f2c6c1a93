"""Chooses the compiled or the plain kernel, and gives the compiled ones room to write into."""

import gc
import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rempart.matching.kernels import plain
from rempart.matching.kernels.plain import RawHits, Rows
from rempart.startup import without_scipy

T = TypeVar("T", bound=np.generic)

FIRST_ROOM = 1024
LARGEST_ROOM = 2**22
MOST_ROWS = 190_000_000
KEYS, WORDS = 11, 3 * 2**18 + 8 * 2**17
LINE = 8
LARGEST_INDEXED_DISTANCE = KEYS * (2 + 1) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """Where the rows of every key stand: see `compiled`. Read-only arrays, perhaps mapped, not trusted."""

    bitmap: NDArray[np.uint64]
    ranks: NDArray[np.uint32]
    heads: NDArray[np.uint32]
    runs: NDArray[np.uint32]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The arrays by name."""
        return {"bitmap": self.bitmap, "ranks": self.ranks, "heads": self.heads, "runs": self.runs}


def directory_from(arrays: Mapping[str, NDArray[Any]], rows: int) -> Directory:
    """The directory of these arrays, by name. Raises ValueError when their shapes cannot be those of so many rows.

    What stands in the arrays is checked where it is used: reading it all would take longer than opening may.
    """
    if not {"bitmap", "ranks", "heads", "runs"} <= arrays.keys() or rows > MOST_ROWS:
        raise ValueError("an array of the directory is missing, or it is too large")
    directory = Directory(**{name: frozen(arrays[name]) for name in ("bitmap", "ranks", "heads", "runs")})
    if directory.bitmap.shape != (WORDS,) or directory.ranks.shape != (WORDS // LINE,):
        raise ValueError("the directory is of another size")
    if any(part.ndim != 1 or len(part) > KEYS * rows for part in (directory.heads, directory.runs)):
        raise ValueError("the directory has more places than keys")
    return directory


@cache
def compiled_join() -> ModuleType | None:
    """The compiled kernels for pairs and clusters, or None where numba cannot be imported."""
    return importlib.import_module("rempart.matching.kernels.compiled_join") if have_compiled() else None


@cache
def compiled() -> ModuleType | None:
    """The compiled kernels, or None where numba cannot be imported."""
    try:
        with without_scipy(), _without_collection():
            return importlib.import_module("rempart.matching.kernels.compiled")
    except ImportError:
        return None


@contextmanager
def _without_collection() -> Iterator[None]:
    """Inside, no garbage is looked for: numba makes so many lasting objects while it loads that it takes a fifth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def have_compiled() -> bool:
    """Whether the compiled kernels are in use."""
    return compiled() is not None


def scan(rows: Rows, queries: Rows, max_distance_bits: int) -> RawHits:
    """(query, row, distance) of every pair within the distance: every row is looked at."""
    module = compiled()
    if module is None:
        return plain.scan(rows, queries, max_distance_bits)
    limit = np.uint64(max_distance_bits)
    return collect(lambda first, room: module.scan(rows, queries, limit, first, *room), len(queries))


def build_directory(rows: Rows) -> Directory | None:
    """The directory of these sorted, unique rows; None where it cannot be had: without numba, or past 190 million."""
    module = compiled()
    if module is None or len(rows) > MOST_ROWS:
        return None
    n = len(rows)
    bitmap, ranks = aligned((WORDS,)), np.empty(WORDS // LINE, np.uint32)
    bitmap[:] = 0
    heads, runs = np.empty(KEYS * n, np.uint32), np.empty(KEYS * n, np.uint32)
    slots, used = module.fill(rows, bitmap, ranks, heads, runs, np.empty(n, np.uint64), np.empty(n, np.uint64))
    return Directory(frozen(bitmap), frozen(ranks), frozen(heads[:slots].copy()), frozen(runs[:used].copy()))


def search(rows: Rows, directory: Directory | None, queries: Rows, max_distance_bits: int) -> RawHits:
    """(query, row, distance) of every pair within the distance, the cheapest way there is."""
    if directory is None:
        return scan(rows, queries, max_distance_bits)
    return probe(rows, directory, queries, max_distance_bits)


def probe(rows: Rows, directory: Directory, queries: Rows, max_distance_bits: int) -> RawHits:
    """As `scan`, by way of the directory where that can be exact. Raises DamagedDirectoryError."""
    module = compiled()
    if module is None or max_distance_bits > LARGEST_INDEXED_DISTANCE:
        return scan(rows, queries, max_distance_bits)
    radii, limit = radii_for(max_distance_bits), np.uint64(max_distance_bits)
    arrays = (directory.bitmap, directory.ranks, directory.heads, directory.runs)
    return collect(lambda first, room: module.probe(rows, *arrays, queries, limit, radii, first, *room), len(queries))


@cache
def radii_for(max_distance_bits: int, keys: int = KEYS) -> NDArray[np.int64]:
    """How far to look around each key, -1 for not at all: the sum of (radius + 1) is just above the distance.

    Were every key further away than its radius, the distance would be at least that sum.
    """
    each, more = divmod(max_distance_bits + 1, keys)
    return frozen(np.array([each] * more + [each - 1] * (keys - more), np.int64))


class DamagedDirectoryError(ValueError):
    """The arrays of a directory contradict each other."""


def collect(run: Callable[[int, RawHits], tuple[int, int]], queries: int) -> RawHits:
    """Everything that `run` writes, called again with more room for as long as the room was too small."""
    pieces: list[RawHits] = []
    first, room = 0, FIRST_ROOM
    while first < queries or not pieces:
        query, row, bits = empty_hits(room)
        reached, used = run(first, (query, row, bits))
        if reached < 0:
            raise DamagedDirectoryError
        pieces.append((query[:used], row[:used], bits[:used]))
        room = room * 8 if reached == first else min(room * 8, LARGEST_ROOM)
        first = reached
    if len(pieces) == 1:
        return pieces[0]
    query, row, bits = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return query, row, bits


def empty_hits(room: int) -> RawHits:
    """Room for so many hits, not yet written."""
    return np.empty(room, np.int32), np.empty(room, np.uint32), np.empty(room, np.uint8)


def aligned(shape: tuple[int, ...]) -> NDArray[np.uint64]:
    """Room for so many words, not yet written, on a boundary of the cache: a row then never lies across two lines."""
    count = int(np.prod(shape))
    room = np.empty(count + LINE, np.uint64)
    begin = -room.ctypes.data % (LINE * room.itemsize) // room.itemsize
    return room[begin : begin + count].reshape(shape)


def frozen(array: NDArray[T]) -> NDArray[T]:
    """A read-only, contiguous view: the one array type that the kernels are compiled for."""
    view = np.ascontiguousarray(np.asarray(array)).view()
    view.flags.writeable = False
    return view
