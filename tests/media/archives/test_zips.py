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
