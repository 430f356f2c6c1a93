import bz2
import gzip
import io
import lzma
import random
import tarfile

import pytest

from rempart.facts import Limits
from rempart.media import NotExaminable
from rempart.media.archives import members
from rempart.testing.archives import tarred
from rempart.testing.hostile import HOSTILE

LIMITS = Limits(max_bytes=2**20, max_member_bytes_total=4 * 2**20)


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_every_compression_is_unpacked(compress):
    found = list(members(io.BytesIO(compress(tarred({"a": b"one", "b": b"two"}))), LIMITS))
    assert [(member.name, member.content) for member in found] == [("a", b"one"), ("b", b"two")]


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_that_is_no_tar_is_one_member(compress):
    (member,) = members(io.BytesIO(compress(b"not a tar" * 99)), LIMITS)
    assert (member.name, member.content) == ("content", b"not a tar" * 99)


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_bomb_ends_at_the_limit(compress):
    (member,) = members(io.BytesIO(compress(bytes(3 * 2**20))), LIMITS)
    assert (member.content, member.reason) == (None, "limit: bytes")


def test_links_devices_and_pipes_are_reasons_and_the_rest_comes_out():
    found = {member.name: member.reason for member in members(io.BytesIO(HOSTILE["tar-links"].build()), LIMITS)}
    assert found == {
        "plain.jpg": None,
        "link-out.jpg": "link not followed",
        "link-self": "link not followed",
        "hard.jpg": "link not followed",
        "device": "not a regular file",
        "pipe": "not a regular file",
    }


def test_a_sparse_file_full_of_holes_ends_at_the_limit():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo("sparse")
        info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(2**40)}
        info.size = 512
        archive.addfile(info, io.BytesIO(b"0\n".ljust(512, b"\0")))
    assert [member.content for member in members(io.BytesIO(out.getvalue()), LIMITS) if member.content] == []


def test_a_header_that_announces_gigabytes_of_extensions_is_a_reason():
    info = tarfile.TarInfo("huge")
    info.size, info.type = 2**33, tarfile.XHDTYPE
    with pytest.raises(NotExaminable, match=r"truncated|limit|damaged"):
        list(members(io.BytesIO(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024)), LIMITS))


def reason_of(data):
    """The members, and why there are no more."""
    found = []
    with pytest.raises(NotExaminable) as caught:
        found.extend(members(io.BytesIO(data), LIMITS))
    return [member.name for member in found], caught.value.reason


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_a_second_tar_behind_the_first_is_unpacked_too(compress):
    both = tarred({"a": b"one"}) + tarred({"b": b"two"})
    assert [member.name for member in members(io.BytesIO(compress(both)), LIMITS)] == ["a", "b"]


def test_a_cut_between_two_members_is_not_taken_for_the_end():
    data = tarred({"a": b"one" * 400, "b": b"two" * 400})
    second = data.index(b"two") - 512
    assert data[second : second + 1] == b"b"
    assert reason_of(data[:second]) == (["a"], "truncated")
    assert reason_of(data[: second + 100]) == (["a"], "truncated")


def test_a_header_that_is_none_is_not_taken_for_the_end():
    data = tarred({"a": b"one" * 400, "b": b"two" * 400})
    second = data.index(b"two") - 512
    assert reason_of(data[:second] + b"\xa5" * 512 + data[second:]) == (["a"], "damaged: tar")


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_members_before_a_cut_in_the_compressed_bytes_come_out(compress):
    contents = {f"{number}": random.Random(number).randbytes(150_000) for number in range(12)}
    packed = compress(tarred(contents))
    found, reason = reason_of(packed[: len(packed) * 99 // 100])
    assert reason == "truncated"
    assert found == list(contents)[: len(found)]
    assert len(found) >= 5  # bzip2 unpacks in blocks of 900 kB only


def test_a_compressed_file_that_was_cut_comes_out_as_far_as_it_goes():
    content = random.Random(5).randbytes(50_000)
    packed = gzip.compress(content)
    found = []
    with pytest.raises(NotExaminable, match="truncated"):
        found.extend(members(io.BytesIO(packed[: len(packed) // 2]), LIMITS))
    assert len(found[0].content) > 20_000
    assert content.startswith(found[0].content)
