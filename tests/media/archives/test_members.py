"""Zips and tars alike; what only one of them can do is in the file of that one."""

import io
import random
from dataclasses import replace

import pytest

from rempart.facts import Limits
from rempart.media import NotExaminable
from rempart.media.archives import members
from rempart.testing.archives import gzipped_tar, tarred, zipped
from rempart.testing.hostile import HOSTILE

LIMITS = Limits(max_bytes=2**20, max_member_bytes_total=4 * 2**20, max_members=100)
PACKERS = [zipped, tarred, gzipped_tar]


def unpacked(data, limits=LIMITS):
    """The members, and the reason why there are no more."""
    found = []
    try:
        found.extend(members(io.BytesIO(data), limits))
    except NotExaminable as error:
        return found, error.reason
    return found, None


def outcomes(data, limits=LIMITS):
    found, _ = unpacked(data, limits)
    return {member.name: member.reason for member in found}


@pytest.mark.parametrize("packed", PACKERS)
def test_every_member_comes_out_as_it_went_in(packed):
    content = {"a.bin": b"one", "folder/b.bin": bytes(70_000), "été.bin": b"three"}
    found, reason = unpacked(packed(content))
    assert reason is None
    assert {member.name: member.content for member in found} == content


@pytest.mark.parametrize("packed", PACKERS)
def test_a_member_beyond_the_limit_is_a_reason_and_the_next_one_comes_out(packed):
    data = packed({"large": bytes(2**20 + 1), "exact": bytes(2**20)})
    assert outcomes(data) == {"large": "limit: bytes", "exact": None}


@pytest.mark.parametrize("packed", [zipped, gzipped_tar])
def test_a_bomb_of_many_members_ends_at_the_total(packed):
    data = packed({f"{number}": bytes(2**20) for number in range(8)})
    found, reason = unpacked(data)
    assert reason == "limit: member bytes"
    assert 3 <= len(found) <= 4


@pytest.mark.parametrize("packed", PACKERS)
def test_more_members_than_allowed_end_at_the_limit(packed):
    found, reason = unpacked(packed({f"{number}": b"." for number in range(101)}))
    assert (len(found), reason) == (100, "limit: members")


@pytest.mark.parametrize("packed", PACKERS)
def test_an_empty_member_is_a_reason(packed):
    assert outcomes(packed({"nothing": b""})) == {"nothing": "empty"}


@pytest.mark.parametrize("packed", PACKERS)
def test_an_archive_cut_short_is_a_reason_after_the_members_before_the_cut(packed):
    contents = [random.Random(number).randbytes(9000) for number in range(10)]
    data = packed({f"{number}": content for number, content in enumerate(contents)})
    for cut in range(len(data) // 3, len(data) * 9 // 10, 997):
        found, reason = unpacked(data[:cut])
        assert reason in ("truncated", "damaged: zip")
        whole = [member.content for member in found if member.content in contents]
        assert len(whole) >= cut * 10 // len(data) - 1
        assert whole == contents[: len(whole)]
        assert all(contents[len(whole)].startswith(member.content) for member in found[len(whole) :] if member.content)


@pytest.mark.parametrize("packed", [zipped, tarred])
def test_a_large_archive_may_hold_as_much_as_its_size_warrants(packed):
    limits = replace(LIMITS, max_members=3, max_member_bytes_total=2**10)
    found, reason = unpacked(
        packed({f"{number}": random.Random(number).randbytes(9000) for number in range(20)}), limits
    )
    assert (len(found), reason) == (20, None)


@pytest.mark.parametrize("name", ["zip-climbing-names", "tar-climbing-names"])
def test_names_that_lead_out_are_only_names(name):
    found, reason = unpacked(HOSTILE[name].build())
    assert reason is None
    assert found[0].name == "../../climb.jpg"


def test_what_is_no_archive_is_refused():
    with pytest.raises(NotExaminable, match="unsupported: image/jpeg"):
        members(io.BytesIO(HOSTILE["jpeg-named-txt"].build()), LIMITS)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.startswith(("zip-", "tar-", "gzip-"))])
def test_hostile_archives_end_within_their_limits(name):
    limits = replace(LIMITS, max_members=50)
    found, _ = unpacked(HOSTILE[name].build(), limits)
    assert len({member.name for member in found}) == len(found) <= 300
    assert sum(len(member.content or b"") for member in found) <= limits.max_member_bytes_total
    assert all((member.content is None) != (member.reason is None) for member in found)
    assert all(member.name.isprintable() for member in found)
