"""Pictures from a seed with integer arithmetic only, so that every machine makes the same pixels."""

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def generated(seed: int, height: int, width: int) -> Pixels:
    """A (height, width, 3) picture: structure at every scale as in photographs, a few boxes, some grain."""
    rng = np.random.default_rng((seed, height, width))
    canvas = np.full((height, width, 3), int(rng.integers(90, 166)), np.int64)
    for cells, contrast in ((3, 96), (6, 64), (12, 48), (24, 32), (48, 24)):
        coarse = rng.integers(-contrast, contrast + 1, (cells, cells + 1, 1)) + rng.integers(-8, 9, (1, 1, 3))
        canvas += _stretched(_stretched(coarse, height).transpose(1, 0, 2), width).transpose(1, 0, 2)
    for _ in range(int(rng.integers(0, 5))):
        top, left = int(rng.integers(0, height)), int(rng.integers(0, width))
        canvas[top : top + height // 3, left : left + width // 4] += rng.integers(-60, 61, 3)
    grain = int(rng.integers(0, 12))
    return np.clip(canvas + rng.integers(-grain, grain + 1, (height, width, 1)), 0, 255).astype(np.uint8)


def grey(pixels: Pixels) -> Pixels:
    """The luma of colour pixels, rounded to whole steps as a decoder does."""
    weighed = pixels.astype(np.int64) @ np.array([19595, 38470, 7471])
    return ((weighed + 32768) >> 16).astype(np.uint8)


def bits_apart(one: bytes, other: bytes) -> int:
    """The Hamming distance of two values."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def _stretched(lines: npt.NDArray[np.int64], length: int) -> npt.NDArray[np.int64]:
    at = np.arange(length) * (len(lines) - 1) * 256 // max(1, length - 1)
    above, share = at >> 8, (at & 255)[:, None, None]
    below = np.minimum(above + 1, len(lines) - 1)
    return (lines[above] * (256 - share) + lines[below] * share) >> 8
