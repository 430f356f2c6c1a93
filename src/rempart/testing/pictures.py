"""Benign pictures to test with: the photographs that ship with scikit-image, and generated ones.

The photographs need the `demo` extra (only its data files are read: importing skimage costs seconds);
the generated pictures need numpy only.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rempart.errors import Unavailable

Pixels = NDArray[np.uint8]
"""(height, width, 3) RGB, row 0 on top."""

PHOTO_FILES: Final = (
    "astronaut.png",
    "brick.png",
    "camera.png",
    "cell.png",
    "chelsea.png",
    "clock_motion.png",
    "coffee.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "microaneurysms.png",
    "moon.png",
    "motorcycle_left.png",
    "motorcycle_right.png",
    "page.png",
    "retina.jpg",
    "rocket.jpg",
    "text.png",
)

# Distinct regions of the large photographs, as (top, bottom, left, right) shares of the height and width.
CROPS: Final[dict[str, tuple[str, float, float, float, float]]] = {
    "astronaut-crop-upper": ("astronaut", 0.0, 0.55, 0.15, 0.75),
    "chelsea-crop-right": ("chelsea", 0.1, 0.95, 0.35, 1.0),
    "coffee-crop-left": ("coffee", 0.0, 1.0, 0.0, 0.55),
    "hubble-crop-north-east": ("hubble_deep_field", 0.0, 0.5, 0.5, 1.0),
    "hubble-crop-south-west": ("hubble_deep_field", 0.5, 1.0, 0.0, 0.5),
    "ihc-crop-left": ("ihc", 0.0, 0.9, 0.0, 0.6),
    "motorcycle-crop-front": ("motorcycle_left", 0.0, 0.9, 0.5, 1.0),
    "motorcycle-crop-rear": ("motorcycle_right", 0.1, 1.0, 0.0, 0.5),
    "retina-crop-centre": ("retina", 0.2, 0.8, 0.2, 0.8),
    "rocket-crop-left": ("rocket", 0.1, 1.0, 0.05, 0.65),
}

# What the self-test lists. Left out, with the PDQ distance that the reference itself measures between the
# photograph and its edit: brick (blur 40), page (scale 54), microaneurysms (1-bit 122), clock_motion (quality 34);
# and retina, whose own black surround is told from a black border by nobody (its centre stands in for it).
SELFTEST_PHOTOS: Final = (
    "astronaut",
    "camera",
    "cell",
    "chelsea",
    "coffee",
    "coins",
    "grass",
    "gravel",
    "hubble_deep_field",
    "ihc",
    "moon",
    "motorcycle_left",
    "motorcycle_right",
    "rocket",
    "text",
    *CROPS,
)


def photo_folder() -> Path:
    """The data folder of the installed scikit-image. Raises Unavailable when it is not installed."""
    spec = find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(
            "the benign photographs are not installed: they ship with scikit-image; run `pip install 'rempart[demo]'`"
        )
    return Path(spec.submodule_search_locations[0]) / "data"


def photos(long_side: int | None = None) -> dict[str, Pixels]:
    """The benign photographs by name, then their crops (`…-crop-…`), shrunk to `long_side` pixels where longer."""
    folder = photo_folder()
    whole = {Path(name).stem: _read(folder / name) for name in PHOTO_FILES if (folder / name).is_file()}
    cropped = {name: _region(whole[crop[0]], crop[1:]) for name, crop in CROPS.items() if crop[0] in whole}
    return {name: shrunk(pixels, long_side) for name, pixels in (whole | cropped).items()}


def selftest_photos(long_side: int | None = 800) -> dict[str, Pixels]:
    """The photographs whose recall the self-test reports: see `SELFTEST_PHOTOS`."""
    found = photos(long_side)
    return {name: found[name] for name in SELFTEST_PHOTOS if name in found}


def shrunk(pixels: Pixels, long_side: int | None) -> Pixels:
    """The picture with its long side at most `long_side` pixels, proportions kept; never enlarged."""
    height, width = pixels.shape[:2]
    if long_side is None or max(height, width) <= long_side:
        return pixels
    scale = long_side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.array(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def pattern(seed: int, width: int, height: int) -> Pixels:
    """A generated picture of gradients, blobs, shapes and textures; the same arguments give the same pixels."""
    rng = np.random.default_rng((seed, width, height))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / np.float32(width), y / np.float32(height)
    canvas = _gradient(rng, x, y)
    brushes = [_blob] * 6 + [_box] * 4 + [_disc] * 4 + [_waves] * 2
    for number in rng.permutation(len(brushes)):
        brushes[number](rng, canvas, x, y)
    return _to_bytes(canvas + rng.normal(0, 3, (height, width, 1)).astype(np.float32))


def photo_like(seed: int, width: int, height: int) -> Pixels:
    """A generated picture with the statistics of a photograph: 1/f structure, a few edges, sensor noise.

    Cost: the structure is made at 512 pixels at most and enlarged, so 12 megapixels take about two seconds.
    """
    rng = np.random.default_rng((seed, width, height, 1))
    scale = min(1.0, 512 / max(width, height))
    small = pattern(seed, max(8, round(width * scale)), max(8, round(height * scale))).astype(np.float32)
    field = _one_over_f(rng, small.shape[1], small.shape[0])
    tint = rng.uniform(0.7, 1.3, 3).astype(np.float32)
    mixed = _to_bytes(0.45 * small + 70 + 42 * field[..., None] * tint)
    full = np.asarray(Image.fromarray(mixed).resize((width, height), Image.Resampling.BICUBIC), np.int16)
    noise = rng.integers(-4, 5, (height, width, 1), dtype=np.int16)
    grainy: Pixels = np.clip(full + noise, 0, 255).astype(np.uint8)
    return grainy


def _read(path: Path) -> Pixels:
    with Image.open(path) as image:
        return np.array(image.convert("RGB"))


def _region(pixels: Pixels, shares: tuple[float, float, float, float]) -> Pixels:
    height, width = pixels.shape[:2]
    top, bottom, left, right = shares
    return np.ascontiguousarray(
        pixels[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
    )


Canvas = NDArray[np.float32]


def _colour(rng: np.random.Generator) -> Canvas:
    return rng.uniform(15, 240, 3).astype(np.float32)


def _gradient(rng: np.random.Generator, x: Canvas, y: Canvas) -> Canvas:
    """A ground that runs from one colour to another in a random direction."""
    angle = rng.uniform(0, 2 * np.pi)
    share = np.clip(0.5 + (x - 0.5) * np.float32(np.cos(angle)) + (y - 0.5) * np.float32(np.sin(angle)), 0, 1)
    ground: Canvas = _colour(rng) * share[..., None] + _colour(rng) * (1 - share[..., None])
    return ground


def _blob(rng: np.random.Generator, canvas: Canvas, x: Canvas, y: Canvas) -> None:
    cx, cy, radius = rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0.06, 0.3)
    share = np.exp(-((x - np.float32(cx)) ** 2 + (y - np.float32(cy)) ** 2) / np.float32(radius**2))[..., None]
    canvas += (_colour(rng) - canvas) * share


def _box(rng: np.random.Generator, canvas: Canvas, x: Canvas, y: Canvas) -> None:
    left, top = rng.uniform(-0.1, 0.9, 2)
    width, height = rng.uniform(0.06, 0.35, 2)
    inside = (x >= left) & (x < left + width) & (y >= top) & (y < top + height)
    canvas[inside] = _colour(rng)


def _disc(rng: np.random.Generator, canvas: Canvas, x: Canvas, y: Canvas) -> None:
    cx, cy = rng.uniform(0, 1, 2)
    rx, ry = rng.uniform(0.04, 0.2, 2)
    canvas[((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1] = _colour(rng)


def _waves(rng: np.random.Generator, canvas: Canvas, x: Canvas, y: Canvas) -> None:
    """A woven texture within one half of the picture."""
    across, down = rng.uniform(8, 40, 2)
    side = (x > np.float32(rng.uniform(0.2, 0.8))) if rng.random() < 0.5 else (y > np.float32(rng.uniform(0.2, 0.8)))
    weave = np.sin(x * np.float32(2 * np.pi * across)) * np.sin(y * np.float32(2 * np.pi * down))
    canvas += (np.float32(rng.uniform(10, 28)) * weave * side)[..., None]


def _one_over_f(rng: np.random.Generator, width: int, height: int) -> Canvas:
    """A random field whose amplitude falls as one over the frequency, of mean 0 and deviation 1."""
    fy, fx = np.fft.fftfreq(height)[:, None] * height, np.fft.rfftfreq(width)[None, :] * width
    frequency = np.hypot(fx, fy)
    frequency[0, 0] = np.inf
    spectrum = (rng.normal(size=frequency.shape) + 1j * rng.normal(size=frequency.shape)) / frequency**1.1
    field = np.fft.irfft2(spectrum, (height, width))
    return np.asarray(field / field.std(), np.float32)


def _to_bytes(canvas: Canvas) -> Pixels:
    pixels: Pixels = np.clip(np.rint(canvas), 0, 255).astype(np.uint8)
    return pixels
