import numpy as np
import pytest
import simplejpeg
from PIL import Image
from tests.fingerprints.generated import Pixels, bits_apart, generated, grey

from rempart.fingerprints import pdq
from rempart.fingerprints.borders import without_border
from rempart.testing.pictures import SELFTEST_PHOTOS, photos

SHADES = (0, 128, 255)
# Halving these costs 20 to 28 of the 31 bits before any border is there, so that one pixel decides.
FRAGILE = ("gravel", "text", "astronaut-crop-upper")
PHOTOS = [name for name in SELFTEST_PHOTOS if name not in FRAGILE]


@pytest.fixture(scope="module")
def pictures() -> dict[str, Pixels]:
    found = photos(500)
    return {name: found[name] for name in PHOTOS}


def framed(pixels: Pixels, shade: int, top: int, bottom: int, left: int, right: int) -> Pixels:
    return np.pad(pixels, ((top, bottom), (left, right), (0, 0)), constant_values=shade)


def through_jpeg(pixels: Pixels, quality: int) -> Pixels:
    jpeg = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=quality, colorsubsampling="420")
    return simplejpeg.decode_jpeg(jpeg, "GRAY")[:, :, 0]


def halved(pixels: Pixels) -> Pixels:
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((image.width // 2, image.height // 2), Image.Resampling.BILINEAR))


def best_distance(shown: Pixels, listed: bytes) -> int:
    return min((bits_apart(pdq(inner).value, listed) for inner in without_border(shown)), default=256)


@pytest.mark.parametrize("edit", ["q75", "q30", "half"])
@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("percent", [5, 15])
def test_every_letterboxed_and_bordered_photograph_is_recognised(
    percent: int, shade: int, edit: str, pictures: dict[str, Pixels]
) -> None:
    missed = []
    for name, pixels in pictures.items():
        listed = pdq(grey(pixels)).value
        high, wide = (side * percent // 100 for side in pixels.shape[:2])
        for sides in ((high, high, 0, 0), (0, 0, wide, wide), (high, high, high, high)):
            larger = framed(pixels, shade, *sides)
            shown = grey(halved(larger)) if edit == "half" else through_jpeg(larger, int(edit[1:]))
            if best_distance(shown, listed) > 31:
                missed.append((name, sides))
    assert missed == []


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.4])
@pytest.mark.parametrize("sides", ["top", "bottom", "left", "right", "all", "uneven"])
def test_a_border_is_cut_exactly_where_the_picture_starts(sides: str, share: float) -> None:
    pixels = generated(3, 300, 420)
    deep = max(1, int(300 * share / (1 - share * (2 if sides in ("all", "uneven") else 1))))
    depths = {
        "top": (deep, 0, 0, 0),
        "bottom": (0, deep, 0, 0),
        "left": (0, 0, deep, 0),
        "right": (0, 0, 0, deep),
        "all": (deep, deep, deep, deep),
        "uneven": (deep, max(1, deep // 3), 0, max(1, deep // 2)),
    }[sides]
    inners = without_border(grey(framed(pixels, 128, *depths)))
    assert any(np.array_equal(inner, grey(pixels)) for inner in inners)


@pytest.mark.parametrize("shade", SHADES)
def test_a_border_after_strong_jpeg_is_cut_within_one_pixel(shade: int) -> None:
    for seed in range(10):
        pixels = generated(seed, 333, 444)
        inners = without_border(through_jpeg(framed(pixels, shade, 21, 34, 13, 52), 30))
        assert any(abs(inner.shape[0] - 333) <= 2 and abs(inner.shape[1] - 444) <= 2 for inner in inners)


def test_letterbox_and_pillarbox_of_different_colours_are_offered_together_and_alone() -> None:
    pixels = grey(generated(5, 300, 300))
    shown = np.pad(np.pad(pixels, ((0, 0), (40, 40)), constant_values=255), ((30, 30), (0, 0)), constant_values=0)
    shapes = [inner.shape for inner in without_border(shown)]
    assert shapes[0] == (300, 300)
    assert (300, 380) in shapes


@pytest.mark.parametrize("shade", SHADES)
def test_a_flat_picture_has_no_border(shade: int) -> None:
    assert without_border(np.full((400, 300), shade, np.uint8)) == ()


def test_a_picture_without_border_is_left_alone() -> None:
    assert all(without_border(grey(generated(seed, 200, 300))) == () for seed in range(50))


def test_what_is_left_must_be_large_enough_to_mean_something() -> None:
    shown = np.zeros((40, 300), np.uint8)
    shown[10:30, 10:-10] = grey(generated(1, 20, 280))
    assert without_border(shown) == ()


@pytest.mark.parametrize("line", [7, 30, 60])
def test_a_single_line_of_content_does_no_harm(line: int) -> None:
    for pixels in (np.zeros((64, 64), np.uint8), np.full((64, 64), 90, np.uint8)):
        pixels[line] = np.arange(64) * 4
        for shown in (pixels, np.ascontiguousarray(pixels.T)):
            assert all(min(inner.shape) >= 32 for inner in without_border(shown))


@pytest.mark.parametrize("shape", [(5, 5), (5, 600), (600, 5), (33, 32), (7, 1025)])
def test_narrow_pictures_are_handled(shape: tuple[int, int]) -> None:
    pixels = grey(generated(2, *shape))
    pixels[0] = 0
    assert all(min(inner.shape) >= 32 for inner in without_border(pixels))
