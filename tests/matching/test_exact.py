"""Digests meet when equal, and only then."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.errors import Broken, NotFound, UserMistake
from rempart.matching import ExactIndex

from .makers import listed, random_values


def brute_equal(keys: list[bytes], ids: list[int], queries: list[bytes]) -> list[tuple[int, int, int]]:
    """The naive twin."""
    return sorted(
        (q, 0, i) for q, query in enumerate(queries) for key, i in zip(keys, ids, strict=True) if key == query
    )


@settings(max_examples=60, deadline=None)
@given(data=st.data(), width=st.sampled_from([8, 16, 20, 32]))
def test_equal_keys_are_found_after_any_story(data: st.DataObject, width: int) -> None:
    pool = random_values(12, 3, width)
    pool[6:, :8] = pool[0, :8]  # many keys share their first eight bytes
    picks = st.lists(st.integers(0, 11), max_size=30)
    first, second, gone = data.draw(picks), data.draw(picks), data.draw(st.lists(st.integers(0, 60), max_size=9))
    index = ExactIndex.build(pool[first], range(len(first)))
    index = index.append(pool[second], range(len(first), len(first) + len(second))).withdraw(gone)
    kept = [(pool[row].tobytes(), number) for number, row in enumerate(first + second) if number not in gone]
    keys, ids = [key for key, _ in kept], [number for _, number in kept]
    assert listed(index.search(pool)) == brute_equal(keys, ids, [row.tobytes() for row in pool])
    assert len(index) == len(kept)


@pytest.mark.parametrize("count", [0, 1, 2, 300])
def test_an_opened_index_gives_the_same_hits(tmp_path: Path, count: int) -> None:
    keys = np.repeat(random_values(max(count // 2, 1), 0, 20), 2, axis=0)[:count].reshape(count, 20)
    index = ExactIndex.build(keys, range(count))
    index.save(tmp_path)
    index.save(tmp_path)
    opened = ExactIndex.open(tmp_path)
    assert listed(opened.search(keys)) == listed(index.search(keys))
    assert len(list(tmp_path.iterdir())) == 2
    assert (len(opened), opened.width, opened.nbytes) == (count, 20, index.nbytes)


def test_a_damaged_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        ExactIndex.open(tmp_path)
    ExactIndex.build(random_values(50, 0, 16), range(50)).save(tmp_path)
    description = tmp_path / "index.json"
    good = description.read_text()
    for change in ({"name": "../x"}, {"entries": 51}, {"entries": "x"}, {"width": 15}, {"version": 0}, {"kind": "x"}):
        description.write_text(json.dumps(json.loads(good) | change))
        with pytest.raises(Broken):
            ExactIndex.open(tmp_path)
    description.write_text(good)
    next(tmp_path.glob("*/keys.npy")).unlink()
    with pytest.raises(Broken):
        ExactIndex.open(tmp_path)


def test_keys_of_another_width_are_refused() -> None:
    with pytest.raises(UserMistake):
        ExactIndex.build(random_values(3, 0, 7), range(3))
    with pytest.raises(UserMistake):
        ExactIndex.build(random_values(3, 0, 20), range(3)).search(random_values(3, 0, 16))


def test_leads_that_are_not_sorted_are_refused(tmp_path: Path) -> None:
    ExactIndex.build(random_values(50, 0, 16), range(50)).save(tmp_path)
    path = next(tmp_path.glob("*/leads.npy"))
    np.save(path, np.load(path)[::-1].copy())
    with pytest.raises(Broken):
        ExactIndex.open(tmp_path)
