from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.errors import Broken
from rempart.storage import KeyRing, read_sealed, write_sealed

KEYS = KeyRing.generate()
SEALED = KEYS.seal(b"some content of a file")


def test_a_sealed_file_gives_back_what_was_written_and_shows_none_of_it(tmp_path: Path) -> None:
    plain = b"fingerprints, many of them" * 100
    digest = write_sealed(tmp_path / "a.age", plain, KEYS)
    assert read_sealed(tmp_path / "a.age", KEYS, digest) == plain
    assert b"fingerprints" not in (tmp_path / "a.age").read_bytes()
    assert (tmp_path / "a.age").stat().st_mode & 0o777 == 0o600


@given(st.integers(0, len(SEALED) - 1), st.integers(0, 7))
def test_a_single_changed_bit_is_noticed(place: int, bit: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= 1 << bit
    with pytest.raises(Broken):
        KEYS.unseal(bytes(changed), "it")


def test_bytes_that_another_writer_sealed_for_us_are_refused(tmp_path: Path) -> None:
    digest = write_sealed(tmp_path / "a.age", b"ours", KEYS)
    write_sealed(tmp_path / "a.age", b"theirs", KEYS)
    with pytest.raises(Broken, match="not the one that was written"):
        read_sealed(tmp_path / "a.age", KEYS, digest)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Broken, match=r"gone\.age cannot be read"):
        read_sealed(tmp_path / "gone.age", KEYS)
