import bz2
import gzip
import io
import lzma
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
    found = list(members(compress(tarred({"a": b"one", "b": b"two"})), LIMITS))
    assert [(member.name, member.content) for member in found] == [("a", b"one"), ("b", b"two")]


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_file_that_is_no_tar_is_one_member(compress):
    (member,) = members(compress(b"not a tar" * 99), LIMITS)
    assert (member.name, member.content) == ("content", b"not a tar" * 99)


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_compressed_bomb_ends_at_the_limit(compress):
    (member,) = members(compress(bytes(3 * 2**20)), LIMITS)
    assert (member.content, member.reason) == (None, "limit: bytes")


def test_links_devices_and_pipes_are_reasons_and_the_rest_comes_out():
    found = {member.name: member.reason for member in members(HOSTILE["tar-links"].build(), LIMITS)}
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
    assert [member.content for member in members(out.getvalue(), LIMITS) if member.content] == []


def test_a_header_that_announces_gigabytes_of_extensions_is_a_reason():
    info = tarfile.TarInfo("huge")
    info.size, info.type = 2**33, tarfile.XHDTYPE
    with pytest.raises(NotExaminable, match=r"truncated|limit|damaged"):
        list(members(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024), LIMITS))
