"""Remarks in a PNG file must not cost the picture; damage to the picture must still show."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image
from skimage import data as photos

from rempart.facts import Limits
from rempart.media import open_pictures
from rempart.testing.encodings import ENCODINGS
from rempart.testing.png_files import chunk, with_chunk_after_header

PHOTO = photos.astronaut()[:240, 80:400]
BOMB = zlib.compress(bytes(64 * 2**20), 9)
REMARKS = {
    "text that unfolds to megabytes": chunk(b"zTXt", b"Comment\0\0" + BOMB),
    "international text that unfolds to megabytes": chunk(b"iTXt", b"Comment\0\1\0\0\0" + BOMB),
    "a profile that unfolds to megabytes": chunk(b"iCCP", b"name\0\0" + BOMB),
    "text that cannot be unpacked": chunk(b"zTXt", b"Comment\0\0" + b"\xff" * 40),
    "a profile that cannot be unpacked": chunk(b"iCCP", b"name\0\0" + b"\xff" * 40),
    "a chunk that is too short": chunk(b"pHYs", b"\0"),
    "a wrong checksum": chunk(b"tEXt", b"Comment\0hello")[:-4] + b"\0\0\0\0",
}


def opened(data):
    found = open_pictures(data, Limits())
    return found, list(found)


@pytest.mark.parametrize("name", ["png", "png-adam7", "png-palette", "png-animated", "png-exif-6"])
@pytest.mark.parametrize("remark", REMARKS)
def test_a_hostile_remark_costs_nothing(name, remark):
    data = ENCODINGS[name].encode(PHOTO)
    whole, plain = opened(data)
    found, pictures = opened(data[:33] + REMARKS[remark] + data[33:])
    assert found.gaps == whole.gaps == ()
    assert all(np.array_equal(one.luma, other.luma) for one, other in zip(pictures, plain, strict=True))


def test_text_behind_the_pixels_costs_nothing_either():
    data = ENCODINGS["png"].encode(PHOTO)
    assert opened(data[:-12] + REMARKS["text that cannot be unpacked"] + data[-12:])[0].gaps == ()


def test_a_wrong_checksum_of_pixels_is_still_damage():
    data = bytearray(ENCODINGS["png"].encode(PHOTO))
    data[data.index(b"IDAT") + 200] ^= 0xFF
    assert opened(bytes(data))[0].gaps == ("damaged: png",)


def test_a_cut_within_a_remark_or_behind_one_is_still_truncated():
    data = with_chunk_after_header(ENCODINGS["png"].encode(PHOTO), b"tEXt", b"Comment\0" + b"x" * 500)
    assert opened(data[:300])[0].gaps == ("truncated",)
    assert opened(data[: len(data) // 2])[0].gaps == ("truncated",)


def test_transparency_stays():
    out = io.BytesIO()
    Image.fromarray(PHOTO).quantize(64).save(out, "PNG", transparency=3)
    assert [picture.ground for picture in opened(out.getvalue())[1]] == ["black", "white"]
