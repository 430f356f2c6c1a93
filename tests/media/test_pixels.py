import numpy as np
import pytest

from rempart.media.picture import Frame
from rempart.media.pixels import eight_bits, luma_of, pictures_of


def laid_slowly(colour, alpha, ground):
    return (colour * alpha + ground * (255 - alpha)) / 255


@pytest.mark.parametrize("channels", [2, 4])
def test_a_transparent_frame_is_laid_on_black_and_on_white(channels):
    pixels = np.random.default_rng(1).integers(0, 256, (9, 7, channels), dtype=np.uint8)
    black, white = pictures_of(Frame(pixels), 0, colour=True)
    assert (black.ground, white.ground) == ("black", "white")
    for picture, ground in ((black, 0), (white, 255)):
        truth = laid_slowly(pixels[..., :-1].astype(float), pixels[..., -1:].astype(float), ground)
        assert np.abs(picture.rgb - truth).max() <= 0.51


@pytest.mark.parametrize("shape", [(9, 7), (9, 7, 3)])
def test_a_frame_without_alpha_is_one_opaque_picture(shape):
    pixels = np.random.default_rng(2).integers(0, 256, shape, dtype=np.uint8)
    (picture,) = pictures_of(Frame(pixels, orientation=6), 3, colour=False)
    assert (picture.ground, picture.frame, picture.rgb) == ("opaque", 3, None)
    assert picture.luma.shape == (7, 9)
    assert picture.luma.flags.c_contiguous


def test_an_alpha_plane_that_hides_nothing_is_ignored():
    pixels = np.full((6, 6, 4), 255, np.uint8)
    assert [picture.ground for picture in pictures_of(Frame(pixels), 0, colour=False)] == ["opaque"]


def test_a_frame_with_a_gap_gives_partial_pictures():
    assert all(picture.partial for picture in pictures_of(Frame(np.zeros((6, 6), np.uint8), gap="truncated"), 0, False))


def test_luma_is_within_one_level_of_the_formula():
    rgb = np.random.default_rng(3).integers(0, 256, (50, 50, 3), dtype=np.uint8)
    assert np.abs(luma_of(rgb) - rgb @ [0.299, 0.587, 0.114]).max() <= 1


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([0, 255, 256, 65535], np.uint16), [0, 0, 1, 255]),
        (np.array([0.0, 0.5, 1.0], np.float32), [0, 128, 255]),
        (np.array([0.0, 100.0, 255.0], np.float32), [0, 100, 255]),
        (np.array([-1.0, 0.0, 1.0], np.float32), [0, 128, 255]),
        (np.array([0, 1, 200], np.int32), [0, 1, 200]),
        (np.array([0, 2**20, 2**21], np.int32), [0, 128, 255]),
        (np.array([np.nan, np.inf, 255.0], np.float32), [0, 0, 255]),
        (np.array([7.0, 7.0], np.float32), [7, 7]),
    ],
)
def test_samples_of_any_width_are_scaled_and_never_clipped(values, expected):
    assert eight_bits(values).tolist() == expected
