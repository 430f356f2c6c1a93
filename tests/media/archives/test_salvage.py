"""Zips that lost their directory: what is there comes out, and the loss is said."""

import io
import random
import struct
import zipfile

import pytest

from rempart.facts import Limits
from rempart.media import NotExaminable
from rempart.media.archives import members
from rempart.testing.archives import zipped
from rempart.testing.hostile_archives import encrypted_flag
from rempart.testing.mutations import mutate

LIMITS = Limits(max_bytes=2**20, max_members=100)
CONTENTS = {f"{number}.bin": random.Random(number).randbytes(3000) + bytes(3000) for number in range(5)}


def salvaged(data, limits=LIMITS):
    found = []
    with pytest.raises(NotExaminable) as caught:
        found.extend(members(io.BytesIO(data), limits))
    return found, caught.value.reason


def without_directory(data):
    return data[: data.index(b"PK\x01\x02")]


def streamed(method):
    """A zip written to something that cannot seek: sizes stand behind each member, not before it."""

    class Pipe(io.BytesIO):
        def seek(self, *_):
            raise OSError

        def tell(self):
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in CONTENTS.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [zipped(CONTENTS), zipped(CONTENTS, level=0), streamed(zipfile.ZIP_DEFLATED)],
    ids=["deflated", "stored", "streamed"],
)
def test_every_member_is_found_without_the_directory(data):
    found, reason = salvaged(without_directory(data))
    assert {member.name: member.content for member in found} == CONTENTS
    assert reason == "damaged: zip"


def test_a_stored_member_of_unknown_size_is_a_reason():
    found, _ = salvaged(without_directory(streamed(zipfile.ZIP_STORED)))
    assert {member.name: member.reason for member in found} == dict.fromkeys(CONTENTS, "damaged: zip")


@pytest.mark.parametrize("level", [0, 6])
def test_the_member_that_was_cut_comes_out_as_far_as_it_goes(level):
    data = zipped(CONTENTS, level)
    third = data.index(b"2.bin")
    found, _ = salvaged(data[: third + 2000])
    assert [member.content for member in found[:2]] == list(CONTENTS.values())[:2]
    assert len(found) == 3
    assert len(found[2].content) > 1500
    assert CONTENTS["2.bin"].startswith(found[2].content)


def test_a_member_that_cannot_be_inflated_costs_only_itself():
    data = bytearray(without_directory(zipped(CONTENTS)))
    at = data.index(b"1.bin") + 5
    data[at : at + 40] = b"\xff" * 40
    found, _ = salvaged(bytes(data))
    assert [member.reason for member in found] == [None, "damaged: zip", None, None, None]


def test_encrypted_and_strangely_packed_members_are_reasons():
    found, _ = salvaged(without_directory(encrypted_flag(zipped({"a": b"x"}))))
    assert [member.reason for member in found] == ["encrypted"]
    strange = bytearray(without_directory(zipped({"a": b"x" * 99})))
    strange[8] = 97
    found, _ = salvaged(bytes(strange))
    assert [member.reason for member in found] == ["unsupported: zip compression"]


def test_folders_are_no_members():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.mkdir("folder")
        archive.writestr("folder/a", b"x")
    found, _ = salvaged(without_directory(out.getvalue()))
    assert [(member.name, member.content) for member in found] == [("folder/a", b"x")]


def test_sizes_of_more_than_four_gigabytes_are_understood():
    extra = struct.pack("<HHQQ", 1, 16, 5, 5)
    header = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 45, 0, 0, 0, 0, 0, 2**32 - 1, 2**32 - 1, 1, len(extra))
    found, _ = salvaged(header + b"a" + extra + b"hello" + without_directory(zipped({"b": b"next"})))
    assert [(member.name, member.content) for member in found] == [("a", b"hello"), ("b", b"next")]


def test_a_bomb_without_directory_ends_at_the_limits():
    bomb = without_directory(zipped({"a": bytes(3 * 2**20), "b": b"x"}))
    found, _ = salvaged(bomb)
    assert [(member.name, member.reason) for member in found] == [("a", "limit: bytes"), ("b", None)]
    many = without_directory(zipped({f"{number}": b"" for number in range(101)}))
    found, reason = salvaged(many)
    assert (len(found), reason) == (100, "limit: members")


def test_damage_anywhere_ends_with_members_or_a_reason():
    data = without_directory(zipped(CONTENTS))
    for seed in range(300):
        found, reason = salvaged(b"PK\x03\x04" + mutate(data, seed)[4:])
        assert reason
        assert all(member.content or member.reason for member in found)
