import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.facts import Fingerprint
from rempart.fingerprints import KINDS, digests


@given(st.binary(max_size=4096))
def test_bytes_and_files_give_the_digests_of_hashlib(data: bytes) -> None:
    wanted = tuple((name, hashlib.new(name, data).digest()) for name in ("sha256", "sha1", "md5"))
    assert tuple((found.kind, found.value) for found in digests(data)) == wanted
    assert digests(io.BytesIO(data)) == digests(data)


def test_data_longer_than_a_chunk_is_read_to_its_end() -> None:
    data = bytes(range(256)) * 10_001
    assert digests(io.BytesIO(data))[0].value == digests(data)[0].value == hashlib.sha256(data).digest()


def test_a_file_is_read_from_where_it_stands() -> None:
    file = io.BytesIO(b"header" + b"body")
    file.seek(6)
    assert digests(file) == digests(b"body")


@pytest.mark.parametrize("name", ["sha256", "sha1", "md5"])
def test_a_list_may_not_hold_the_digest_of_an_empty_file(name: str) -> None:
    kind = KINDS[name]
    reason = kind.refuse(kind.parse(hashlib.new(name, b"").hexdigest()))
    assert reason is not None
    assert "empty file" in reason


@pytest.mark.parametrize("byte", [b"\x00", b"\xff"])
@pytest.mark.parametrize("name", ["sha256", "sha1", "md5"])
def test_a_list_may_not_hold_a_placeholder(name: str, byte: bytes) -> None:
    kind = KINDS[name]
    assert kind.refuse(Fingerprint(kind.name, byte * kind.size_bytes)) is not None


@pytest.mark.parametrize("name", ["sha256", "sha1", "md5"])
def test_a_list_may_hold_the_digest_of_anything_else(name: str) -> None:
    kind = KINDS[name]
    assert kind.refuse(kind.parse(hashlib.new(name, b"a picture").hexdigest())) is None
