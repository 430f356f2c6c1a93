"""Walking a container never raises, stays within its bounds, and says what it could not walk."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rempart.facts import reasons
from rempart.origin.containers import WALKERS, walk
from rempart.origin.containers.gathering import MAX_CARRIER_BYTES, MAX_SEGMENTS
from rempart.origin.evidence import SOURCES
from rempart.testing.carriers import CARRIERS, subject_of
from rempart.testing.mutations import mutate

MUTATIONS = 1_500
STARTS = (
    b"",
    b"\xff\xd8\xff\xe1\0\x10Exif\0\0",
    b"\xff\xd8\xff\xeb\0\x20JP",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\x20\0\0\0WEBPEXIF",
    b"GIF89a\x10\0\x10\0\xf0\0\0",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"\0\0\0\x10ftypavif\0\0\0\0\0\0\0\x40meta\0\0\0\0",
    b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x40moov\0\0\0\x38udta",
)
TYPES = st.sampled_from([*WALKERS, "image/bmp", "application/octet-stream", ""])


@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=400), media_type=TYPES)
@example(start=b"", rest=b"", media_type="image/jpeg")
def test_walking_never_raises_on_any_bytes_of_any_type(start: bytes, rest: bytes, media_type: str) -> None:
    walked = walk(start + rest, media_type)
    assert all(reasons.code_of(gap) in reasons.MEANING for gap in walked.gaps)


@given(rest=st.binary(max_size=200), media_type=TYPES)
def test_bytes_that_are_no_container_are_a_gap_or_have_no_carriers(rest: bytes, media_type: str) -> None:
    walked = walk(b"\x01soup" + rest, media_type)
    assert walked.gaps or media_type == "image/bmp"


def test_damaged_carriers_end_in_evidence_or_a_reason_and_never_in_an_error() -> None:
    names = sorted(CARRIERS)
    for number in range(MUTATIONS):
        carrier = CARRIERS[names[number % len(names)]]
        other = CARRIERS[names[(number * 7 + 3) % len(names)]]
        subject = subject_of(mutate(carrier.build(), number, other.build()), carrier.media_type)
        assert len(subject.segments) <= MAX_SEGMENTS
        for name, source in SOURCES.items():
            if name not in ("c2pa",) and not source.needs_pixels:
                for one in source.observe(subject):
                    assert not one.reason or reasons.code_of(one.reason) in reasons.MEANING


@pytest.mark.parametrize("media_type", sorted(set(WALKERS)))
def test_megabytes_of_nothing_are_walked_in_moderate_time(media_type: str) -> None:
    heads = {
        "JPEG": b"\xff\xd8",
        "PNG": b"\x89PNG\r\n\x1a\n",
        "GIF": b"GIF89a" + bytes(7),
        "RIFF": b"RIFF\xff\xff\xff\x7fWEBP",
    }
    fillings = (bytes(4 * 2**20), b"\xff\xfe\0\x03a" * 2**19, b"\0\0\0\x08free" * 2**19, b"\x2c" * 2**21)
    began = time.perf_counter()
    for filling in fillings:
        walk(heads.get(WALKERS[media_type][0], b"II*\0\x08\0\0\0") + filling, media_type)
    assert time.perf_counter() - began < 10


def test_carriers_beyond_the_bound_are_cut_and_said() -> None:
    body = bytes(65_000)
    segments = b"".join(b"\xff\xe5" + (len(body) + 2).to_bytes(2, "big") + body for _ in range(300))
    walked = walk(b"\xff\xd8" + segments + b"\xff\xd9", "image/jpeg")
    assert "limit: carrier bytes" in walked.gaps
    assert sum(len(segment.data) for segment in walked.segments) <= MAX_CARRIER_BYTES


def test_more_carriers_than_the_bound_are_said() -> None:
    walked = walk(b"\xff\xd8" + b"\xff\xfe\0\x03a" * 3_000 + b"\xff\xd9", "image/jpeg")
    assert len(walked.segments) == MAX_SEGMENTS
    assert "limit: carriers" in walked.gaps


def test_a_type_that_nobody_can_walk_is_a_gap() -> None:
    assert walk(b"%PDF", "application/pdf").gaps == ("unsupported: container",)


def test_a_bitmap_has_nothing_to_walk() -> None:
    assert walk(b"BM", "image/bmp").gaps == ()


def test_a_carrier_never_shows_its_bytes() -> None:
    walked = walk(CARRIERS["a1111-png-tEXt"].build(), "image/png")
    assert "dragon" not in repr(walked)
