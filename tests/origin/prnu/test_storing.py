"""Sensor fingerprints as files: the same back, and nothing else is accepted."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.errors import UserMistake
from rempart.origin.prnu import SensorFingerprint, from_npz, to_npz

PATTERN = np.random.default_rng(1).normal(size=(32, 48)).astype(np.float32)
SENSOR = SensorFingerprint("phone 1", (33, 50), 7, PATTERN)
HEADER = {"version": 1, "device": "x", "geometry": [33, 50], "pictures": 7}


def _file(header: object = HEADER, pattern: np.ndarray = PATTERN, **more: np.ndarray) -> bytes:  # type: ignore[type-arg]
    buffer = io.BytesIO()
    np.savez_compressed(buffer, header=np.frombuffer(json.dumps(header).encode(), np.uint8), pattern=pattern, **more)
    return buffer.getvalue()


def test_a_stored_fingerprint_comes_back_as_it_was() -> None:
    found = from_npz(to_npz(SENSOR))
    assert (found.device, found.geometry, found.pictures) == ("phone 1", (33, 50), 7)
    assert np.array_equal(found.pattern, PATTERN)


def test_the_same_fingerprint_gives_the_same_bytes() -> None:
    assert to_npz(SENSOR) == to_npz(SENSOR)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 not a zip",
        _file(header=[]),
        _file(header={}),
        _file(header={**HEADER, "version": 2}),
        _file(header={**HEADER, "geometry": [16, 16]}),
        _file(header={**HEADER, "geometry": [33]}),
        _file(header={**HEADER, "geometry": ["a", "b"]}),
        _file(pattern=PATTERN.astype(np.float64)),
        _file(pattern=PATTERN[:7]),
        _file(pattern=PATTERN[0]),
        _file(pattern=PATTERN[:0]),
        _file(pattern=np.full((32, 48), np.nan, np.float32)),
        _file(pattern=np.array([{}], dtype=object)),
        _file(bomb=np.zeros(20_000_000, np.uint8)),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(UserMistake):
        from_npz(data)


@given(st.integers(0, 2**31), st.integers(1, 20))
def test_a_damaged_file_is_refused_or_whole(seed: int, changes: int) -> None:
    rng = np.random.default_rng(seed)
    data = np.frombuffer(to_npz(SENSOR), np.uint8).copy()
    data[rng.integers(0, len(data), changes)] = rng.integers(0, 256, changes)
    try:
        found = from_npz(data[: int(rng.integers(1, len(data) + 1))].tobytes())
    except UserMistake:
        return
    assert found.pattern.shape == PATTERN.shape
