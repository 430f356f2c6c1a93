import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rempart.media import sniff
from rempart.testing.encodings import ENCODINGS
from rempart.testing.hostile import HOSTILE
from rempart.testing.pictures import pattern

PICTURE = pattern(3, 64, 48)


def brands(major: bytes, *compatible: bytes) -> bytes:
    body = major + b"\0\0\0\0" + b"".join(compatible)
    return (8 + len(body)).to_bytes(4, "big") + b"ftyp" + body + b"\0\0\0\x08free"


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=lambda encoding: encoding.name)
def test_every_encoding_is_known_by_its_first_bytes(encoding):
    assert sniff(encoding.encode(PICTURE)[:4096]) == encoding.media_type


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (brands(b"avif", b"mif1", b"miaf"), "image/avif"),
        (brands(b"avis", b"msf1"), "image/avif"),
        (brands(b"mif1", b"avif", b"miaf"), "image/avif"),
        (brands(b"mif1", b"heic", b"miaf"), "image/heic"),
        (brands(b"heic", b"mif1"), "image/heic"),
        (brands(b"hevc", b"msf1"), "image/heic"),
        (brands(b"mif1", b"miaf"), "image/heif"),
        (brands(b"isom", b"iso2", b"mp41"), "video/mp4"),
        (brands(b"mp42", b"isom"), "video/mp4"),
        (brands(b"qt  "), "video/quicktime"),
        (b"\0\0\0\x08wide\0\0\0\x10mdat", "video/quicktime"),
        (brands(b"M4A "), "audio/mp4"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "video/webm"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska", "video/x-matroska"),
        (b"RIFF\x10\0\0\0AVI LIST", "video/x-msvideo"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
        (b"%PDF-1.7", "application/pdf"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "application/x-7z-compressed"),
        (b"Rar!\x1a\x07\x01\0", "application/vnd.rar"),
        (b"\xff\x0a\xfa\x1f", "image/jxl"),
        (b"\x47" + bytes(187) + b"\x47" + bytes(187) + b"\x47", "video/mp2t"),
        (b"BM, said the text, is not always a bitmap", "application/octet-stream"),
        (b"BZhang is a name", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_what_shares_a_container_or_a_few_letters_is_told_apart(head, media_type):
    assert sniff(head) == media_type


def test_a_name_never_matters_because_it_is_never_given():
    assert sniff(HOSTILE["jpeg-named-txt"].build()) == "image/jpeg"
    assert sniff(HOSTILE["text-named-png"].build()) == "application/octet-stream"


@given(st.binary(max_size=600))
@example(b"RIFF")
@example(b"\0\0\0\x0cftyp")
@example(b"\x01" * 148 + b"7777777\0" + b"\x01" * 400)
def test_any_bytes_have_a_type(head):
    assert "/" in sniff(head)


@given(
    st.sampled_from([b"\0\0\0\x20ftyp", b"RIFF", b"BM", b"\x1a\x45\xdf\xa3", b"<?xml", b"BZh", b"G"]),
    st.binary(max_size=600),
)
def test_any_bytes_behind_a_known_start_have_a_type(start, rest):
    assert "/" in sniff(start + rest)
