"""The stored size from the header, without decoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.origin.camera.size import stored_size
from rempart.testing.carriers_placing import plain, stored_pixels, with_exif


@pytest.mark.parametrize("container", ["jpeg", "png"])
def test_the_size_is_that_of_the_decoded_picture(container: str) -> None:
    for data in (plain(container), with_exif(container, {0x010F: "x"})):
        height, width = stored_pixels(data).shape[:2]
        assert stored_size(data, f"image/{container}") == (width, height)


def test_other_formats_are_not_read() -> None:
    assert stored_size(plain("webp"), "image/webp") is None


@given(st.binary(max_size=200), st.sampled_from(["image/jpeg", "image/png"]))
def test_damaged_headers_never_raise(data: bytes, media_type: str) -> None:
    for head in (b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xff", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"):
        stored_size(head + data, media_type)
