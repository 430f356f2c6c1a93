"""Pillow, kept on a short leash: named formats only, our own limits, no warnings, no lazy imports."""

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from rempart.facts import Limits, reasons
from rempart.media.not_examinable import NotExaminable
from rempart.media.picture import Pixels
from rempart.media.pixels import eight_bits

DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
    ZeroDivisionError,
    RuntimeError,
    struct.error,
    zlib.error,
)
"""Everything Pillow's plugins were seen to raise on damaged bytes; MemoryError is not among them on purpose."""

Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before any pixel is decoded
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_ALWAYS
PLUGINS = (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
"""Imported here and now: Pillow would import them at the first file, which a confined child cannot do."""


@contextmanager
def quiet() -> Iterator[None]:
    """Inside, Pillow's remarks about damaged files are dropped: what matters is raised or missing."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def tolerant() -> Iterator[None]:
    """Inside, Pillow decodes what is there, silently, instead of refusing a damaged file."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with quiet():
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def opened(data: bytes, pillow_format: str) -> Image.Image:
    """The file as Pillow sees it, no pixel decoded yet. Raises one of DECODER_ERRORS."""
    with quiet():
        return Image.open(io.BytesIO(data), formats=(pillow_format,))


def check_pixels(width: int, height: int, limits: Limits) -> None:
    """Nothing when the picture is small enough to decode. Raises NotExaminable."""
    if width * height > limits.max_pixels:
        raise NotExaminable(reasons.reason(reasons.LIMIT, "pixels"))


def decoded(image: Image.Image, colour: bool) -> Pixels:
    """The current frame as (h, w), (h, w, 2), (h, w, 3) or (h, w, 4) uint8. Raises one of DECODER_ERRORS."""
    with quiet():
        image.load()
        return _pixels(image, colour)


def advance(image: Image.Image) -> bool:
    """True when the file has another frame or page and the image now stands on it. Raises one of DECODER_ERRORS."""
    with quiet():
        try:
            image.seek(image.tell() + 1)
        except EOFError:
            return False
    return True


def _pixels(image: Image.Image, colour: bool) -> Pixels:
    if image.mode.startswith("I;16"):
        return _sixteen_bits(image)
    if image.mode in ("I", "F"):
        return eight_bits(np.asarray(image))
    if image.mode == "LAB":
        return np.asarray(image.getchannel("L"))
    return np.asarray(image if image.mode == (mode := _target_mode(image, colour)) else image.convert(mode))


def _target_mode(image: Image.Image, colour: bool) -> str:
    """The plain 8-bit mode that keeps what matters: alpha always, colour only when asked for."""
    if image.mode == "L" and "transparency" not in image.info:
        return "L"
    if _is_transparent(image):
        return "LA" if image.mode in ("LA", "La") or (image.mode == "RGBA" and not colour) else "RGBA"
    if image.mode in ("CMYK", "P", "YCbCr", "HSV"):  # Pillow has no true luma straight from these
        return "RGB"
    return "RGB" if colour and image.mode != "1" else "L"


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info


def _sixteen_bits(image: Image.Image) -> Pixels:
    """Scaled, not clipped; one grey level may be named as transparent."""
    values = np.asarray(image).astype(np.uint16)
    see_through = image.info.get("transparency")
    grey = eight_bits(values)
    if not isinstance(see_through, int):
        return grey
    return np.dstack([grey, np.where(values == see_through, 0, 255).astype(np.uint8)])
