import numpy as np
import pytest

from rempart.errors import Unavailable
from rempart.fingerprints import pdq
from rempart.testing import pictures
from rempart.testing.colour_modes import luma16
from rempart.testing.pictures import (
    CROPS,
    PHOTO_FILES,
    SELFTEST_PHOTOS,
    Pixels,
    pattern,
    photo_like,
    photos,
    selftest_photos,
    shrunk,
)

USABLE = 50


def quality(pixels: Pixels) -> int:
    return pdq((luma16(pixels) >> 8).astype(np.uint8)).quality or 0


def test_at_least_twenty_photographs_are_good_enough_for_the_self_test() -> None:
    found = selftest_photos()
    assert len(found) >= 20
    assert {name: quality(pixels) for name, pixels in found.items() if quality(pixels) < USABLE} == {}


def test_no_two_photographs_of_the_self_test_could_be_taken_for_each_other() -> None:
    values = {
        name: int.from_bytes(pdq((luma16(pixels) >> 8).astype(np.uint8)).value)
        for name, pixels in selftest_photos().items()
    }
    names = sorted(values)
    nearest = min((values[a] ^ values[b]).bit_count() for a in names for b in names if a < b)
    assert nearest > 63


def test_photographs_are_colour_pixels_and_crops_say_so_in_their_names() -> None:
    found = photos()
    assert all(pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.dtype == np.uint8 for pixels in found.values())
    assert len(found) == len(PHOTO_FILES) + len(CROPS)
    assert all("-crop-" in name for name in CROPS)
    assert set(SELFTEST_PHOTOS) <= set(found)


def test_a_photograph_is_never_longer_than_asked_and_never_enlarged() -> None:
    sides = {name: max(pixels.shape[:2]) for name, pixels in photos().items()}
    for name, pixels in photos(480).items():
        assert max(pixels.shape[:2]) == min(480, sides[name])


def test_shrinking_keeps_proportions() -> None:
    assert shrunk(np.zeros((300, 1000, 3), np.uint8), 100).shape == (30, 100, 3)


def test_without_scikit_image_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "find_spec", lambda name: None)
    with pytest.raises(Unavailable, match=r"pip install 'rempart\[demo\]'"):
        photos()


@pytest.mark.parametrize("make", [pattern, photo_like])
def test_generated_pictures_have_structure_and_depend_on_their_seed_only(make: type) -> None:
    made = [make(seed, 200, 150) for seed in range(12)]
    assert all(pixels.shape == (150, 200, 3) and pixels.dtype == np.uint8 for pixels in made)
    assert min(quality(pixels) for pixels in made) >= USABLE
    assert np.array_equal(made[3], make(3, 200, 150))
    assert not np.array_equal(made[3], made[4])


@pytest.mark.parametrize(("width", "height"), [(1, 1), (5, 7), (1300, 20)])
@pytest.mark.parametrize("make", [pattern, photo_like])
def test_a_generated_picture_may_have_any_size(make: type, width: int, height: int) -> None:
    assert make(0, width, height).shape == (height, width, 3)
