import numpy as np
import pytest

from rempart.testing.conformance import likeness
from rempart.testing.edits import EDITS, PROMISED
from rempart.testing.pictures import pattern

PICTURE = pattern(21, 200, 140)
SIZES = {
    "scale 0.25": (35, 50),
    "scale 0.5": (70, 100),
    "scale 2": (280, 400),
    "rotate 90": (200, 140),
    "rotate 270": (200, 140),
    "letterbox 5 % black": (154, 200),
    "letterbox 15 % white": (182, 200),
    "pillarbox 15 % grey": (140, 260),
    "border 5 % black": (154, 220),
    "border 15 % white": (182, 260),
    "crop 2 %": (134, 192),
    "crop 10 %": (112, 160),
}
RESIZING = ("scale", "letterbox", "pillarbox", "border", "crop", "rotate 90", "rotate 270")


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_gives_pixels_of_its_own_and_the_same_each_time(name: str) -> None:
    before = PICTURE.copy()
    edited = EDITS[name].apply(PICTURE)
    assert edited.dtype == np.uint8
    assert edited.flags.c_contiguous
    assert not np.shares_memory(edited, PICTURE)
    assert np.array_equal(edited, EDITS[name].apply(PICTURE))
    assert np.array_equal(PICTURE, before)


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_an_edit_changes_the_size_as_it_says(name: str, size: tuple[int, int]) -> None:
    assert EDITS[name].apply(PICTURE).shape == (*size, 3)


@pytest.mark.parametrize("name", [name for name in EDITS if not name.startswith(RESIZING)])
def test_other_edits_keep_the_size(name: str) -> None:
    assert EDITS[name].apply(PICTURE).shape == PICTURE.shape


@pytest.mark.parametrize("name", [name for name in EDITS if name != "identity"])
def test_every_edit_but_identity_changes_pixels(name: str) -> None:
    assert not np.array_equal(EDITS[name].apply(PICTURE), PICTURE)


def test_turns_are_clockwise_and_mirror_swaps_left_and_right() -> None:
    assert np.array_equal(EDITS["rotate 90"].apply(PICTURE)[0, -1], PICTURE[0, 0])
    assert np.array_equal(EDITS["rotate 270"].apply(PICTURE)[-1, 0], PICTURE[0, 0])
    assert np.array_equal(EDITS["mirror"].apply(PICTURE)[0, -1], PICTURE[0, 0])
    assert np.array_equal(EDITS["flip"].apply(PICTURE)[-1, 0], PICTURE[0, 0])


@pytest.mark.parametrize("name", ["jpeg q30", "blur r2", "greyscale", "re-encode chain", "noise", "watermark"])
def test_quality_edits_leave_the_picture_recognisable(name: str) -> None:
    assert likeness(EDITS[name].apply(PICTURE), PICTURE) > 0.95


def test_what_is_promised_is_everything_but_crops_small_turns_and_the_watermark() -> None:
    assert set(EDITS) - PROMISED == {
        "watermark",
        "crop 2 %",
        "crop 5 %",
        "crop 10 %",
        "rotate 2 degrees",
        "rotate 4 degrees",
    }
    wanted = {"jpeg q30", "scale 0.25", "blur r2", "brightness 0.7", "brightness 1.5", "greyscale", "re-encode chain"}
    assert wanted <= PROMISED
