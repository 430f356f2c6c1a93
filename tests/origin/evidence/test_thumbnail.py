"""A thumbnail of another picture is told; one that is cropped, turned, framed or faded is not."""

import io
import struct
from itertools import permutations

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from rempart.facts.evidence import Evidence
from rempart.origin.evidence.thumbnail import SOURCE
from rempart.origin.subject import Pixels, Segment, Subject
from rempart.origin.thumbnail import likeness
from rempart.origin.trust import Trust
from rempart.origin.verdict import judge
from rempart.testing.pictures import photos
from rempart.thresholds import THUMBNAIL_FOREIGN_LIKENESS

NAMES = ("astronaut", "camera", "chelsea", "coffee", "coins", "hubble_deep_field", "motorcycle_left", "rocket", "moon")
PHOTOS = {name: photos(600)[name] for name in NAMES}
FOREIGN = THUMBNAIL_FOREIGN_LIKENESS.value / 100


def _thumbnail(pixels: Pixels, size: tuple[int, int] = (160, 120)) -> bytes:
    """As cameras write them: small, framed in black where the shape differs, lossy."""
    image = Image.fromarray(pixels)
    image.thumbnail(size)
    framed = Image.new("RGB", size)
    framed.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    buffer = io.BytesIO()
    framed.save(buffer, "JPEG", quality=70)
    return buffer.getvalue()


def _grey(jpeg: bytes) -> Pixels:
    with Image.open(io.BytesIO(jpeg)) as image:
        return np.array(image.convert("L"))


def _subject(pixels: Pixels | None, thumbnail: bytes) -> Subject:
    """A file with an EXIF block of one empty directory and one that holds the thumbnail."""
    head = struct.pack("<4sI HI HHHIIHHIII", b"II*\0", 8, 0, 14, 2, 0x201, 4, 1, 44, 0x202, 4, 1, len(thumbnail), 0)
    block = Segment("JPEG", "APP1 Exif", data=head + thumbnail)
    return Subject(b"", "image/jpeg", (block,), Trust(), pixels)


def _observed(pixels: Pixels | None, thumbnail: bytes) -> list[Evidence]:
    return list(SOURCE.observe(_subject(pixels, thumbnail)))


@pytest.mark.parametrize("name", NAMES)
def test_its_own_thumbnail_is_silent_whatever_was_done_to_the_picture(name: str) -> None:
    pixels, image = PHOTOS[name], Image.fromarray(PHOTOS[name])
    height, width = pixels.shape[:2]
    changed = [
        pixels,
        *(np.rot90(pixels, quarters) for quarters in (1, 2, 3)),
        pixels[height // 10 : height * 9 // 10, width // 10 : width * 9 // 10],
        pixels[: height * 7 // 10, width * 3 // 10 :],
        np.array(ImageEnhance.Brightness(image).enhance(0.5)),
        np.array(ImageEnhance.Contrast(image).enhance(1.5)),
        np.dstack([pixels, np.full((height, width), 255, np.uint8)]),
    ]
    for number, picture in enumerate(changed):
        assert _observed(picture, _thumbnail(pixels)) == [], number


def test_a_clearly_foreign_thumbnail_is_a_contradiction_that_raises_the_case() -> None:
    (one,) = _observed(PHOTOS["astronaut"], _thumbnail(PHOTOS["chelsea"]))
    assert (one.claim, one.add_cost) == ("anotherPictureInside", "trivial")
    assert (judge([one]).verdict, judge([one]).urgency) == ("conflict", 1)


def test_a_good_part_of_all_strangers_is_clearly_foreign() -> None:
    small = {name: _grey(_thumbnail(pixels)) for name, pixels in PHOTOS.items()}
    pairs = list(permutations(NAMES, 2))[::3]
    fits = [likeness(PHOTOS[large], small[other]) for large, other in pairs]
    assert np.mean([fit is not None and fit < FOREIGN for fit in fits]) > 0.3


def test_a_deep_crop_does_not_look_foreign() -> None:
    rng = np.random.default_rng(5)
    for name, pixels in PHOTOS.items():
        height, width = (int(side * 0.55) for side in pixels.shape[:2])
        top, left = (
            int(rng.integers(0, whole - part)) for whole, part in zip(pixels.shape, (height, width), strict=False)
        )
        found = likeness(pixels[top : top + height, left : left + width], _grey(_thumbnail(pixels)))
        assert found is None or found > FOREIGN, (name, found)


@pytest.mark.parametrize("value", [0, 9, 128, 255])
def test_flat_pictures_are_never_compared(value: int) -> None:
    flat = np.full((120, 160, 3), value, np.uint8)
    assert likeness(PHOTOS["coffee"], flat[:, :, 0]) is None
    assert likeness(flat, _grey(_thumbnail(PHOTOS["coffee"]))) is None
    assert _observed(flat, _thumbnail(PHOTOS["coffee"])) == []


@pytest.mark.parametrize("shape", [(1, 1, 3), (3000, 2, 3), (16, 16, 3), (40, 50)])
def test_a_picture_of_an_odd_shape_does_not_raise(shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    _observed(noise, _thumbnail(PHOTOS["coffee"]))


def test_a_thumbnail_that_cannot_be_opened_has_a_reason() -> None:
    whole = _thumbnail(PHOTOS["coffee"])
    for damaged in (b"\xff\xd8", b"\xff\xd8\xff\xe0" * 20, whole[: len(whole) // 2]):
        (one,) = _observed(PHOTOS["coffee"], damaged)
        assert (one.claim, bool(one.reason)) == ("noStatement", True)


def test_without_pixels_there_is_nothing_to_compare() -> None:
    assert _observed(None, _thumbnail(PHOTOS["coffee"])) == []
