from collections.abc import Callable

import numpy as np
import pytest
from tests.fingerprints.generated import Pixels, bits_apart, generated, grey

from rempart.facts import Transform
from rempart.fingerprints import pdq
from rempart.fingerprints.turns import NEAREST_SIDE, turned_full, turned_nearest
from rempart.testing.pictures import photos

TURNS: dict[Transform, Callable[[Pixels], Pixels]] = {
    "identity": lambda pixels: pixels,
    "rotate90": lambda pixels: np.rot90(pixels, -1),
    "rotate180": lambda pixels: np.rot90(pixels, 2),
    "rotate270": lambda pixels: np.rot90(pixels, 1),
    "mirror": lambda pixels: pixels[:, ::-1],
    "flip": lambda pixels: pixels[::-1],
    "transpose": lambda pixels: pixels.T,
    "transverse": lambda pixels: np.rot90(pixels, 2).T,
}


def nearest(pixels: Pixels) -> Pixels:
    """The naive twin of the 512x512 path: what the reference in C++ makes of a large picture."""
    rows, columns = ([i * length // 512 for i in range(512)] for length in pixels.shape)
    return pixels[rows][:, columns]


@pytest.mark.parametrize("shape", [(5, 9), (64, 64), (101, 64), (300, 451), (512, 512), (600, 203), (7, 400), (400, 7)])
def test_each_turn_is_the_fingerprint_of_pixels_really_turned(shape: tuple[int, int]) -> None:
    pixels = grey(generated(8, *shape))
    found = dict(turned_full(pixels))
    assert next(iter(found)) == "identity"
    assert set(found) == set(TURNS)
    for turn, fingerprint in found.items():
        assert bits_apart(fingerprint.value, pdq(TURNS[turn](pixels)).value) <= 2, turn


@pytest.mark.parametrize("shape", [(513, 100), (600, 800), (1000, 513), (511, 1300)])
def test_each_turn_on_the_512_path_is_the_fingerprint_of_pixels_turned_then_sampled(shape: tuple[int, int]) -> None:
    pixels = grey(generated(9, *shape))
    found = dict(turned_nearest(pixels))
    assert next(iter(found)) == "identity"
    for turn, fingerprint in found.items():
        assert bits_apart(fingerprint.value, pdq(nearest(TURNS[turn](pixels))).value) <= 2, turn


@pytest.mark.parametrize("shape", [(512, 512), (40, 512), (512, 5)])
def test_up_to_512_pixels_both_paths_are_one(shape: tuple[int, int]) -> None:
    assert max(shape) <= NEAREST_SIDE
    assert list(turned_nearest(grey(generated(2, *shape)))) == []


def test_every_turned_photograph_is_recognised() -> None:
    for side in (120, 300, 700):
        for name, pixels in photos(side).items():
            listed = pdq(grey(pixels))
            for turn, turned in TURNS.items():
                shown = grey(np.ascontiguousarray(turned(grey(pixels))[..., None].repeat(3, 2)))
                best = min(bits_apart(found.value, listed.value) for _, found in turned_full(shown))
                assert best <= 2, (name, side, turn)
