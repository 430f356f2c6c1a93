"""What people do to a picture before they upload it: `EDITS[name].apply(pixels)` gives the edited pixels.

`PROMISED` names the edits after which Rempart still finds the picture every time. The others are reported
honestly: PDQ is a whole-picture transform, so a crop or a small turn moves every coefficient.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from rempart.testing.pictures import Pixels

Apply = Callable[[Pixels], Pixels]


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit.

    promised: Rempart finds the listed original behind it in every case; else the share found is reported.
    """

    name: str
    apply: Apply
    promised: bool = True


def _resaved(file_format: str, **options: Any) -> Apply:
    """A trip through a lossy format."""

    def apply(pixels: Pixels) -> Pixels:
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, file_format, **options)
        with Image.open(buffer) as image:
            return np.array(image.convert("RGB"))

    return apply


def _chain(pixels: Pixels) -> Pixels:
    """A picture that went through three services."""
    steps = (
        _resaved("JPEG", quality=80),
        _resaved("WEBP", quality=70, method=1),
        _resaved("JPEG", quality=60),
    )
    for step in steps:
        pixels = step(pixels)
    return pixels


def _scaled(factor: float) -> Apply:
    def apply(pixels: Pixels) -> Pixels:
        size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
        return np.array(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))

    return apply


def _blurred(pixels: Pixels) -> Pixels:
    return np.array(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(2)))


def _brightness(factor: float) -> Apply:
    return lambda pixels: np.array(ImageEnhance.Brightness(Image.fromarray(pixels)).enhance(factor))


def _contrast(factor: float) -> Apply:
    return lambda pixels: np.array(ImageEnhance.Contrast(Image.fromarray(pixels)).enhance(factor))


def _grey(pixels: Pixels) -> Pixels:
    return np.array(Image.fromarray(pixels).convert("L").convert("RGB"))


def _gamma(power: float) -> Apply:
    table = np.rint(255 * (np.arange(256) / 255) ** power).astype(np.uint8)
    return lambda pixels: table[pixels]


def _framed(share: float, value: int, sides: str) -> Apply:
    """A plain frame, each bar `share` of the picture's own height or width. sides: any of `v` and `h`."""

    def apply(pixels: Pixels) -> Pixels:
        down = round(pixels.shape[0] * share) if "v" in sides else 0
        across = round(pixels.shape[1] * share) if "h" in sides else 0
        return np.pad(pixels, ((down, down), (across, across), (0, 0)), constant_values=value)

    return apply


def _watermarked(pixels: Pixels) -> Pixels:
    """The picture with a line of letter-like strokes over a grey plate in its lower right corner."""
    marked = pixels.copy()
    height, width = pixels.shape[:2]
    plate = marked[round(height * 0.9) : round(height * 0.97), round(width * 0.68) : round(width * 0.97)]
    plate[:] = plate // 2 + 40
    rng = np.random.default_rng(7)
    strokes = np.repeat(rng.random((1, max(1, plate.shape[1] // 3))) < 0.5, 3, axis=1)[:, : plate.shape[1]]
    margin = max(1, plate.shape[0] // 5)
    plate[margin:-margin, : strokes.shape[1]][:, strokes[0]] = 235
    return marked


def _noisy(pixels: Pixels) -> Pixels:
    rng = np.random.default_rng(11)
    return np.clip(np.rint(pixels + rng.normal(0, 12, pixels.shape)), 0, 255).astype(np.uint8)


def _cropped(share: float) -> Apply:
    def apply(pixels: Pixels) -> Pixels:
        down, across = round(pixels.shape[0] * share), round(pixels.shape[1] * share)
        return pixels[down : pixels.shape[0] - down, across : pixels.shape[1] - across]

    return apply


def _turned(degrees: float) -> Apply:
    """A small turn; the corners that open are filled by the nearest colour of the edge, the size is kept."""

    def apply(pixels: Pixels) -> Pixels:
        height, width = pixels.shape[:2]
        wide = np.pad(pixels, ((height // 8,) * 2, (width // 8,) * 2, (0, 0)), mode="edge")
        turned = Image.fromarray(wide).rotate(degrees, Image.Resampling.BICUBIC)
        top, left = height // 8, width // 8
        return np.array(turned)[top : top + height, left : left + width]

    return apply


_BARS: Final = {"black": 0, "grey": 128, "white": 255}


def _frames() -> list[Edit]:
    """Bars above and below, bars left and right, and borders all around, in three colours and two widths."""
    shapes = {"letterbox": "v", "pillarbox": "h", "border": "vh"}
    return [
        Edit(f"{shape} {percent} % {colour}", _framed(percent / 100, value, sides))
        for shape, sides in shapes.items()
        for percent in (5, 15)
        for colour, value in _BARS.items()
    ]


def _turns() -> list[Edit]:
    return [
        Edit("mirror", lambda pixels: pixels[:, ::-1]),
        Edit("flip", lambda pixels: pixels[::-1]),
        *(Edit(f"rotate {turn * 90}", partial(np.rot90, k=-turn)) for turn in (1, 2, 3)),
    ]


def _all() -> list[Edit]:
    return [
        Edit("identity", lambda pixels: pixels),
        Edit("jpeg q90", _resaved("JPEG", quality=90)),
        Edit("jpeg q30", _resaved("JPEG", quality=30)),
        Edit("scale 0.25", _scaled(0.25)),
        Edit("scale 0.5", _scaled(0.5)),
        Edit("scale 2", _scaled(2)),
        Edit("blur r2", _blurred),
        Edit("brightness 0.7", _brightness(0.7)),
        Edit("brightness 1.5", _brightness(1.5)),
        Edit("contrast 0.7", _contrast(0.7)),
        Edit("contrast 1.4", _contrast(1.4)),
        Edit("greyscale", _grey),
        Edit("gamma 0.7", _gamma(0.7)),
        Edit("gamma 1.4", _gamma(1.4)),
        *_turns(),
        *_frames(),
        Edit("re-encode chain", _chain),
        Edit("noise", _noisy),
        Edit("watermark", _watermarked, promised=False),
        *(Edit(f"crop {percent} %", _cropped(percent / 100), promised=False) for percent in (2, 5, 10)),
        *(Edit(f"rotate {degrees} degrees", _turned(degrees), promised=False) for degrees in (2, 4)),
    ]


def _safely(edit: Edit) -> Edit:
    """The edit with its result as an array of its own, so that later work cannot reach the original."""
    return Edit(edit.name, lambda pixels: np.array(edit.apply(pixels), order="C"), edit.promised)


EDITS: Final[dict[str, Edit]] = {edit.name: _safely(edit) for edit in _all()}
PROMISED: Final[frozenset[str]] = frozenset(name for name, edit in EDITS.items() if edit.promised)
