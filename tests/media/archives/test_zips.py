import io
import zipfile

import pytest

from rempart.facts import Limits
from rempart.media.archives import members
from rempart.testing.archives import zipped
from rempart.testing.hostile import HOSTILE
from rempart.testing.hostile_archives import encrypted_flag

LIMITS = Limits(max_bytes=2**20)


def reasons_of(data):
    return {member.name: member.reason for member in members(io.BytesIO(data), LIMITS)}


def test_an_encrypted_member_is_a_reason():
    assert reasons_of(encrypted_flag(zipped({"a": b"x", "b": b"y"}))) == {"a": "encrypted", "b": "encrypted"}


def test_two_members_of_one_name_keep_apart():
    found = list(members(io.BytesIO(HOSTILE["zip-duplicate-names"].build()), LIMITS))
    assert [member.name for member in found] == ["aa.jpg", "aa.jpg (2)"]
    assert found[0].content != found[1].content


def test_a_symbolic_link_is_not_followed():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/hostname")
    assert reasons_of(out.getvalue()) == {"link": "link not followed"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_unpacked(method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a", b"content" * 99)
    assert [member.content for member in members(io.BytesIO(out.getvalue()), LIMITS)] == [b"content" * 99]


def test_an_unknown_compression_is_a_reason():
    data = bytearray(zipped({"a": b"x" * 99}))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 97
    assert reasons_of(bytes(data)) == {"a": "unsupported: zip compression"}


def test_a_damaged_member_costs_only_itself():
    assert reasons_of(HOSTILE["zip-broken-member"].build()) == {"broken.jpg": "damaged: zip", "whole.jpg": None}


def test_folders_are_no_members():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.mkdir("folder")
        archive.writestr("folder/a", b"x")
    assert reasons_of(out.getvalue()) == {"folder/a": None}


def contents_of(data):
    return {member.name: member.content for member in members(io.BytesIO(data), LIMITS)}


def test_a_zip_before_the_zip_is_unpacked_too():
    data = zipped({"a": b"one" * 99}) + zipped({"b": b"two" * 99})
    assert contents_of(data) == {"b": b"two" * 99, "a": b"one" * 99}
    assert contents_of(b"\xff\xd8 a picture" + data) == {"b": b"two" * 99, "a": b"one" * 99}


@pytest.mark.parametrize("level", [0, 6])
@pytest.mark.parametrize("hidden", [0, 1, 2])
def test_a_member_that_the_directory_does_not_name_comes_out_too(level, hidden):
    data = zipped({"a": b"one" * 99, "b": b"two" * 99, "c": b"three" * 99}, level)
    entries = data.split(b"PK\x01\x02")
    body, (last, end) = entries[0], entries[3].split(b"PK\x05\x06")
    listed = [*entries[1:3], last]
    del listed[hidden]
    directory = b"".join(b"PK\x01\x02" + entry for entry in listed)
    counts = (2).to_bytes(2, "little") * 2 + len(directory).to_bytes(4, "little")
    mended = body + directory + b"PK\x05\x06" + end[:4] + counts + end[12:]
    assert contents_of(mended) == {"a": b"one" * 99, "b": b"two" * 99, "c": b"three" * 99}


def test_a_picture_in_the_comment_of_a_zip_or_behind_it_is_a_member():
    picture = HOSTILE["jpeg-named-txt"].build()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a", b"x")
        archive.comment = picture[:60_000]
    assert contents_of(out.getvalue()) == {"a": b"x", "comment": picture[:60_000]}
    assert contents_of(zipped({"a": b"x"}) + b"\0\n" + picture) == {"a": b"x", "comment": picture}
    assert contents_of(zipped({"a": b"x"}) + b"a plain comment") == {"a": b"x"}


def test_four_bytes_in_an_unpacker_are_no_member():
    stub = b"MZ" + b"code PK\x03\x04 \xff\xff code" * 9
    assert contents_of(stub + zipped({"a": b"x"})) == {"a": b"x"}


def test_what_streams_write_behind_members_is_no_member():
    class Pipe(io.BytesIO):
        def seek(self, *_):
            raise OSError

        def tell(self):
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in "abc":
            archive.writestr(name, name * 99)
    assert sorted(contents_of(out.getvalue())) == ["a", "b", "c"]


def test_a_member_without_a_name_comes_out():
    data = zipped({"a": b"content"}, level=0)
    directory = data.index(b"PK\x01\x02")
    nameless = bytearray(data[:30] + data[31:directory] + data[directory : directory + 46] + data[directory + 47 :])
    nameless[26] = nameless[directory - 1 + 28] = 0
    nameless[-10:-2] = (46).to_bytes(4, "little") + (directory - 1).to_bytes(4, "little")
    assert contents_of(bytes(nameless)) == {"unnamed": b"content"}
