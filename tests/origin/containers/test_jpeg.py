"""JPEG segments: what stands in one, what stands in several, and what hangs behind the end."""

import hashlib
import struct

import pytest

from rempart.origin.containers import walk
from rempart.origin.subject import Segment
from rempart.testing.carriers_placing import jpeg_segment, plain

DAMAGED = "damaged: jpeg container"
GUID = b"A" * 32


def named(data: bytes, name: str) -> list[Segment]:
    return [segment for segment in walk(data, "image/jpeg").segments if segment.name == name]


def extended(offset: int, part: bytes, total: int, base: bytes) -> bytes:
    head = b"http://ns.adobe.com/xmp/extension/\0" + GUID + struct.pack(">II", total, offset)
    return jpeg_segment(0xE1, head + part, base)


def jumbf(number: int, body: bytes, announced: int, base: bytes, instance: int = 1) -> bytes:
    return jpeg_segment(0xEB, b"JP" + struct.pack(">HII4s", instance, number, announced, b"jumb") + body, base)


def test_a_plain_picture_has_its_tables_and_no_gap() -> None:
    walked = walk(plain("jpeg"), "image/jpeg")
    assert [segment.name for segment in walked.segments] == ["APP0", "DQT"]
    assert walked.segments[0].key == "JFIF"
    assert len(walked.segments[1].data) == 2 * 65
    assert walked.gaps == ()


def test_exif_and_xmp_come_without_their_headers() -> None:
    data = jpeg_segment(0xE1, b"Exif\0\0II*\0", jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>"))
    assert named(data, "APP1 Exif")[0].data == b"II*\0"
    assert named(data, "APP1 XMP")[0].data == b"<x/>"


def test_every_identifier_has_its_name() -> None:
    data = plain("jpeg")
    for marker, body in ((0xE2, b"MPF\0a"), (0xED, b"Photoshop 3.0\0b"), (0xEE, b"Adobe\0c"), (0xFE, b"words")):
        data = jpeg_segment(marker, body, data)
    names = {segment.name for segment in walk(data, "image/jpeg").segments}
    assert {"APP2 MPF", "APP13 Photoshop", "APP14", "COM"} <= names


def test_extended_xmp_is_put_together_by_offset() -> None:
    data = extended(3, b"456", 6, plain("jpeg"))
    data = extended(0, b"123", 6, data)
    assert [segment.data for segment in named(data, "APP1 XMP extended")] == [b"123456"]


@pytest.mark.parametrize(("offset", "part"), [(4, b"456"), (2, b"345"), (4, b"56")])
def test_extended_xmp_with_a_hole_or_an_overlap_is_a_gap(offset: int, part: bytes) -> None:
    data = extended(offset, part, 6, extended(0, b"123", 6, plain("jpeg")))
    assert named(data, "APP1 XMP extended") == []
    assert DAMAGED in walk(data, "image/jpeg").gaps


def test_jumbf_is_put_together_by_number_and_instance() -> None:
    data = jumbf(2, b"cd", 12, plain("jpeg"))
    data = jumbf(1, b"ab", 12, data)
    data = jumbf(1, b"other", 13, data, instance=2)
    boxes = [segment.data for segment in named(data, "APP11 JUMBF")]
    assert sorted(boxes) == [b"\0\0\0\x0cjumbabcd", b"\0\0\0\rjumbother"]
    assert walk(data, "image/jpeg").gaps == ()


def test_jumbf_with_a_missing_packet_is_a_gap() -> None:
    data = jumbf(1, b"ab", 14, jumbf(3, b"ef", 14, plain("jpeg")))
    assert DAMAGED in walk(data, "image/jpeg").gaps


def test_a_colour_profile_in_two_segments_is_one() -> None:
    data = jpeg_segment(0xE2, b"ICC_PROFILE\0\1\2ab", jpeg_segment(0xE2, b"ICC_PROFILE\0\2\2cd"))
    assert [segment.data for segment in named(data, "APP2 ICC")] == [b"abcd"]


def test_what_hangs_behind_the_end_is_handed_out_with_its_digest() -> None:
    (trailing,) = named(plain("jpeg") + b"more", "trailing")
    assert trailing.data == b"more"
    assert trailing.raw_sha256 == hashlib.sha256(b"more").hexdigest()


def test_an_end_marker_inside_a_thumbnail_does_not_end_the_picture() -> None:
    data = jpeg_segment(0xE1, b"Exif\0\0" + plain("jpeg")[:3000] + b"\xff\xd9")
    assert named(data, "trailing") == []
    assert named(data, "DQT")


def test_a_segment_between_two_scans_is_seen() -> None:
    data = plain("jpeg")
    late = data[:-2] + b"\xff\xfe\0\x06late" + data[-2:]
    assert [segment.data for segment in named(late, "COM")] == [b"late"]


def test_a_picture_without_end_is_a_gap() -> None:
    assert walk(plain("jpeg")[:-2], "image/jpeg").gaps == (DAMAGED,)


def test_a_length_beyond_the_end_is_a_gap_and_what_is_there_is_handed_out() -> None:
    walked = walk(b"\xff\xd8\xff\xfe\xff\xffshort", "image/jpeg")
    assert walked.gaps == (DAMAGED,)
    assert walked.segments[0].data == b"short"


def test_rubbish_between_segments_is_a_gap_and_the_rest_is_read() -> None:
    data = plain("jpeg")
    walked = walk(data[:2] + b"\0\1\2" + data[2:], "image/jpeg")
    assert walked.gaps == (DAMAGED,)
    assert "DQT" in {segment.name for segment in walked.segments}
