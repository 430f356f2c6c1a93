"""Invisible marks: found where a generator wrote one, never on a photograph, never more than declared."""

import io

import numpy as np
import pytest
from PIL import Image

from rempart.facts.evidence import Evidence
from rempart.origin.evidence.watermark import SOURCE
from rempart.origin.subject import Subject
from rempart.origin.trust import Trust
from rempart.origin.verdict import judge
from rempart.origin.watermark import MARKS, MOST_PIXELS, Arithmetic, agreements
from rempart.testing.marks import marked
from rempart.testing.pictures import Pixels, photos

PHOTOS = {name: pixels[:640, :640] for name, pixels in photos().items() if min(pixels.shape[:2]) >= 300}
WRITTEN = [(mark.name, arithmetic) for mark in MARKS.values() for arithmetic in mark.wrote]


def _observed(pixels: Pixels) -> list[Evidence]:
    return list(SOURCE.observe(Subject(b"", "image/png", (), Trust(), pixels)))


@pytest.mark.parametrize(("name", "arithmetic"), WRITTEN)
def test_a_mark_is_read_in_the_arithmetic_that_wrote_it(name: str, arithmetic: Arithmetic) -> None:
    found = [
        any(one.tool == MARKS[name].tool for one in _observed(marked(pixels, name, arithmetic)))
        for pixels in list(PHOTOS.values())[:12]
    ]
    assert np.mean(found) >= 0.75


def test_no_crop_of_an_unmarked_photograph_comes_near_a_threshold() -> None:
    rng = np.random.default_rng(20261122)
    best = dict.fromkeys(MARKS, 0)
    for number in range(300):
        crop = _crop(list(PHOTOS.values())[number % len(PHOTOS)], rng, lossy=number % 3 == 0)
        best = {name: max(best[name], agreement) for name, agreement in agreements(crop).items()}
    distance = {name: mark.threshold.value - best[name] for name, mark in MARKS.items()}
    assert min(distance.values()) >= 6, distance


def test_a_mark_is_never_more_than_a_declaration_and_trivial_to_add() -> None:
    for name in MARKS:
        (one,) = _observed(marked(PHOTOS["astronaut"], name))
        assert (one.strength in ("hint", "structural"), one.add_cost, one.signer) == (True, "trivial", None)
        assert judge([one]).verdict == "ai.declared"
        assert judge([one]).urgency == 0


def test_the_weak_mark_counts_only_when_every_bit_is_right_and_is_a_hint() -> None:
    assert MARKS["SD2"].threshold.value == len(MARKS["SD2"].bits)
    assert [one.strength for one in _observed(marked(PHOTOS["astronaut"], "SD2"))] == ["hint"]


def test_a_jpeg_with_shared_colour_loses_the_mark_without_a_false_one() -> None:
    for name in MARKS:
        assert _observed(_jpeg(marked(PHOTOS["astronaut"], name), quality=90)) == []


@pytest.mark.parametrize("shape", [(300, 300), (255, 256, 3), (1, 1, 3), (0, 0, 3), (300, 300, 1), (300, 300, 4)])
def test_a_picture_of_an_odd_shape_is_simply_unmarked(shape: tuple[int, ...]) -> None:
    for value in (0, 128, 255):
        assert _observed(np.full(shape, value, np.uint8)) == []


def test_a_picture_too_large_to_look_at_says_so() -> None:
    huge = np.broadcast_to(np.zeros((1, 1, 3), np.uint8), (MOST_PIXELS // 1000 + 1, 1000, 3))
    assert [one.reason for one in _observed(huge)] == ["limit: pixels"]


def test_a_mark_is_read_beside_an_alpha_plane() -> None:
    pixels = marked(PHOTOS["astronaut"], "SDXL")
    assert agreements(np.dstack([pixels, np.full(pixels.shape[:2], 9, np.uint8)])) == agreements(pixels)


def test_votes_are_those_of_the_naive_reader() -> None:
    pixels = PHOTOS["coffee"][:257, :302]
    for name, mark in MARKS.items():
        expected = max(_naive(pixels, mark.bits, arithmetic) for arithmetic in mark.wrote)
        assert agreements(pixels)[name] == expected


def _naive(pixels: Pixels, bits: tuple[int, ...], arithmetic: Arithmetic) -> int:
    """Block by block, as the scheme is described."""
    votes: list[list[bool]] = [[] for _ in bits]
    number = 0
    red, blue = (2, 0) if "red" in arithmetic else (0, 2)
    rgb = pixels.astype(np.int64 if "bytes" in arithmetic else np.float64)
    if "bytes" in arithmetic:
        luma = (rgb[..., red] * 4899 + rgb[..., 1] * 9617 + rgb[..., blue] * 1868 + 8192) >> 14
        u = ((rgb[..., blue] - luma) * 8061 + (128 << 14) + 8192) >> 14
    else:
        u = 0.492 * (rgb[..., blue] - 0.299 * rgb[..., red] - 0.587 * rgb[..., 1] - 0.114 * rgb[..., blue]) + 0.5
    for top in range(0, pixels.shape[0] // 4 * 4 - 7, 8):
        for left in range(0, pixels.shape[1] // 4 * 4 - 7, 8):
            block = [
                u[top + y : top + y + 2, left + x : left + x + 2].sum() / 2 for y in (0, 2, 4, 6) for x in (0, 2, 4, 6)
            ]
            votes[number % len(bits)].append(max(abs(value) for value in block[1:]) % 36 > 18)
            number += 1
    return sum((np.mean(seen) * 255 > 127) == bool(bit) for seen, bit in zip(votes, bits, strict=True))


def _crop(pixels: Pixels, rng: np.random.Generator, *, lossy: bool) -> Pixels:
    height, width = (int(rng.integers(256, side + 1)) for side in pixels.shape[:2])
    top, left = (
        int(rng.integers(0, whole - part + 1)) for whole, part in zip(pixels.shape, (height, width), strict=False)
    )
    crop = pixels[top : top + height, left : left + width]
    return _jpeg(crop, quality=int(rng.integers(50, 96))) if lossy else crop


def _jpeg(pixels: Pixels, quality: int) -> Pixels:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as image:
        return np.array(image)
