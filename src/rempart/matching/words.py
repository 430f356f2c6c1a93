"""Fingerprints as rows of four 64-bit words, and ids as they are kept."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rempart.errors import UserMistake
from rempart.matching import kernels

Rows = NDArray[np.uint64]
Ids = NDArray[np.int64]

BIG_ENDIAN = np.dtype(">u8")


def words_of(values: ArrayLike) -> Rows:
    """(n, 4) uint64, read-only, most significant byte first: sorted words are sorted bytes.

    values: (n, 32) uint8. Raises UserMistake for any other shape or type.
    """
    array = byte_rows(values, 32)
    words = array.view(BIG_ENDIAN).astype(np.uint64)
    words.flags.writeable = False
    return words


def byte_rows(values: ArrayLike, width: int) -> NDArray[np.uint8]:
    """The values, contiguous, once they are known to be (n, width) uint8. Raises UserMistake otherwise."""
    array = np.asarray(values)
    if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] != width:
        raise UserMistake(f"fingerprints must be (n, {width}) uint8, not {array.shape} {array.dtype}")
    return np.ascontiguousarray(array)


def bytes_of(words: Rows) -> NDArray[np.uint8]:
    """(n, 32) uint8: the inverse of `words_of`."""
    return words.astype(">u8").view(np.uint8).reshape(-1, 32)


def ids_of(ids: ArrayLike, expected: int) -> Ids:
    """The ids as int64, one for each value. Raises UserMistake when they are not whole numbers or too few or many."""
    array = np.asarray(ids)
    if array.ndim != 1 or len(array) != expected or (expected and array.dtype.kind not in "iu"):
        raise UserMistake(f"ids must be {expected} whole numbers, one for each value, not {array.shape} {array.dtype}")
    if array.dtype == np.uint64 and expected and int(array.max()) > np.iinfo(np.int64).max:
        raise UserMistake("ids must fit in 63 bits")
    return array.astype(np.int64)


def narrow(ids: Ids) -> NDArray[np.uint32] | Ids:
    """The ids in 32 bits when all of them fit: at ten million entries this saves 40 MB."""
    fits = not len(ids) or (int(ids.min()) >= 0 and int(ids.max()) < 2**32)
    return ids.astype(np.uint32) if fits else ids


def sorted_rows(words: Rows) -> tuple[NDArray[np.intp], Rows]:
    """(the order that sorts rows as 256-bit numbers, the sorted rows).

    Ties on the first word are rare, so it is sorted first and only they are looked at again.
    """
    order = np.argsort(np.ascontiguousarray(words[:, 0]))
    ordered = kernels.aligned(words.shape)
    np.take(words, order, axis=0, out=ordered, mode="clip")  # five times as fast as words[order]
    same = ordered[1:, 0] == ordered[:-1, 0]
    if same.any():
        tied = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
        part = ordered[tied]
        again = np.lexsort((part[:, 3], part[:, 2], part[:, 1], part[:, 0]))
        order[tied], ordered[tied] = order[tied[again]], part[again]
    ordered.flags.writeable = False
    return order, ordered


def repeats_row_before(ordered: Rows) -> NDArray[np.intp]:
    """Which of the sorted rows are equal to the row before them."""
    same = np.flatnonzero(ordered[1:, 0] == ordered[:-1, 0]) + 1
    repeated: NDArray[np.intp] = same[(ordered[same] == ordered[same - 1]).all(axis=1)]
    return repeated


def is_in(ids: NDArray[np.generic], chosen: Ids) -> NDArray[np.bool_]:
    """Which ids stand in `chosen`, which must be sorted."""
    if not len(chosen):
        return np.zeros(len(ids), np.bool_)
    place = np.searchsorted(chosen, ids)
    place[place == len(chosen)] = 0
    return np.asarray(chosen[place] == ids)
