"""Quantisation tables: read rightly, never a sign of a second saving, and a hint only for models that are known."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rempart.facts.evidence import Evidence
from rempart.origin.camera.quantisation import digest, is_known, library_quality, tables
from rempart.origin.evidence.jpeg_tables import SOURCE
from rempart.origin.subject import Segment, Subject
from rempart.origin.trust import Trust
from rempart.testing.carriers import subject_of
from rempart.testing.carriers_placing import exif_block, plain


def _jpeg(make: str = "", model: str = "", **how: object) -> bytes:
    buffer = io.BytesIO()
    exif = exif_block({0x010F: make, 0x0110: model}) if make else b""
    Image.effect_noise((64, 64), 40).convert("RGB").save(buffer, "JPEG", exif=exif, **how)  # type: ignore[arg-type]
    return buffer.getvalue()


def _observed(data: bytes) -> list[Evidence]:
    return list(SOURCE.observe(subject_of(data, "image/jpeg")))


@pytest.mark.parametrize("quality", [1, 10, 49, 50, 75, 92, 95, 100])
def test_the_tables_of_the_library_are_recognised_at_every_quality(quality: int) -> None:
    (segment,) = subject_of(_jpeg(quality=quality), "image/jpeg").named("DQT")
    assert library_quality(tables(segment.data)) == quality


def test_other_tables_are_not_the_librarys() -> None:
    own = [list(range(1, 65)), list(range(2, 66))]
    (segment,) = subject_of(_jpeg(qtables=own), "image/jpeg").named("DQT")
    found = tables(segment.data)
    assert set(found[0]) == set(own[0])
    assert library_quality(found) is None


def test_a_model_with_known_tables_gets_a_hint_and_only_then() -> None:
    (fits,) = _observed(_jpeg("Google", "Pixel 5", quality=95))
    assert (fits.claim, fits.strength, fits.add_cost) == ("cameraTraits", "hint", "trivial")
    (differs,) = _observed(_jpeg("Google", "Pixel 5", qtables=[list(range(1, 65))] * 2))
    (unknown,) = _observed(_jpeg("Canon", "Canon EOS R5", quality=95))
    assert (differs.claim, unknown.claim) == ("noStatement", "noStatement")
    assert unknown.fields == ("library tables of quality 95", "nothing known of this model")


def test_tables_without_a_camera_say_nothing() -> None:
    assert _observed(plain("jpeg")) == []


def test_a_digest_tells_tables_apart() -> None:
    one, other = ({0: tuple(range(64))}, {0: tuple(range(1, 65))})
    assert digest(one) == digest(dict(one)) != digest(other)
    assert is_known("Nobody", "x", one) is None


@given(st.binary(max_size=300))
def test_damaged_tables_are_named_and_never_raise(data: bytes) -> None:
    subject = Subject(b"", "image/jpeg", (Segment("JPEG", "DQT", data=data),), Trust())
    found = list(SOURCE.observe(subject))
    assert [one.reason for one in found] in ([], ["damaged: jpeg tables"])
