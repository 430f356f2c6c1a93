"""A layout that cannot be decoded is unsupported; only a file that ends early is truncated."""

import io
from importlib.resources import files

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin
from skimage import data as photos

from rempart.facts import Limits
from rempart.media import open_pictures
from rempart.testing.encodings import ENCODINGS

PHOTO = photos.astronaut()[:240, 80:400]
PLANES_OF_DOUBLES = files("skimage").joinpath("data/multipage_rgb.tif").read_bytes()


def gaps(data):
    found = open_pictures(data, Limits())
    list(found)
    return found.gaps


def test_a_layout_without_a_name_in_pillow_is_unsupported():
    assert gaps(PLANES_OF_DOUBLES) == ("unsupported: image/tiff",)


@pytest.mark.parametrize("percent", [1, 10, 30])
def test_the_same_layout_cut_short_is_truncated(percent):
    assert gaps(PLANES_OF_DOUBLES[: len(PLANES_OF_DOUBLES) * percent // 100]) == ("truncated",)


def test_noise_behind_a_header_is_not_a_layout():
    data, noise = ENCODINGS["tiff"].encode(PHOTO), np.random.default_rng(4).bytes(3000)
    assert gaps(data[:4] + noise)[0].partition(":")[0] in ("truncated", "damaged")


def test_pictures_inside_a_page_are_a_gap_and_the_page_is_examined() -> None:
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[330] = 8
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (9, 120, 40)).save(out, "TIFF", tiffinfo=info)
    opened = open_pictures(out.getvalue(), Limits())
    assert len(list(opened)) == 1
    assert opened.gaps == ("unsupported: pictures inside pages of image/tiff",)
