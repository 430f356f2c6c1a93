"""Traits of a phone's shutter: films, several pictures, bursts; announced is weaker than there."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.facts.evidence import Evidence
from rempart.origin.evidence.motion import SOURCE, pictures_in
from rempart.origin.subject import Segment, Subject
from rempart.origin.trust import Trust
from rempart.testing.carriers import subject_of
from rempart.testing.carriers_placing import exif_block, jpeg_segment, plain, with_xmp
from rempart.testing.carriers_words import packet

FILM = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"


def _packet(name: str, value: str = "1") -> bytes:
    return packet(attributes=f'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:{name}="{value}"')


def _mpf(pictures: int) -> bytes:
    entries = bytes(16 * pictures)
    return (
        b"MM\0*"
        + struct.pack(">IH HHI4s HHII I", 8, 2, 0xB000, 7, 4, b"0100", 0xB002, 7, len(entries), 38, 0)
        + entries
    )


def _observed(data: bytes) -> list[Evidence]:
    return list(SOURCE.observe(subject_of(data, "image/jpeg")))


@pytest.mark.parametrize("name", ["MotionPhoto", "MicroVideo"])
def test_a_film_behind_the_picture_is_structural_and_an_announced_one_a_hint(name: str) -> None:
    data = with_xmp("jpeg", _packet(name))
    (announced,), (there,) = _observed(data), _observed(data + FILM)
    assert (announced.strength, there.strength) == ("hint", "structural")
    assert announced.claim == there.claim == "cameraTraits"
    assert there.fields == (name, "film behind the picture")
    assert there.add_cost == "trivial"


def test_a_burst_is_a_hint_and_zero_is_none() -> None:
    assert [one.fields for one in _observed(with_xmp("jpeg", _packet("BurstID", "x")))] == [("BurstID",)]
    assert _observed(with_xmp("jpeg", _packet("MotionPhoto", "0"))) == []


def test_several_pictures_in_one_file_are_a_hint() -> None:
    (one,) = _observed(jpeg_segment(0xE2, b"MPF\0" + _mpf(3)))
    assert (one.fields, one.strength) == (("3 pictures",), "hint")
    assert _observed(jpeg_segment(0xE2, b"MPF\0" + _mpf(1))) == []


def test_apples_own_directory_names_bursts_and_live_pictures() -> None:
    entries = b"".join(struct.pack(">HHII", tag, 2, 4, 0) for tag in (0x0001, 0x000B, 0x0011))
    note = b"Apple iOS\0\0\x01MM" + struct.pack(">H", 3) + entries
    block = exif_block({0x010F: "Apple", 0x0110: "iPhone 15"}, {0x927C: note})
    (one,) = _observed(jpeg_segment(0xE1, block))
    assert (one.fields, one.strength) == (("Apple BurstUUID", "Apple MediaGroupUUID"), "structural")


def test_samsungs_trailer_is_a_hint() -> None:
    assert [one.fields for one in _observed(plain("jpeg") + b"SEFH....SEFT")] == [("Samsung trailer",)]


def test_a_plain_picture_shows_none() -> None:
    assert _observed(plain("jpeg")) == []


@given(st.binary(max_size=200), st.sampled_from(["APP2 MPF", "APP1 XMP", "APP1 Exif", "trailing"]))
def test_damaged_carriers_never_raise(data: bytes, name: str) -> None:
    subject = Subject(data, "image/jpeg", (Segment("JPEG", name, data=data),), Trust())
    assert all(one.claim == "cameraTraits" for one in SOURCE.observe(subject))


@given(st.binary(max_size=120))
def test_any_index_of_pictures_has_a_bounded_count(data: bytes) -> None:
    assert 0 <= pictures_in(b"MM\0*" + data) <= 64
