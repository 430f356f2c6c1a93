"""PNG chunks: texts in all forms, bombs, profiles in hexadecimal, and what hangs behind the end."""

import struct
import zlib

import pytest

from rempart.origin.containers import walk
from rempart.origin.subject import Segment
from rempart.testing.carriers_placing import plain, png_text
from rempart.testing.hostile import HOSTILE
from rempart.testing.png_files import chunk, with_chunk_after_header

DAMAGED = "damaged: png container"


def segments(data: bytes) -> list[Segment]:
    return list(walk(data, "image/png").segments)


@pytest.mark.parametrize("kind", ["tEXt", "zTXt", "iTXt", "iTXt-compressed", "comf"])
def test_a_text_is_unfolded_and_named_by_its_keyword(kind: str) -> None:
    (found,) = segments(png_text(kind, "parameters", b"leek soup"))
    assert (found.name, found.key, found.data) == (kind[:4], "parameters", b"leek soup")


def test_xmp_appears_under_its_own_name_too() -> None:
    text, xmp = segments(png_text("iTXt", "XML:com.adobe.xmp", b"<x/>"))
    assert (text.name, xmp.name) == ("iTXt", "XMP")
    assert xmp.data is text.data


def test_profiles_in_hexadecimal_are_read() -> None:
    text = b"\nexif\n      10\n" + b"Exif\0\0II*\0".hex().encode() + b"\n"
    _, exif = segments(png_text("zTXt", "Raw profile type exif", text))
    assert (exif.name, exif.data) == ("eXIf", b"Exif\0\0II*\0")


def test_a_profile_that_is_no_hexadecimal_is_a_gap() -> None:
    assert walk(png_text("tEXt", "Raw profile type exif", b"soup"), "image/png").gaps == (DAMAGED,)


def test_exif_c2pa_and_colour_profile_are_handed_out() -> None:
    data = plain("png")
    for name, body in ((b"eXIf", b"II*\0"), (b"caBX", b"jumb"), (b"iCCP", b"sRGB\0\0" + zlib.compress(b"profile"))):
        data = with_chunk_after_header(data, name, body)
    assert {(one.name, one.data) for one in segments(data)} == {
        ("eXIf", b"II*\0"),
        ("caBX", b"jumb"),
        ("iCCP", b"profile"),
    }


def test_a_bomb_is_a_gap_and_no_text() -> None:
    walked = walk(HOSTILE["png-text-bomb"].build(), "image/png")
    assert walked.segments == ()
    assert walked.gaps == ("limit: decompressed bytes",)


def test_many_bombs_stay_within_the_bound() -> None:
    bomb = zlib.compress(bytes(64 * 2**20), 9)
    data = plain("png")
    for _ in range(50):
        data = with_chunk_after_header(data, b"zTXt", b"a\0\0" + bomb)
    assert walk(data, "image/png").gaps == ("limit: decompressed bytes",)


def test_a_text_that_cannot_be_unfolded_is_a_gap() -> None:
    assert walk(with_chunk_after_header(plain("png"), b"zTXt", b"a\0\0soup"), "image/png").gaps == (DAMAGED,)


def test_an_international_text_without_its_fields_is_a_gap() -> None:
    assert walk(with_chunk_after_header(plain("png"), b"iTXt", b"a\0\0"), "image/png").gaps == (DAMAGED,)


def test_what_hangs_behind_the_end_is_handed_out() -> None:
    assert [(one.name, one.data) for one in segments(plain("png") + b"more")] == [("trailing", b"more")]


def test_a_length_beyond_the_end_is_a_gap() -> None:
    data = plain("png")[:33] + struct.pack(">I", 0xFFFFFFFF) + b"tEXtkey\0words"
    walked = walk(data, "image/png")
    assert walked.gaps == (DAMAGED,)


def test_a_picture_without_end_is_a_gap() -> None:
    assert walk(plain("png")[:-12], "image/png").gaps == (DAMAGED,)


def test_too_many_chunks_are_a_gap() -> None:
    data = plain("png")[:33] + chunk(b"juNk", b"") * 100_001
    assert walk(data, "image/png").gaps == ("limit: png chunks",)
