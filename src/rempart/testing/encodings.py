"""Every format and mode a picture is likely to be uploaded in: `ENCODINGS[name].encode(pixels)` gives the bytes.

The displayed picture is always the one passed in (in an animation or a multi-page file: a later frame or page),
so that a matcher which knows the original must find it in every one of them. The same pixels give the same bytes.
"""

from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from PIL import features

from rempart.testing import archives, png_files, raster_files
from rempart.testing.colour_modes import (
    cmyk,
    cut_out,
    cut_out_light,
    grey_veil,
    luma16,
    palette,
    sticker,
    veil,
)
from rempart.testing.encoders import (
    AVIF_OPTIONS,
    Encode,
    animated,
    avif_animated,
    bmp_rle,
    converted,
    gif_animated,
    heic,
    oriented,
    palette_with_holes,
    png_16,
    png_adam7,
    png_adam7_palette,
    png_colour_key,
    png_small_grey,
    saved,
    tiff_second_page,
    two_views,
    with_alpha,
    ycck_jpeg,
)
from rempart.testing.pictures import Pixels


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


JPEG, PNG, GIF, WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"
BMP, TIFF, AVIF, HEIC = "image/bmp", "image/tiff", "image/avif", "image/heic"


def _jpegs() -> list[Encoding]:
    jpeg = partial(Encoding, suffix=".jpg", media_type=JPEG)
    return [
        jpeg("jpeg", encode=converted("RGB", "JPEG", quality=90)),
        jpeg("jpeg-444", encode=converted("RGB", "JPEG", quality=90, subsampling=0)),
        jpeg("jpeg-422", encode=converted("RGB", "JPEG", quality=90, subsampling=1)),
        jpeg("jpeg-grey", encode=converted("L", "JPEG", quality=90)),
        jpeg("jpeg-progressive", encode=converted("RGB", "JPEG", quality=90, progressive=True)),
        jpeg("jpeg-grey-progressive", encode=converted("L", "JPEG", quality=90, progressive=True)),
        jpeg("jpeg-restarts", encode=converted("RGB", "JPEG", quality=90, restart_marker_blocks=4)),
        jpeg("jpeg-cmyk", encode=lambda pixels: saved(cmyk(pixels), "JPEG", quality=92)),
        jpeg("jpeg-ycck", encode=ycck_jpeg),
        jpeg("jpeg-rgb", encode=converted("RGB", "JPEG", quality=90, keep_rgb=True)),
        jpeg("jpeg-mpo", encode=two_views, frames=2),
    ]


def _pngs() -> list[Encoding]:
    png = partial(Encoding, suffix=".png", media_type=PNG)
    fast: dict[str, Any] = {"compress_level": 1}
    return [
        png("png", encode=converted("RGB", "PNG", **fast)),
        png("png-rgba", encode=converted("RGBA", "PNG", **fast)),
        png("png-rgba-veil", encode=with_alpha(veil, "PNG", **fast)),
        png("png-rgba-cut-out-dark", encode=with_alpha(cut_out, "PNG", **fast)),
        png("png-rgba-cut-out-light", encode=with_alpha(cut_out_light, "PNG", **fast)),
        png("png-rgba-sticker", encode=with_alpha(sticker, "PNG", **fast)),
        png("png-grey", encode=converted("L", "PNG", **fast)),
        png("png-grey-alpha", encode=lambda pixels: saved(grey_veil(pixels), "PNG", **fast)),
        png("png-grey-2-bit", encode=png_small_grey(2)),
        png("png-grey-4-bit", encode=png_small_grey(4)),
        png("png-1-bit", encode=converted("1", "PNG")),
        png("png-palette", encode=lambda pixels: saved(palette(pixels), "PNG", **fast)),
        png("png-palette-4-bit", encode=lambda pixels: saved(palette(pixels, 16), "PNG", bits=4)),
        png("png-palette-web", encode=converted("P", "PNG", **fast)),
        png("png-palette-transparent", encode=palette_with_holes("PNG")),
        png("png-colour-key", encode=png_colour_key),
        png(
            "png-grey-16",
            encode=lambda pixels: png_files.png(luma16(pixels)[..., None], png_files.GREY, 16),
        ),
        png("png-rgb-16", encode=png_16),
        png("png-rgba-16", encode=partial(png_16, alpha=True)),
        png("png-adam7", encode=png_adam7),
        png("png-adam7-palette", encode=png_adam7_palette),
        png("png-animated", encode=animated("PNG", **fast), frames=3),
    ]


def _gifs_and_webps() -> list[Encoding]:
    gif, webp = partial(Encoding, suffix=".gif", media_type=GIF), partial(Encoding, suffix=".webp", media_type=WEBP)
    return [
        gif("gif-palette", encode=lambda pixels: saved(palette(pixels), "GIF")),
        gif("gif-grey", encode=converted("L", "GIF")),
        gif("gif-transparent", encode=palette_with_holes("GIF")),
        gif("gif-animated", encode=gif_animated, frames=3),
        webp("webp", encode=converted("RGB", "WEBP", quality=85, method=2)),
        webp("webp-lossless", encode=converted("RGB", "WEBP", lossless=True, method=0, quality=20)),
        webp("webp-alpha", encode=with_alpha(veil, "WEBP", quality=85, method=2)),
        webp(
            "webp-lossless-alpha",
            encode=with_alpha(cut_out, "WEBP", lossless=True, exact=True, method=0, quality=20),
        ),
        webp("webp-animated", encode=animated("WEBP", quality=85, method=1, duration=80), frames=3),
    ]


def _bmps_and_tiffs() -> list[Encoding]:
    bmp, tiff = partial(Encoding, suffix=".bmp", media_type=BMP), partial(Encoding, suffix=".tif", media_type=TIFF)
    return [
        bmp("bmp", encode=converted("RGB", "BMP")),
        bmp("bmp-32", encode=converted("RGBA", "BMP")),
        bmp("bmp-565", encode=raster_files.bmp_565),
        bmp("bmp-top-down", encode=raster_files.bmp_top_down),
        bmp("bmp-palette", encode=lambda pixels: saved(palette(pixels), "BMP")),
        bmp("bmp-rle", encode=bmp_rle),
        bmp("bmp-grey", encode=converted("L", "BMP")),
        bmp("bmp-1-bit", encode=converted("1", "BMP")),
        tiff("tiff", encode=converted("RGB", "TIFF")),
        tiff("tiff-lzw", encode=converted("RGB", "TIFF", compression="tiff_lzw")),
        tiff("tiff-deflate", encode=converted("RGB", "TIFF", compression="tiff_adobe_deflate")),
        tiff("tiff-packbits", encode=converted("L", "TIFF", compression="packbits")),
        tiff("tiff-jpeg", encode=converted("RGB", "TIFF", compression="jpeg", quality=90)),
        tiff("tiff-jpeg-ycbcr", encode=converted("YCbCr", "TIFF", compression="jpeg", quality=90)),
        tiff("tiff-cmyk", encode=lambda pixels: saved(cmyk(pixels), "TIFF")),
        tiff("tiff-alpha", encode=with_alpha(veil, "TIFF")),
        tiff("tiff-palette", encode=lambda pixels: saved(palette(pixels), "TIFF")),
        tiff("tiff-grey-16", encode=lambda pixels: raster_files.tiff(luma16(pixels)[..., None], 1)),
        tiff(
            "tiff-grey-16-big-endian",
            encode=lambda pixels: raster_files.tiff(luma16(pixels)[..., None], 1, ">"),
        ),
        tiff("tiff-rgb-16", encode=lambda pixels: raster_files.tiff(pixels.astype(np.uint16) * 257, 2)),
        tiff("tiff-planar", encode=lambda pixels: raster_files.tiff(pixels, 2, planar=True)),
        tiff("tiff-g4", encode=converted("1", "TIFF", compression="group4")),
        tiff("tiff-multipage", encode=tiff_second_page, frames=2),
    ]


def _modern() -> list[Encoding]:
    """AVIF and HEIC, as far as this installation can write them."""
    found: list[Encoding] = []
    if features.check("avif"):
        avif = partial(Encoding, suffix=".avif", media_type=AVIF)
        found += [
            avif("avif", encode=converted("RGB", "AVIF", **AVIF_OPTIONS)),
            avif("avif-alpha", encode=with_alpha(veil, "AVIF", **AVIF_OPTIONS)),
            avif("avif-animated", encode=avif_animated, frames=3),
        ]
    if find_spec("pillow_heif"):
        found.append(Encoding("heic", ".heic", HEIC, heic))
    return found


def _archives() -> list[Encoding]:
    def jpeg(pixels: Pixels) -> dict[str, bytes]:
        return {"read me.txt": b"a benign test\n", "folder/picture.jpg": converted("RGB", "JPEG", quality=90)(pixels)}

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
        kinds.append(("avif", ".avif", AVIF, AVIF_OPTIONS))
    return [
        Encoding(
            f"{name}-exif-{turn}",
            suffix,
            media_type,
            oriented(name.upper(), turn, **options),
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
