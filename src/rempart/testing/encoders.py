"""Encoders: each takes the pixels of a picture and gives the bytes of one file; see `encodings` for their names."""

import io
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from rempart.testing import png_files, raster_files
from rempart.testing.colour_modes import cmyk, dithered_grey, palette
from rempart.testing.orientations import exif, turned_for
from rempart.testing.pictures import Pixels, pattern

Encode = Callable[[Pixels], bytes]
AVIF_OPTIONS: Final[dict[str, Any]] = {"quality": 80, "speed": 10, "max_threads": 1}


def saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def converted(mode: str, file_format: str, **options: Any) -> Encode:
    """An encoder that converts to a Pillow mode and saves."""
    return lambda pixels: saved(Image.fromarray(pixels).convert(mode), file_format, **options)


def earlier(pixels: Pixels, seed: int) -> Image.Image:
    """Another picture of the same size: the frame or page before the one that matters."""
    small = Image.fromarray(pattern(seed, 128, 96))
    return small.resize((pixels.shape[1], pixels.shape[0]), Image.Resampling.BILINEAR)


def animated(file_format: str, **options: Any) -> Encode:
    """An encoder of three frames, of which the last is the picture."""

    def encode(pixels: Pixels) -> bytes:
        later = [earlier(pixels, 2), Image.fromarray(pixels)]
        return saved(earlier(pixels, 1), file_format, save_all=True, append_images=later, **options)

    return encode


def gif_animated(pixels: Pixels) -> bytes:
    """Three frames, each in its own palette; the last is the picture."""
    first, second = (palette(np.asarray(earlier(pixels, seed))) for seed in (1, 2))
    later = [second, palette(pixels)]
    return saved(first, "GIF", save_all=True, append_images=later, duration=80, loop=0)


def with_alpha(make: Callable[[Pixels], NDArray[np.uint8]], file_format: str, **options: Any) -> Encode:
    return lambda pixels: saved(Image.fromarray(make(pixels)), file_format, **options)


def palette_with_holes(file_format: str) -> Encode:
    """An encoder of a palette picture whose rarest colour is the transparent one."""

    def encode(pixels: Pixels) -> bytes:
        image = palette(pixels)
        used, counts = np.unique(np.asarray(image), return_counts=True)
        return saved(image, file_format, transparency=int(used[counts.argmin()]))

    return encode


def ycck_jpeg(pixels: Pixels) -> bytes:
    """A JPEG of CMYK stored as brightness, two colour differences and black, marked so by Adobe.

    Pillow writes plain CMYK only: its four planes are replaced by the converted ones before it inverts them,
    and the transform byte of the Adobe marker is set to 2.
    """
    planes = np.asarray(cmyk(pixels))
    turned = 255 - np.asarray(Image.fromarray(np.ascontiguousarray(planes[..., :3])).convert("YCbCr"))
    data = saved(Image.fromarray(np.dstack([turned, planes[..., 3]]), "CMYK"), "JPEG", quality=92)
    at = data.index(b"Adobe") + 11
    return data[:at] + b"\x02" + data[at + 1 :]


# PNG and BMP modes written by hand.


def png_small_grey(bits: int) -> Encode:
    """An encoder of 2 or 4-bit grey."""
    return lambda pixels: png_files.png(dithered_grey(pixels, bits)[..., None], png_files.GREY, bits)


def png_16(pixels: Pixels, alpha: bool = False) -> bytes:
    wide = pixels.astype(np.uint16) * 257
    if alpha:
        return png_files.png(np.dstack([wide, np.full(wide.shape[:2], 60_000, np.uint16)]), png_files.RGB_ALPHA, 16)
    return png_files.png(wide, png_files.RGB, 16)


def png_adam7(pixels: Pixels) -> bytes:
    return png_files.png(pixels, png_files.RGB, interlaced=True)


def png_adam7_palette(pixels: Pixels) -> bytes:
    image = palette(pixels)
    table = bytes(image.getpalette() or [])
    indices = np.asarray(image)[..., None]
    return png_files.png(indices, png_files.PALETTE, 8, True, png_files.chunk(b"PLTE", table))


def png_colour_key(pixels: Pixels) -> bytes:
    """Opaque RGB in which one colour, black, means transparent."""
    key = png_files.chunk(b"tRNS", bytes(6))
    return png_files.png(pixels, png_files.RGB, before_pixels=key)


def bmp_rle(pixels: Pixels) -> bytes:
    image = palette(pixels)
    table = np.zeros((256, 3), np.uint8)
    colours = np.array(image.getpalette(), np.uint8).reshape(-1, 3)
    table[: len(colours)] = colours
    return raster_files.bmp_rle8(np.asarray(image), table)


def tiff_second_page(pixels: Pixels) -> bytes:
    return saved(
        earlier(pixels, 3), "TIFF", save_all=True, append_images=[Image.fromarray(pixels)], compression="tiff_lzw"
    )


def avif_animated(pixels: Pixels) -> bytes:
    """Three frames, without the time of creation that the encoder puts in: the same pixels give the same bytes."""
    data = bytearray(animated("AVIF", duration=80, **AVIF_OPTIONS)(pixels))
    for box in (b"mvhd", b"tkhd", b"mdhd"):
        at = data.find(box)
        while at >= 0:
            version = data[at + 4]
            first = at + 8
            data[first : first + (16 if version else 8)] = bytes(16 if version else 8)
            at = data.find(box, at + 4)
    return bytes(data)


def heic(pixels: Pixels) -> bytes:
    import pillow_heif

    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(pixels)).save(
        buffer, quality=80, enc_params={"x265:pools": "none", "preset": "ultrafast"}
    )
    return buffer.getvalue()


def oriented(file_format: str, orientation: int, **options: Any) -> Encode:
    def encode(pixels: Pixels) -> bytes:
        image = Image.fromarray(turned_for(pixels, orientation))
        return saved(image, file_format, exif=exif(orientation), **options)

    return encode


def two_views(pixels: Pixels) -> bytes:
    """Two JPEGs in one file, as cameras write stereo pictures and bursts; the second is the picture."""
    return saved(earlier(pixels, 4), "MPO", save_all=True, append_images=[Image.fromarray(pixels)], quality=90)
