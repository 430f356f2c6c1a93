"""Pairs and clusters of one set are those of brute force, with one thread or several, compiled or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.errors import UserMistake
from rempart.matching import clusters, self_join
from rempart.matching.kernels import joining

from .makers import Values, clustered_values, flipped, random_values


def brute_pairs(values: Values, limit: int) -> list[tuple[int, int, int]]:
    """The naive twin: (left, right, distance) of every pair within the limit, sorted."""
    found = []
    for left in range(len(values)):
        bits = np.unpackbits(values[left + 1 :] ^ values[left], axis=1).sum(axis=1, dtype=int)
        found += [(left, left + 1 + int(i), int(bits[i])) for i in np.flatnonzero(bits <= limit)]
    return found


def brute_labels(count: int, pairs: list[tuple[int, int, int]]) -> list[int]:
    """The naive twin: a label for each row, counted from 0 as the clusters appear."""
    labels = list(range(count))
    for left, right, _ in pairs:
        old, new = max(labels[left], labels[right]), min(labels[left], labels[right])
        labels = [new if label == old else label for label in labels]
    return [sorted(set(labels)).index(label) for label in labels]


@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 500), seed=st.integers(0, 2**32 - 1), limit=st.integers(0, 63), threads=st.integers(1, 3))
def test_pairs_and_clusters_are_those_of_brute_force(count: int, seed: int, limit: int, threads: int) -> None:
    values = clustered_values(count, seed)
    expected = brute_pairs(values, limit)
    pairs = self_join(values, limit, threads)
    assert list(zip(pairs.left.tolist(), pairs.right.tolist(), pairs.distance.tolist(), strict=True)) == expected
    assert clusters(values, limit, threads).tolist() == brute_labels(count, expected)


@pytest.mark.parametrize("limit", [0, 20, 31, 63])
def test_without_compiled_kernels_the_answers_are_the_same(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    values = clustered_values(700, 2)
    pairs, labels = self_join(values, limit, 2), clusters(values, limit, 2)
    monkeypatch.setattr(joining, "compiled_join", lambda: None)
    plain = self_join(values, limit, 2)
    assert plain.left.tolist() == pairs.left.tolist()
    assert plain.right.tolist() == pairs.right.tolist()
    assert plain.distance.tolist() == pairs.distance.tolist()
    assert clusters(values, limit, 2).tolist() == labels.tolist()


def test_a_dense_cluster_does_not_cost_all_its_pairs() -> None:
    """Thirty thousand rows within eight bits are 450 million pairs; listing them would take 4 GB."""
    values = flipped(np.zeros((30_000, 32), np.uint8), np.random.default_rng(0).integers(0, 5, 30_000))
    assert clusters(np.concatenate([values, random_values(5)]), 31, 2).tolist() == [0] * 30_000 + [1, 2, 3, 4, 5]


def test_a_chain_is_one_cluster_though_its_ends_are_far_apart() -> None:
    chain = np.packbits(np.tri(257, 256, -1, dtype=np.uint8), axis=1)[::20]
    assert set(clusters(chain, 20).tolist()) == {0}
    assert clusters(chain, 19).tolist() == list(range(len(chain)))


def test_more_pairs_than_one_room_holds_are_all_given() -> None:
    pairs = self_join(np.zeros((3000, 32), np.uint8), 31)
    assert len(pairs) == 3000 * 2999 // 2
    assert (pairs.left < pairs.right).all()


@pytest.mark.parametrize("limit", [-1, 64])
def test_a_distance_that_cannot_be_is_refused(limit: int) -> None:
    with pytest.raises(UserMistake, match=r"0\.\.63"):
        clusters(random_values(3), limit)
