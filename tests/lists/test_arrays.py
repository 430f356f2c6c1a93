import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.errors import Broken
from rempart.lists.arrays import Texts, as_words, group, join_texts, pack, unpack

TEXTS = st.lists(st.text(max_size=12))


@given(TEXTS, st.data())
def test_texts_come_back_in_any_order(texts: list[str], data: st.DataObject) -> None:
    kept = Texts.of(texts)
    places = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=20)) if texts else []
    taken = kept.take(np.array(places, dtype=np.int64))
    assert [taken[place] for place in range(len(taken))] == [texts[place] for place in places]


@given(st.lists(TEXTS, max_size=4))
def test_joined_texts_stand_one_after_the_other(parts: list[list[str]]) -> None:
    joined = join_texts([Texts.of(part) for part in parts])
    assert [joined[place] for place in range(len(joined))] == [text for part in parts for text in part]


@given(st.lists(st.binary(min_size=3, max_size=3)), st.integers(1, 5))
def test_group_equals_its_naive_twin(rows: list[bytes], modulus: int) -> None:
    rows = [bytes(byte % modulus for byte in row) for row in rows]
    groups, first = group(as_words(np.frombuffer(b"".join(rows), np.uint8).reshape(-1, 3)))
    seen: dict[bytes, int] = {}
    twin = [seen.setdefault(row, len(seen)) for row in rows]
    assert groups.tolist() == twin
    assert first.tolist() == [twin.index(number) for number in range(len(seen))]


def test_arrays_come_back_from_bytes() -> None:
    arrays = {"ids": np.arange(5), "values": np.zeros((2, 32), np.uint8), "none": np.empty(0, np.int64)}
    again = unpack(pack(arrays))
    assert list(again) == list(arrays)
    assert all(np.array_equal(again[name], arrays[name]) for name in arrays)


def test_d7_an_array_of_objects_is_never_unpickled() -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.array(["evil"]))
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(Broken, match="damaged inside"):
        unpack(buffer.getvalue())
    with pytest.raises(ValueError, match="allow_pickle"):
        pack({"objects": np.array([object()], dtype=object)})
