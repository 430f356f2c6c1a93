"""Every format and mode a picture is likely to be uploaded in: `ENCODINGS[name].encode(pixels)` gives the bytes.

The displayed picture is always the one passed in (in an animation or a multi-page file: a later frame or page),
so that a matcher which knows the original must find it in every one of them. The same pixels give the same bytes.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, features

from rempart.testing import archives, png_files, raster_files
from rempart.testing.colour_modes import (
    cmyk,
    cut_out,
    cut_out_light,
    dithered_grey,
    grey_veil,
    luma16,
    palette,
    sticker,
    veil,
)
from rempart.testing.orientations import exif, turned_for
from rempart.testing.pictures import Pixels, pattern

Encode = Callable[[Pixels], bytes]


@dataclass(frozen=True, slots=True)
class Encoding:
    """One way to write a picture.

    suffix: the usual ending of such a file, with its dot.
    frames: how many frames or pages the file has; the picture is the last one.
    archive: True when the picture is a member of an archive, so that picture programs cannot open the bytes.
    orientation: the EXIF orientation the file declares; its stored pixels are turned the other way.
    """

    name: str
    suffix: str
    media_type: str
    encode: Encode
    frames: int = 1
    archive: bool = False
    orientation: int = 1


def _saved(image: Image.Image, file_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def _as(mode: str, file_format: str, **options: Any) -> Encode:
    """An encoder that converts to a Pillow mode and saves."""
    return lambda pixels: _saved(Image.fromarray(pixels).convert(mode), file_format, **options)


def _earlier(pixels: Pixels, seed: int) -> Image.Image:
    """Another picture of the same size: the frame or page before the one that matters."""
    small = Image.fromarray(pattern(seed, 128, 96))
    return small.resize((pixels.shape[1], pixels.shape[0]), Image.Resampling.BILINEAR)


def _animated(file_format: str, **options: Any) -> Encode:
    """An encoder of three frames, of which the last is the picture."""

    def encode(pixels: Pixels) -> bytes:
        later = [_earlier(pixels, 2), Image.fromarray(pixels)]
        return _saved(_earlier(pixels, 1), file_format, save_all=True, append_images=later, **options)

    return encode


def _gif_animated(pixels: Pixels) -> bytes:
    """Three frames, each in its own palette; the last is the picture."""
    first, second = (palette(np.asarray(_earlier(pixels, seed))) for seed in (1, 2))
    later = [second, palette(pixels)]
    return _saved(first, "GIF", save_all=True, append_images=later, duration=80, loop=0)


def _rgba(make: Callable[[Pixels], NDArray[np.uint8]], file_format: str, **options: Any) -> Encode:
    return lambda pixels: _saved(Image.fromarray(make(pixels)), file_format, **options)


def _palette_with_holes(file_format: str) -> Encode:
    """An encoder of a palette picture whose rarest colour is the transparent one."""

    def encode(pixels: Pixels) -> bytes:
        image = palette(pixels)
        used, counts = np.unique(np.asarray(image), return_counts=True)
        return _saved(image, file_format, transparency=int(used[counts.argmin()]))

    return encode


def _ycck_jpeg(pixels: Pixels) -> bytes:
    """A JPEG of CMYK stored as brightness, two colour differences and black, marked so by Adobe.

    Pillow writes plain CMYK only: its four planes are replaced by the converted ones before it inverts them,
    and the transform byte of the Adobe marker is set to 2.
    """
    planes = np.asarray(cmyk(pixels))
    turned = 255 - np.asarray(Image.fromarray(np.ascontiguousarray(planes[..., :3])).convert("YCbCr"))
    data = _saved(Image.fromarray(np.dstack([turned, planes[..., 3]]), "CMYK"), "JPEG", quality=92)
    at = data.index(b"Adobe") + 11
    return data[:at] + b"\x02" + data[at + 1 :]


# PNG and BMP modes written by hand.


def _png_small_grey(bits: int) -> Encode:
    """An encoder of 2 or 4-bit grey."""
    return lambda pixels: png_files.png(dithered_grey(pixels, bits)[..., None], png_files.GREY, bits)


def _png_16(pixels: Pixels, alpha: bool = False) -> bytes:
    wide = pixels.astype(np.uint16) * 257
    if alpha:
        return png_files.png(np.dstack([wide, np.full(wide.shape[:2], 60_000, np.uint16)]), png_files.RGB_ALPHA, 16)
    return png_files.png(wide, png_files.RGB, 16)


def _png_adam7(pixels: Pixels) -> bytes:
    return png_files.png(pixels, png_files.RGB, interlaced=True)


def _png_adam7_palette(pixels: Pixels) -> bytes:
    image = palette(pixels)
    table = bytes(image.getpalette() or [])
    indices = np.asarray(image)[..., None]
    return png_files.png(indices, png_files.PALETTE, 8, True, png_files.chunk(b"PLTE", table))


def _png_colour_key(pixels: Pixels) -> bytes:
    """Opaque RGB in which one colour, black, means transparent."""
    key = png_files.chunk(b"tRNS", bytes(6))
    return png_files.png(pixels, png_files.RGB, before_pixels=key)


def _bmp_rle(pixels: Pixels) -> bytes:
    image = palette(pixels)
    table = np.zeros((256, 3), np.uint8)
    colours = np.array(image.getpalette(), np.uint8).reshape(-1, 3)
    table[: len(colours)] = colours
    return raster_files.bmp_rle8(np.asarray(image), table)


def _tiff_second_page(pixels: Pixels) -> bytes:
    return _saved(
        _earlier(pixels, 3), "TIFF", save_all=True, append_images=[Image.fromarray(pixels)], compression="tiff_lzw"
    )


def _avif_animated(pixels: Pixels) -> bytes:
    """Three frames, without the time of creation that the encoder puts in: the same pixels give the same bytes."""
    data = bytearray(_animated("AVIF", duration=80, **_AVIF)(pixels))
    for box in (b"mvhd", b"tkhd", b"mdhd"):
        at = data.find(box)
        while at >= 0:
            version = data[at + 4]
            first = at + 8
            data[first : first + (16 if version else 8)] = bytes(16 if version else 8)
            at = data.find(box, at + 4)
    return bytes(data)


def _heic(pixels: Pixels) -> bytes:
    import pillow_heif

    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(pixels)).save(
        buffer, quality=80, enc_params={"x265:pools": "none", "preset": "ultrafast"}
    )
    return buffer.getvalue()


def _oriented(file_format: str, orientation: int, **options: Any) -> Encode:
    def encode(pixels: Pixels) -> bytes:
        image = Image.fromarray(turned_for(pixels, orientation))
        return _saved(image, file_format, exif=exif(orientation), **options)

    return encode


JPEG, PNG, GIF, WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"
BMP, TIFF, AVIF, HEIC = "image/bmp", "image/tiff", "image/avif", "image/heic"
_AVIF: Final[dict[str, Any]] = {"quality": 80, "speed": 10, "max_threads": 1}


def _jpegs() -> list[Encoding]:
    jpeg = partial(Encoding, suffix=".jpg", media_type=JPEG)
    return [
        jpeg("jpeg", encode=_as("RGB", "JPEG", quality=90)),
        jpeg("jpeg-444", encode=_as("RGB", "JPEG", quality=90, subsampling=0)),
        jpeg("jpeg-422", encode=_as("RGB", "JPEG", quality=90, subsampling=1)),
        jpeg("jpeg-grey", encode=_as("L", "JPEG", quality=90)),
        jpeg("jpeg-progressive", encode=_as("RGB", "JPEG", quality=90, progressive=True)),
        jpeg("jpeg-grey-progressive", encode=_as("L", "JPEG", quality=90, progressive=True)),
        jpeg("jpeg-restarts", encode=_as("RGB", "JPEG", quality=90, restart_marker_blocks=4)),
        jpeg("jpeg-cmyk", encode=lambda pixels: _saved(cmyk(pixels), "JPEG", quality=92)),
        jpeg("jpeg-ycck", encode=_ycck_jpeg),
        jpeg("jpeg-rgb", encode=_as("RGB", "JPEG", quality=90, keep_rgb=True)),
        jpeg("jpeg-mpo", encode=lambda pixels: _two_views(pixels)),
    ]


def _two_views(pixels: Pixels) -> bytes:
    """A stereo picture as cameras write it: two JPEGs in one file."""
    image = Image.fromarray(pixels)
    return _saved(image, "MPO", save_all=True, append_images=[image], quality=90)


def _pngs() -> list[Encoding]:
    png = partial(Encoding, suffix=".png", media_type=PNG)
    fast: dict[str, Any] = {"compress_level": 1}
    return [
        png("png", encode=_as("RGB", "PNG", **fast)),
        png("png-rgba", encode=_as("RGBA", "PNG", **fast)),
        png("png-rgba-veil", encode=_rgba(veil, "PNG", **fast)),
        png("png-rgba-cut-out-dark", encode=_rgba(cut_out, "PNG", **fast)),
        png("png-rgba-cut-out-light", encode=_rgba(cut_out_light, "PNG", **fast)),
        png("png-rgba-sticker", encode=_rgba(sticker, "PNG", **fast)),
        png("png-grey", encode=_as("L", "PNG", **fast)),
        png("png-grey-alpha", encode=lambda pixels: _saved(grey_veil(pixels), "PNG", **fast)),
        png("png-grey-2-bit", encode=_png_small_grey(2)),
        png("png-grey-4-bit", encode=_png_small_grey(4)),
        png("png-1-bit", encode=_as("1", "PNG")),
        png("png-palette", encode=lambda pixels: _saved(palette(pixels), "PNG", **fast)),
        png("png-palette-4-bit", encode=lambda pixels: _saved(palette(pixels, 16), "PNG", bits=4)),
        png("png-palette-web", encode=_as("P", "PNG", **fast)),
        png("png-palette-transparent", encode=_palette_with_holes("PNG")),
        png("png-colour-key", encode=_png_colour_key),
        png(
            "png-grey-16",
            encode=lambda pixels: png_files.png(luma16(pixels)[..., None], png_files.GREY, 16),
        ),
        png("png-rgb-16", encode=_png_16),
        png("png-rgba-16", encode=partial(_png_16, alpha=True)),
        png("png-adam7", encode=_png_adam7),
        png("png-adam7-palette", encode=_png_adam7_palette),
        png("png-animated", encode=_animated("PNG", **fast), frames=3),
    ]


def _gifs_and_webps() -> list[Encoding]:
    gif, webp = partial(Encoding, suffix=".gif", media_type=GIF), partial(Encoding, suffix=".webp", media_type=WEBP)
    return [
        gif("gif-palette", encode=lambda pixels: _saved(palette(pixels), "GIF")),
        gif("gif-grey", encode=_as("L", "GIF")),
        gif("gif-transparent", encode=_palette_with_holes("GIF")),
        gif("gif-animated", encode=_gif_animated, frames=3),
        webp("webp", encode=_as("RGB", "WEBP", quality=85, method=2)),
        webp("webp-lossless", encode=_as("RGB", "WEBP", lossless=True, method=0, quality=20)),
        webp("webp-alpha", encode=_rgba(veil, "WEBP", quality=85, method=2)),
        webp(
            "webp-lossless-alpha",
            encode=_rgba(cut_out, "WEBP", lossless=True, exact=True, method=0, quality=20),
        ),
        webp("webp-animated", encode=_animated("WEBP", quality=85, method=1, duration=80), frames=3),
    ]


def _bmps_and_tiffs() -> list[Encoding]:
    bmp, tiff = partial(Encoding, suffix=".bmp", media_type=BMP), partial(Encoding, suffix=".tif", media_type=TIFF)
    return [
        bmp("bmp", encode=_as("RGB", "BMP")),
        bmp("bmp-32", encode=_as("RGBA", "BMP")),
        bmp("bmp-565", encode=raster_files.bmp_565),
        bmp("bmp-top-down", encode=raster_files.bmp_top_down),
        bmp("bmp-palette", encode=lambda pixels: _saved(palette(pixels), "BMP")),
        bmp("bmp-rle", encode=_bmp_rle),
        bmp("bmp-grey", encode=_as("L", "BMP")),
        bmp("bmp-1-bit", encode=_as("1", "BMP")),
        tiff("tiff", encode=_as("RGB", "TIFF")),
        tiff("tiff-lzw", encode=_as("RGB", "TIFF", compression="tiff_lzw")),
        tiff("tiff-deflate", encode=_as("RGB", "TIFF", compression="tiff_adobe_deflate")),
        tiff("tiff-packbits", encode=_as("L", "TIFF", compression="packbits")),
        tiff("tiff-jpeg", encode=_as("RGB", "TIFF", compression="jpeg", quality=90)),
        tiff("tiff-jpeg-ycbcr", encode=_as("YCbCr", "TIFF", compression="jpeg", quality=90)),
        tiff("tiff-cmyk", encode=lambda pixels: _saved(cmyk(pixels), "TIFF")),
        tiff("tiff-alpha", encode=_rgba(veil, "TIFF")),
        tiff("tiff-palette", encode=lambda pixels: _saved(palette(pixels), "TIFF")),
        tiff("tiff-grey-16", encode=lambda pixels: raster_files.tiff(luma16(pixels)[..., None], 1)),
        tiff(
            "tiff-grey-16-big-endian",
            encode=lambda pixels: raster_files.tiff(luma16(pixels)[..., None], 1, ">"),
        ),
        tiff("tiff-rgb-16", encode=lambda pixels: raster_files.tiff(pixels.astype(np.uint16) * 257, 2)),
        tiff("tiff-planar", encode=lambda pixels: raster_files.tiff(pixels, 2, planar=True)),
        tiff("tiff-g4", encode=_as("1", "TIFF", compression="group4")),
        tiff("tiff-multipage", encode=_tiff_second_page, frames=2),
    ]


def _modern() -> list[Encoding]:
    """AVIF and HEIC, as far as this installation can write them."""
    found: list[Encoding] = []
    if features.check("avif"):
        avif = partial(Encoding, suffix=".avif", media_type=AVIF)
        found += [
            avif("avif", encode=_as("RGB", "AVIF", **_AVIF)),
            avif("avif-alpha", encode=_rgba(veil, "AVIF", **_AVIF)),
            avif("avif-animated", encode=_avif_animated, frames=3),
        ]
    if find_spec("pillow_heif"):
        found.append(Encoding("heic", ".heic", HEIC, _heic))
    return found


def _archives() -> list[Encoding]:
    def jpeg(pixels: Pixels) -> dict[str, bytes]:
        return {"read me.txt": b"a benign test\n", "folder/picture.jpg": _as("RGB", "JPEG", quality=90)(pixels)}

    return [
        Encoding("zip-stored", ".zip", "application/zip", lambda p: archives.zipped(jpeg(p), 0), archive=True),
        Encoding("zip-deflated", ".zip", "application/zip", lambda p: archives.zipped(jpeg(p)), archive=True),
        Encoding("tar", ".tar", "application/x-tar", lambda p: archives.tarred(jpeg(p)), archive=True),
        Encoding("tar-gz", ".tar.gz", "application/gzip", lambda p: archives.gzipped_tar(jpeg(p)), archive=True),
        Encoding(
            "zip-in-zip",
            ".zip",
            "application/zip",
            lambda p: archives.zipped({"inner.zip": archives.zipped(jpeg(p))}, 0),
            archive=True,
        ),
    ]


def _orientations() -> list[Encoding]:
    """Files that say by EXIF how they are to be turned."""
    kinds: list[tuple[str, str, str, dict[str, Any]]] = [
        ("jpeg", ".jpg", JPEG, {"quality": 90}),
        ("png", ".png", PNG, {"compress_level": 1}),
        ("webp", ".webp", WEBP, {"quality": 85, "method": 1}),
        ("tiff", ".tif", TIFF, {}),
    ]
    if features.check("avif"):
        kinds.append(("avif", ".avif", AVIF, _AVIF))
    return [
        Encoding(
            f"{name}-exif-{turn}",
            suffix,
            media_type,
            _oriented(name.upper(), turn, **options),
            orientation=turn,
        )
        for name, suffix, media_type, options in kinds
        for turn in range(1, 9)
    ]


ENCODINGS: Final[dict[str, Encoding]] = {
    encoding.name: encoding
    for family in (_jpegs, _pngs, _gifs_and_webps, _bmps_and_tiffs, _modern, _archives, _orientations)
    for encoding in family()
}
