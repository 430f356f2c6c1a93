"""Zips and tars alike; what only one of them can do is in the file of that one."""

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
        found.extend(members(data, limits))
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


@pytest.mark.parametrize("packed", PACKERS)
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
    data = packed({f"{number}": bytes(range(256)) * 40 for number in range(5)})
    found, reason = unpacked(data[: len(data) * 6 // 10])
    assert reason in ("truncated", "damaged: zip")
    assert all(member.content == bytes(range(256)) * 40 for member in found)


@pytest.mark.parametrize("name", ["zip-climbing-names", "tar-climbing-names"])
def test_names_that_lead_out_are_only_names(name):
    found, reason = unpacked(HOSTILE[name].build())
    assert reason is None
    assert found[0].name == "../../climb.jpg"


def test_what_is_no_archive_is_refused():
    with pytest.raises(NotExaminable, match="unsupported: image/jpeg"):
        members(HOSTILE["jpeg-named-txt"].build(), LIMITS)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.startswith(("zip-", "tar-", "gzip-"))])
def test_hostile_archives_end_within_their_limits(name):
    limits = replace(LIMITS, max_members=50)
    found, _ = unpacked(HOSTILE[name].build(), limits)
    assert len({member.name for member in found}) == len(found) <= 50
    assert sum(len(member.content or b"") for member in found) <= limits.max_member_bytes_total
    assert all((member.content is None) != (member.reason is None) for member in found)
    assert all(member.name.isprintable() for member in found)
