"""Chooses the compiled or the plain kernel, and gives the compiled ones room to write into."""

import importlib
from collections.abc import Callable
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
