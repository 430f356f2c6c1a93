"""Cameras that do not exist: a fixed pattern of their own over benign pictures, then JPEG."""

import io
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

from rempart.testing.pictures import Pixels, photo_like, photos

PATTERN_DEVIATION = 0.01  # of the light, as in the literature
SHOT_NOISE = 0.6  # grey levels for the square root of one grey level


@dataclass(frozen=True, slots=True)
class Camera:
    """One generated device. number: its seed; the same camera takes the same picture of the same scene."""

    number: int
    height: int = 512
    width: int = 768
    deviation: float = PATTERN_DEVIATION

    def takes(self, scene: int, quality: int = 75) -> bytes:
        """A JPEG of that scene as this camera's sensor sees it."""
        light = _scene(scene, self.height, self.width).astype(np.float32)
        rng = np.random.default_rng((self.number, scene, 2))
        seen = light * (1 + self.deviation * _pattern(self.number, self.height, self.width)[:, :, None])
        seen += SHOT_NOISE * np.sqrt(light) * rng.normal(size=light.shape).astype(np.float32)
        buffer = io.BytesIO()
        Image.fromarray(np.clip(np.rint(seen), 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=quality)
        return buffer.getvalue()


@cache
def _pattern(number: int, height: int, width: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.random.default_rng((number, 1)).normal(size=(height, width)).astype(np.float32)


def _scene(number: int, height: int, width: int) -> Pixels:
    """A benign scene: every other one from a photograph, cut and enlarged at random, the rest generated."""
    rng = np.random.default_rng((number, 3))
    if number % 2:
        return photo_like(number, width, height)
    found = _photographs()
    pixels = found[number // 2 % len(found)]
    share = rng.uniform(0.6, 1.0)
    down, across = (max(64, int(side * share)) for side in pixels.shape[:2])
    top, left = int(rng.integers(0, pixels.shape[0] - down + 1)), int(rng.integers(0, pixels.shape[1] - across + 1))
    cut = Image.fromarray(pixels[top : top + down, left : left + across])
    return np.array(cut.resize((width, height), Image.Resampling.BICUBIC))


@cache
def _photographs() -> tuple[Pixels, ...]:
    wanted = ("astronaut", "brick", "chelsea", "coffee", "coins", "grass", "gravel", "motorcycle_left", "rocket")
    found = photos()
    return tuple(found[name] for name in wanted)
