"""RIFF chunks of WebP and WAV."""

import struct

from rempart.origin.containers import walk
from rempart.testing.carriers_placing import plain

DAMAGED = "damaged: riff container"


def riff(*chunks: tuple[bytes, bytes], more: int = 0) -> bytes:
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(body) + more) + b"WEBP" + body


def test_every_carrier_has_its_name() -> None:
    walked = walk(riff((b"EXIF", b"II*\0"), (b"XMP ", b"<x/>x"), (b"C2PA", b"jumb"), (b"AIGC", b"{}")), "image/webp")
    assert [(one.name, one.data) for one in walked.segments] == [
        ("EXIF", b"II*\0"),
        ("XMP", b"<x/>x"),
        ("C2PA", b"jumb"),
        ("AIGC", b"{}"),
    ]
    assert walked.gaps == ()


def test_a_plain_picture_has_no_gap() -> None:
    assert walk(plain("webp"), "image/webp").gaps == ()


def test_a_chunk_beyond_the_end_is_a_gap_and_what_is_there_is_handed_out() -> None:
    data = riff((b"XMP ", b"<x/>"))[:-2]
    walked = walk(data, "image/webp")
    assert walked.segments[0].data == b"<x"
    assert walked.gaps == (DAMAGED,)


def test_a_file_shorter_than_it_says_is_a_gap() -> None:
    assert walk(riff((b"XMP ", b"<x/>"), more=100), "image/webp").gaps == (DAMAGED,)


def test_what_hangs_behind_the_end_is_handed_out() -> None:
    walked = walk(riff((b"XMP ", b"<x/>")) + b"more", "image/webp")
    assert [(one.name, one.data) for one in walked.segments][-1] == ("trailing", b"more")
