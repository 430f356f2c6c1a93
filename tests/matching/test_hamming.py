"""The index gives what a look at every entry gives, whatever was done to it before."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.errors import UserMistake
from rempart.matching import HammingIndex, kernels, segment

from .makers import brute_force, clustered_values, flipped, listed, random_values

SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(params=[0, 10**9], ids=["directory", "scan"])
def layout(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "DIRECTORY_FROM", request.param)


@pytest.mark.parametrize("directory_from", [0, 10**9])
@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 3000), seed=SEEDS, limit=st.integers(0, 63), clustered=st.booleans())
def test_a_search_finds_exactly_what_brute_force_finds(
    directory_from: int, count: int, seed: int, limit: int, clustered: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment, "DIRECTORY_FROM", directory_from)
        values = clustered_values(count, seed) if clustered else random_values(count, seed)
        ids = np.random.default_rng(seed).integers(-(2**40), 2**40, count)
        queries = np.concatenate(
            [values[:6], flipped(values[:6], np.arange(len(values[:6])) * 11), random_values(3, 1)]
        )
        index = HammingIndex.build(values, ids)
        assert listed(index.search(queries, limit)) == brute_force(values, ids, queries, limit)
        assert len(index) == count


@pytest.mark.usefixtures("layout")
@pytest.mark.parametrize("limit", range(64))
def test_every_distance_is_met_exactly_and_not_one_bit_further(limit: int) -> None:
    base = random_values(200, 7)
    index = HammingIndex.build(base, np.arange(200))
    at = index.search(flipped(base, np.full(200, limit), 1), limit)
    assert listed(at) == [(i, limit, i) for i in range(200)]
    assert len(index.search(flipped(base, np.full(200, limit + 1), 2), limit)) == 0


@pytest.mark.usefixtures("layout")
def test_the_same_fingerprint_under_many_ids_gives_every_id() -> None:
    values = np.repeat(random_values(3), [1, 4, 2], axis=0)
    index = HammingIndex.build(values, [70, 3, 9, 3, 1, 5, 4])
    assert listed(index.search(values[[1, 0]], 0)) == [(0, 0, 1), (0, 0, 3), (0, 0, 3), (0, 0, 9), (1, 0, 70)]


@pytest.mark.usefixtures("layout")
def test_near_identical_entries_cost_memory_and_time_of_a_scan_at_most() -> None:
    values = flipped(np.zeros((20_000, 32), np.uint8), np.random.default_rng(1).integers(0, 4, 20_000), 3)
    index = HammingIndex.build(values, np.arange(20_000))
    for limit in (1, 31):
        assert listed(index.search(values[:3], limit)) == brute_force(values, np.arange(20_000), values[:3], limit)


def test_a_hundred_thousand_copies_are_one_row() -> None:
    values = np.repeat(random_values(2), [100_000, 1], axis=0)
    index = HammingIndex.build(values, np.arange(100_001))
    assert len(index.segments[0].rows) == 2
    assert index.search(values[-1:], 31).id.tolist() == [100_000]
    assert len(index.search(values[:1], 31)) == 100_000


def test_an_index_changes_by_giving_a_new_one() -> None:
    values = random_values(5)
    old = HammingIndex.build(values, np.arange(5))
    new = old.append(values[:1], [9]).withdraw([0, 77])
    assert (len(old), len(new)) == (5, 5)
    assert old.search(values[:1], 0).id.tolist() == [0]
    assert new.search(values[:1], 0).id.tolist() == [9]


def test_a_large_base_is_shared_by_what_is_appended() -> None:
    base = HammingIndex.build(random_values(1000), np.arange(1000))
    grown = base.append(random_values(3, 1), [1, 2, 3])
    assert grown.segments[0] is base.segments[0]
    assert len(grown.compact().segments) == 1


def test_many_small_appends_leave_few_segments() -> None:
    values, index = random_values(300), HammingIndex()
    for i in range(300):
        index = index.append(values[i : i + 1], [i])
    assert len(index.segments) <= 6
    assert listed(index.search(values, 31)) == [(i, 0, i) for i in range(300)]


def test_a_withdrawn_id_matches_again_once_it_is_appended_again() -> None:
    values = random_values(500)
    index = HammingIndex.build(values, np.arange(500)).withdraw([4]).append(values[7:8], [4])
    assert index.search(values[4:5], 31).id.tolist() == []
    assert index.search(values[7:8], 31).id.tolist() == [4, 7]
    assert listed(index.compact().search(values, 31)) == listed(index.search(values, 31))


def test_an_index_without_entries_answers() -> None:
    empty = HammingIndex.build(random_values(0), [])
    gone = HammingIndex.build(random_values(2), [1, 2]).withdraw([1, 2])
    for index in (empty, gone, gone.compact()):
        assert (len(index), len(index.search(random_values(2), 63)), len(index.search(random_values(0), 31))) == (
            0,
            0,
            0,
        )


@pytest.mark.usefixtures("layout")
def test_threads_share_one_index() -> None:
    kernels.warm()
    values = clustered_values(3000, 5)
    index = HammingIndex.build(values, np.arange(3000))
    expected = listed(index.search(values, 31))
    with ThreadPoolExecutor(4) as pool:
        assert all(listed(hits) == expected for hits in pool.map(lambda _: index.search(values, 31), range(8)))


@pytest.mark.parametrize(
    ("values", "ids", "limit"),
    [
        (np.zeros((2, 31), np.uint8), [1, 2], 31),
        (np.zeros((2, 32), np.int64), [1, 2], 31),
        (np.zeros((2, 32), np.uint8), [1], 31),
        (np.zeros((2, 32), np.uint8), [1.5, 2.5], 31),
        (np.zeros((2, 32), np.uint8), np.array([1, 2**63], np.uint64), 31),
        (np.zeros((2, 32), np.uint8), [1, 2], 64),
        (np.zeros((2, 32), np.uint8), [1, 2], -1),
    ],
)
def test_what_cannot_be_searched_is_refused_in_words(values: object, ids: object, limit: int) -> None:
    with pytest.raises(UserMistake):
        HammingIndex.build(values, ids).search(np.zeros((1, 32), np.uint8), limit)  # type: ignore[arg-type]


def test_a_description_of_an_index_shows_no_fingerprint() -> None:
    values = np.full((1, 32), 171, np.uint8)
    text = repr(HammingIndex.build(values, [1])) + repr(HammingIndex.build(values, [1]).search(values, 0))
    assert "171" not in text
    assert "12297829382473034410" not in text
