"""ISO base media files: items of HEIC and AVIF, uuid boxes, texts of films, and boxes that go too deep."""

import struct
import time

from rempart.origin.containers import walk
from rempart.testing.carriers import CARRIERS
from rempart.testing.carriers_placing import box, film_with_comment, film_with_key, plain, with_xmp

DAMAGED = "damaged: bmff container"
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def film(*boxes: bytes) -> bytes:
    return box(b"ftyp", b"isom\0\0\2\0") + b"".join(boxes)


def items(iloc: bytes, *, idat: bytes = b"", after: bytes = b"") -> bytes:
    """A picture file with one XMP item, number 1."""
    entry = box(b"infe", b"\2\0\0\0" + struct.pack(">HH4s", 1, 0, b"mime") + b"\0application/rdf+xml\0")
    iinf = box(b"iinf", bytes(4) + struct.pack(">H", 1) + entry)
    inner = bytes(4) + iinf + box(b"iloc", iloc) + (box(b"idat", idat) if idat else b"")
    return box(b"ftyp", b"avif\0\0\0\0") + box(b"meta", inner) + after


def test_plain_pictures_and_films_have_no_gap() -> None:
    for container, media_type in (("avif", "image/avif"), ("mp4", "video/mp4")):
        walked = walk(plain(container), media_type)
        assert (walked.segments, walked.gaps) == ((), ())


def test_the_exif_item_comes_without_its_offset() -> None:
    walked = walk(CARRIERS["camera-avif"].build(), "image/avif")
    (exif,) = (one for one in walked.segments if one.name == "Exif")
    assert exif.data.removeprefix(b"Exif\0\0")[:2] in (b"II", b"MM")


def test_the_xmp_item_and_the_xmp_box_have_one_name() -> None:
    for container, media_type in (("avif", "image/avif"), ("mp4", "video/mp4")):
        walked = walk(with_xmp(container, b"<x/>"), media_type)
        assert [(one.name, one.data) for one in walked.segments] == [("XMP", b"<x/>")]


def test_an_item_inside_idat_is_read() -> None:
    iloc = b"\1\0\0\0\x44\0\0\1" + struct.pack(">HHHHII", 1, 1, 0, 1, 2, 4)
    walked = walk(items(iloc, idat=b"..<x/>"), "image/avif")
    assert [(one.name, one.data) for one in walked.segments] == [("XMP", b"<x/>")]


def test_an_item_without_a_place_is_a_gap() -> None:
    assert walk(items(b"\0\0\0\0\x44\0\0\0"), "image/avif").gaps == (DAMAGED,)


def test_extents_of_no_width_cannot_cost_time() -> None:
    entry = struct.pack(">HHH", 1, 0, 0xFFFF)
    iloc = b"\0\0\0\0\0\0" + struct.pack(">H", 0xFFFF) + entry * 0xFFFF
    began = time.perf_counter()
    assert DAMAGED in walk(items(iloc), "image/avif").gaps
    assert time.perf_counter() - began < 2


def test_a_c2pa_box_gives_the_store_without_its_header() -> None:
    body = C2PA + bytes(4) + b"manifest\0" + bytes(8) + b"\0\0\0\x08jumb"
    (store,) = walk(film(box(b"uuid", body)), "video/mp4").segments
    assert (store.name, store.data) == ("C2PA", b"\0\0\0\x08jumb")


def test_another_c2pa_box_and_an_unknown_one_are_uuid_boxes() -> None:
    merkle = box(b"uuid", C2PA + bytes(4) + b"merkle\0tree")
    unknown = box(b"uuid", bytes(16) + b"soup")
    names = [(one.name, one.key) for one in walk(film(merkle, unknown), "video/mp4").segments]
    assert names == [("uuid", C2PA.hex()), ("uuid", "00" * 16)]


def test_texts_of_films_are_named_by_key_or_letters() -> None:
    (keyed,) = walk(film_with_key("AIGC", "soup"), "video/mp4").segments
    (comment,) = walk(film_with_comment("soup"), "video/mp4").segments
    assert (keyed.name, keyed.key, keyed.data) == ("udta", "AIGC", b"soup")
    assert (comment.name, comment.key, comment.data) == ("udta", "©cmt", b"soup")


def test_a_thousand_boxes_in_boxes_are_nested_too_deep() -> None:
    nested = b""
    for _ in range(1000):
        nested = box(b"udta", nested)
    assert walk(film(box(b"moov", nested)), "video/mp4").gaps == ("nested too deep: bmff container",)


def test_millions_of_empty_boxes_are_a_gap_in_moderate_time() -> None:
    began = time.perf_counter()
    listed = box(b"ilst", box(b"soup", box(b"free", b"") * 300_000))
    walked = walk(film(box(b"moov", box(b"udta", listed * 5))), "video/mp4")
    assert walked.gaps == ("limit: boxes",)
    assert time.perf_counter() - began < 5


def test_a_box_that_is_longer_than_the_file_is_a_gap() -> None:
    assert walk(film(struct.pack(">I4s", 1000, b"uuid") + C2PA), "video/mp4").gaps == (DAMAGED,)


def test_a_box_shorter_than_its_header_is_a_gap() -> None:
    assert walk(film(struct.pack(">I4s", 3, b"moov") + bytes(40)), "video/mp4").gaps == (DAMAGED,)
