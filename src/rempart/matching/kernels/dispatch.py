"""Chooses the compiled or the plain kernel, and gives the compiled ones room to write into."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rempart.matching.kernels import plain
from rempart.matching.kernels.plain import RawHits, Rows

T = TypeVar("T", bound=np.generic)

FIRST_ROOM = 1024
LARGEST_ROOM = 2**22
MOST_ROWS = 300_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """Where the rows of every key stand: see `compiled`. Read-only arrays, perhaps mapped, not trusted."""

    bitmap: NDArray[np.uint64]
    ranks: NDArray[np.uint32]
    starts: NDArray[np.uint32]
    positions: NDArray[np.uint32]

    @property
    def nbytes(self) -> int:
        """Bytes held in memory, or mapped."""
        return self.bitmap.nbytes + self.ranks.nbytes + self.starts.nbytes + self.positions.nbytes


@cache
def compiled() -> ModuleType | None:
    """The compiled kernels, or None where numba cannot be imported."""
    try:
        return importlib.import_module("rempart.matching.kernels.compiled")
    except ImportError:
        return None


def have_compiled() -> bool:
    """Whether the compiled kernels are in use."""
    return compiled() is not None


def scan(rows: Rows, queries: Rows, max_distance_bits: int) -> RawHits:
    """(query, row, distance) of every pair within the distance: every row is looked at."""
    module = compiled()
    if module is None:
        return plain.scan(rows, queries, max_distance_bits)
    limit = np.uint64(max_distance_bits)
    return _collect(lambda first, room: module.scan(rows, queries, limit, first, *room), len(queries))


def build_directory(rows: Rows) -> Directory | None:
    """The directory of these sorted, unique rows; None where it cannot be had: without numba, or past 300 million."""
    module = compiled()
    if module is None or len(rows) > MOST_ROWS:
        return None
    bitmap, ranks = np.zeros(module.WORDS, np.uint64), np.empty(module.WORDS, np.uint32)
    starts = np.empty(module.mark(rows, bitmap, ranks) + 1, np.uint32)
    positions = np.empty((module.KEYS - 1) * len(rows), np.uint32)
    module.fill(rows, starts, positions, *(np.empty(len(rows), np.uint32) for _ in range(3)))
    return Directory(frozen(bitmap), frozen(ranks), frozen(starts), frozen(positions))


def probe(rows: Rows, directory: Directory, queries: Rows, max_distance_bits: int) -> RawHits:
    """As `scan`, by way of the directory where that can be exact. Raises DamagedDirectoryError."""
    module = compiled()
    if module is None or max_distance_bits >= module.KEYS * (module.LARGEST_RADIUS + 1):
        return scan(rows, queries, max_distance_bits)
    radii, limit = frozen(radii_for(max_distance_bits, module.KEYS)), np.uint64(max_distance_bits)
    arrays = (directory.bitmap, directory.ranks, directory.starts, directory.positions)
    return _collect(lambda first, room: module.probe(rows, *arrays, queries, limit, radii, first, *room), len(queries))


def radii_for(max_distance_bits: int, keys: int) -> NDArray[np.int64]:
    """How far to look around each key, -1 for not at all: the sum of (radius + 1) is just above the distance.

    Were every key further away than its radius, the distance would be at least that sum.
    """
    each, more = divmod(max_distance_bits + 1, keys)
    return np.array([each] * more + [each - 1] * (keys - more), np.int64)


class DamagedDirectoryError(ValueError):
    """The arrays of a directory contradict each other."""


def _collect(run: Callable[[int, RawHits], tuple[int, int]], queries: int) -> RawHits:
    """Everything that `run` writes, called again with more room for as long as the room was too small."""
    pieces, first, room = [empty_hits(0)], 0, FIRST_ROOM
    while first < queries:
        output = empty_hits(room)
        reached, used = run(first, output)
        if reached < 0:
            raise DamagedDirectoryError
        pieces.append((output[0][:used], output[1][:used], output[2][:used]))
        room = room * 8 if reached == first else min(room * 8, LARGEST_ROOM)
        first = reached
    if len(pieces) == 2:
        return pieces[1]
    query, row, bits = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return query, row, bits


def empty_hits(room: int) -> RawHits:
    """Room for so many hits, not yet written."""
    return np.empty(room, np.int32), np.empty(room, np.uint32), np.empty(room, np.uint8)


def warm() -> bool:
    """Whether compiled kernels are in use; they are ready to run when this returns."""
    row = frozen(np.zeros((1, 4), np.uint64))
    scan(row, row, 0)
    return have_compiled()


def frozen(array: NDArray[T]) -> NDArray[T]:
    """A read-only, contiguous view: the one array type that the kernels are compiled for."""
    view = np.ascontiguousarray(np.asarray(array)).view()
    view.flags.writeable = False
    return view
