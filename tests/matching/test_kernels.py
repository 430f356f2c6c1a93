"""The compiled kernels, their plain fallback and the arithmetic between them agree."""

import subprocess
import sys

import numpy as np
import pytest

from rempart.matching import kernels
from rempart.matching.kernels import compiled, compiled_join, dispatch, joining
from rempart.matching.words import bytes_of, sorted_rows, words_of

from .makers import clustered_values, flipped, random_values


def triples(hits: tuple[np.ndarray, ...]) -> list[tuple[int, ...]]:
    return sorted(zip(*(column.tolist() for column in hits), strict=True))


def naive_key(value: np.ndarray, k: int) -> int:
    """The naive twin: bits of the value as a number, most significant first."""
    begin = int(compiled.OFFSET[k])
    return int("".join(map(str, np.unpackbits(value)[begin : begin + int(compiled.WIDTH[k])])), 2)


def test_keys_cut_the_whole_row_without_overlap() -> None:
    values = random_values(20)
    rows = words_of(values)
    assert compiled.WIDTH.sum() == 256
    for k in range(compiled.KEYS):
        assert [compiled.key_of(rows, i, k) for i in range(20)] == [naive_key(value, k) for value in values]
    for k in range(joining.KEYS):
        begin = 16 * k
        expected = [int("".join(map(str, np.unpackbits(value)[begin : begin + 16])), 2) for value in values]
        assert [compiled_join.key_of(rows, i, k) for i in range(20)] == expected


@pytest.mark.parametrize("keys", [dispatch.KEYS, joining.KEYS])
@pytest.mark.parametrize("limit", range(64))
def test_radii_leave_no_distance_unseen_and_waste_nothing(keys: int, limit: int) -> None:
    radii = dispatch.radii_for(limit, keys)
    assert sum(radii + 1) == limit + 1
    assert min(radii) >= -1


def test_the_numbers_written_twice_are_the_same() -> None:
    assert (dispatch.KEYS, dispatch.WORDS, dispatch.LINE) == (compiled.KEYS, compiled.WORDS, compiled.LINE)
    assert compiled.BALLS.shape[0] == compiled.GROUP_ENDS.shape[1] - 1
    assert dispatch.KEYS * compiled.BALLS.shape[0] - 1 == dispatch.LARGEST_INDEXED_DISTANCE
    assert dispatch.radii_for(63, joining.KEYS).max() + 2 == len(compiled_join.MASKS_WITHIN)
    assert joining.BUCKETS == compiled_join.BUCKETS
    assert max(sum(1 for key in range(2**w) if key.bit_count() <= 2) for w in (23, 24)) * 11 <= compiled.MOST_SLOTS


@pytest.mark.parametrize("limit", [0, 1, 10, 11, 31, 32, 33, 63])
def test_directory_scan_and_plain_scan_agree(limit: int) -> None:
    values = np.unique(clustered_values(3000, 8), axis=0)
    rows = words_of(values)
    rows = sorted_rows(rows)[1]
    queries = words_of(flipped(values[:40], np.arange(40)))
    directory = kernels.build_directory(rows)
    assert directory is not None
    expected = triples(dispatch.plain.scan(rows, queries, limit))
    assert triples(dispatch.scan(rows, queries, limit)) == expected
    assert triples(kernels.search(rows, directory, queries, limit)) == expected


def test_more_hits_than_one_room_holds_are_all_given() -> None:
    rows = kernels.frozen(np.zeros((40_000, 4), np.uint64))
    queries = kernels.frozen(np.zeros((3, 4), np.uint64))
    for directory in (None, kernels.build_directory(rows)):
        query, row, bits = kernels.search(rows, directory, queries, 31)
        assert np.bincount(query).tolist() == [40_000] * 3
        assert row.reshape(3, -1).tolist() == [list(range(40_000))] * 3
        assert not bits.any()


def test_sorting_sorts_the_bytes_also_where_the_first_words_are_equal() -> None:
    values = random_values(500)
    values[:400, :8] = values[0, :8]
    values[:100, :31] = values[0, :31]
    rows = words_of(values)
    assert bytes_of(sorted_rows(rows)[1]).tobytes() == b"".join(sorted(value.tobytes() for value in values))


def test_without_numba_everything_still_answers() -> None:
    """Seen in a process of its own in which numba cannot be imported."""
    program = """
import sys
sys.modules["numba"] = None
import numpy as np
from rempart.matching import HammingIndex, clusters, kernels, segment, self_join
segment.DIRECTORY_FROM = 10
assert not kernels.warm()
values = np.random.default_rng(0).integers(0, 256, (50, 32), dtype=np.uint8)
values[7] = values[3]
assert HammingIndex.build(values, range(50)).search(values[3:4], 31).id.tolist() == [3, 7]
assert clusters(values, 31, 2).max() == 48
assert self_join(values, 31).right.tolist() == [7]
"""
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True)


def test_importing_the_room_imports_no_numba() -> None:
    program = "import sys, rempart.matching; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)
