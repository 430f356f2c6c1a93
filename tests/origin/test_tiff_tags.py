"""EXIF tags are read in both byte orders, and no offset, count or loop is trusted."""

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.origin import tiff_tags
from rempart.origin.tiff_tags import MAX_ENTRIES, read
from rempart.testing.carriers_placing import exif_block, plain

Entry = tuple[int, int, int, bytes]


def tiff(*entries: Entry, order: str = "<", after: int = 0, tail: bytes = b"") -> bytes:
    """A block with one directory. An entry: tag, kind, count, value or offset in four bytes."""
    head = b"II*\0" if order == "<" else b"MM\0*"
    body = b"".join(struct.pack(order + "HHI", *entry[:3]) + entry[3].ljust(4, b"\0") for entry in entries)
    directory = struct.pack(order + "H", len(entries)) + body + struct.pack(order + "I", after)
    return head + struct.pack(order + "I", 8) + directory + tail


def test_texts_numbers_and_directories_are_read() -> None:
    tags = read(exif_block({0x010F: "Soup Works", 0x0110: "S1"}, {0x829A: (1, 125), 0x9003: "2026:03:01 12:00:00"}))
    assert tags.text("IFD0", tiff_tags.MAKE) == "Soup Works"
    assert tags.text("Exif", 0x9003) == "2026:03:01 12:00:00"
    assert tags.text("Exif", 0x0001) == ""
    assert tags.gap == ""


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders_give_the_same_numbers(order: str) -> None:
    entry = (0x0112, 3, 2, struct.pack(order + "HH", 6, 7))
    assert read(tiff(entry, order=order)).numbers("IFD0", 0x0112) == (6, 7)


def test_a_rational_with_a_zero_below_is_left_out() -> None:
    block = tiff((0x829A, 5, 2, struct.pack("<I", 26)), tail=struct.pack("<IIII", 1, 0, 3, 4))
    assert read(block).numbers("IFD0", 0x829A) == (0.75,)


def test_a_header_in_front_does_not_matter() -> None:
    block = tiff((0x0112, 3, 1, b"\6\0"))
    assert read(b"Exif\0\0" + block).fields == read(block).fields


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"ASCII\0\0\0leek\0", "leek"),
        (b"UNICODE\0" + "leek".encode("utf-16-be"), "leek"),
        (b"UNICODE\0" + "leek".encode("utf-16-le"), "leek"),
        (b"UNICODE\0" + "leek".encode("utf-16"), "leek"),
        (b"UNICODE\0" + "leek".encode("utf-16-be") + b"\0", "leek"),
        (b"JIS\0\0\0\0\0leek", "leek"),
        (b"\0" * 8 + "poirée".encode(), "poirée"),
        (b"no code at all", "no code at all"),
    ],
)
def test_a_user_comment_is_read_in_every_code(raw: bytes, text: str) -> None:
    assert read(exif_block({}, {tiff_tags.USER_COMMENT: raw})).user_comment == text


def test_position_and_maker_note_are_seen() -> None:
    block = exif_block({}, {tiff_tags.MAKER_NOTE: b"Soup\0note"})
    assert read(block).maker_note == b"Soup\0note"
    assert not read(block).has_gps
    position = struct.pack("<HHHII", 1, 2, 5, 3, 8) + bytes(4)
    assert read(tiff((0x8825, 4, 1, struct.pack("<I", 26)), tail=position)).has_gps


def test_the_thumbnail_is_the_jpeg_of_the_second_directory() -> None:
    small = plain("jpeg")
    start = 26 + 2 + 24 + 4
    second = struct.pack("<H", 2)
    second += struct.pack("<HHII", 0x0201, 4, 1, start) + struct.pack("<HHII", 0x0202, 4, 1, len(small)) + bytes(4)
    assert read(tiff((0x0112, 3, 1, b"\1\0"), after=26, tail=second + small)).thumbnail == small
    assert read(tiff((0x0112, 3, 1, b"\1\0"), after=26, tail=second + b"soup")).thumbnail == b""


@pytest.mark.parametrize(
    "block",
    [
        tiff((0x0112, 3, 1, b"\1\0"), after=8),
        tiff((0x8769, 4, 1, struct.pack("<I", 8))),
        tiff((0x8769, 4, 1, struct.pack("<I", 0xFFFFFFF0))),
        tiff((0x010E, 2, 100, struct.pack("<I", 20))),
        b"II*\0\x08\0\0\0\xff\xff" + b"\xa5" * 60,
        b"II*\0",
        b"soup",
        b"",
    ],
)
def test_loops_and_wrong_offsets_are_a_gap(block: bytes) -> None:
    assert read(block).gap == "damaged: exif"


def test_a_value_of_gigabytes_is_left_out() -> None:
    assert read(tiff((0x010E, 2, 0xFFFFFFFF, b"\0\0\0\0"))).fields == {}


def test_too_many_entries_are_a_gap_in_moderate_time() -> None:
    entries = [(0x8000 + index % 100, 2, 4_000_000, struct.pack("<I", 8)) for index in range(MAX_ENTRIES + 10)]
    began = time.perf_counter()
    tags = read(tiff(*entries, tail=bytes(5_000_000)))
    assert tags.gap == "limit: tiff entries"
    assert sum(len(field.raw) for field in tags.fields.values()) <= tiff_tags.MAX_TOTAL_BYTES
    assert time.perf_counter() - began < 2


def test_sub_images_that_name_each_other_end() -> None:
    offsets = struct.pack("<I", 8) * 2_000
    tags = read(tiff((0x014A, 4, 2_000, struct.pack("<I", 26)), tail=offsets))
    assert tags.gap == "damaged: exif"


def test_values_are_never_shown() -> None:
    assert "leek" not in repr(read(exif_block({0x010E: "leek"})))


@given(st.binary(max_size=300), st.sampled_from([b"II*\0", b"MM\0*", b"Exif\0\0II*\0\x08\0\0\0", b""]))
def test_reading_never_raises(noise: bytes, start: bytes) -> None:
    tags = read(start + noise)
    for field in tags.fields.values():
        field.text()
        field.numbers()
    assert isinstance(tags.user_comment + str(tags.has_gps), str)
