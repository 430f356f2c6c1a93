"""Whatever could not be looked at is a reason, and states nothing."""

import pytest

from rempart.origin.evidence.gaps import SOURCE
from rempart.testing.carriers import subject_of
from rempart.testing.carriers_placing import jpeg_segment, plain, with_xmp


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (plain("jpeg")[:-2], "damaged: jpeg container"),
        (with_xmp("jpeg", b"<x"), "damaged: xmp"),
        (with_xmp("jpeg", b"<!DOCTYPE a><a/>"), "unsupported: xmp with a document type"),
        (jpeg_segment(0xE1, b"Exif\0\0soup"), "damaged: exif"),
    ],
)
def test_each_gap_is_one_reason(data: bytes, reason: str) -> None:
    (one,) = SOURCE.observe(subject_of(data, "image/jpeg"))
    assert (one.reason, one.claim) == (reason, "noStatement")


def test_a_whole_file_has_no_gap() -> None:
    assert list(SOURCE.observe(subject_of(plain("jpeg"), "image/jpeg"))) == []
