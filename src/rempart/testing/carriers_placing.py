"""Pictures and films that carry given words: XMP, EXIF, named texts or hidden bits, in every container that can."""

import gzip
import io
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from PIL import Image

from rempart.testing import png_files
from rempart.testing.encoders import AVIF_OPTIONS
from rempart.testing.pictures import Pixels, pattern

MEDIA_TYPES: Final = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "tiff": "image/tiff",
    "avif": "image/avif",
    "heic": "image/heic",
    "mp4": "video/mp4",
}
HEIC: Final = ("heic",) if find_spec("pillow_heif") else ()
XMP_CONTAINERS: Final = ("jpeg", "png", "webp", "gif", "tiff", "avif", "mp4", *HEIC)
EXIF_CONTAINERS: Final = ("jpeg", "png", "webp", "tiff", "avif", *HEIC)
_XMP_UUID: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_EXIF_DIRECTORY: Final = 0x8769

Tags = Mapping[int, str | bytes | int | tuple[int, ...]]


@cache
def picture() -> Pixels:
    """The picture that all carriers show."""
    return pattern(2026, 96, 72)


def plain(container: str) -> bytes:
    """The picture with no words at all."""
    return _film() if container == "mp4" else _saved(container)


def _saved(container: str, image: Image.Image | None = None, **words: Any) -> bytes:
    """The picture through Pillow. words: `exif` and `xmp` as Pillow takes them."""
    options: dict[str, dict[str, Any]] = {"jpeg": {"quality": 90}, "avif": AVIF_OPTIONS, "webp": {"quality": 80}}
    shown = image or Image.fromarray(picture())
    buffer = io.BytesIO()
    if container == "heic":
        _save_heic(shown, buffer, words)
    else:
        shown.save(buffer, container.upper(), **options.get(container, {}), **words)
    return buffer.getvalue()


def _save_heic(image: Image.Image, buffer: io.BytesIO, words: Mapping[str, Any]) -> None:
    import pillow_heif

    file = pillow_heif.from_pillow(image)
    file.save(buffer, quality=80, enc_params={"x265:pools": "none", "preset": "ultrafast"}, **words)


# XMP


def with_xmp(container: str, packet: bytes) -> bytes:
    """The picture with an XMP packet where this container keeps it."""
    placers: dict[str, Callable[[bytes], bytes]] = {
        "jpeg": lambda xmp: jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp),
        "png": lambda xmp: png_text("iTXt", "XML:com.adobe.xmp", xmp),
        "gif": _gif_xmp,
        "tiff": _tiff_xmp,
        "mp4": lambda xmp: _film(after=box(b"uuid", _XMP_UUID + xmp)),
    }
    place = placers.get(container)
    return place(packet) if place else _saved(container, xmp=packet)


def jpeg_segment(marker: int, body: bytes, base: bytes | None = None) -> bytes:
    """A JPEG with one more segment behind its first marker."""
    data = base or _saved("jpeg")
    return data[:2] + b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body + data[2:]


def png_text(kind: str, key: str, text: bytes, base: bytes | None = None) -> bytes:
    """A PNG with one more text chunk of kind tEXt, zTXt, iTXt, iTXt-compressed or comf."""
    keyword = key.encode("latin-1") + b"\0"
    bodies = {
        "tEXt": keyword + text,
        "comf": keyword + text,
        "zTXt": keyword + b"\0" + zlib.compress(text),
        "iTXt": keyword + b"\0\0\0\0" + text,
        "iTXt-compressed": keyword + b"\1\0\0\0" + zlib.compress(text),
    }
    return png_files.with_chunk_after_header(base or _saved("png"), kind[:4].encode(), bodies[kind])


def _gif_xmp(packet: bytes) -> bytes:
    trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    return gif_extension(b"\xff\x0bXMP DataXMP" + packet + trailer)


def gif_comment(text: bytes) -> bytes:
    """A GIF with a comment."""
    return gif_extension(b"\xfe" + _blocks(text))


def gif_extension(body: bytes) -> bytes:
    """A GIF with one more extension behind its palette."""
    data = _saved("gif")
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    return b"GIF89a" + data[6:at] + b"\x21" + body + data[at:]


def _blocks(data: bytes) -> bytes:
    parts = [data[at : at + 255] for at in range(0, len(data), 255)]
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _tiff_xmp(packet: bytes) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture()).save(buffer, "TIFF", tiffinfo={700: packet})
    return buffer.getvalue()


# EXIF


def with_exif(container: str, main: Tags, camera: Tags | None = None) -> bytes:
    """The picture with an EXIF block: `main` in its first directory, `camera` in the Exif directory."""
    return _saved(container, exif=exif_block(main, camera))


def exif_block(main: Tags, camera: Tags | None = None) -> bytes:
    """An EXIF block with its `Exif` header."""
    block = Image.Exif()
    for tag, value in main.items():
        block[tag] = value
    if camera:
        block.get_ifd(_EXIF_DIRECTORY).update(camera)
    return block.tobytes()


def unicode_comment(text: str) -> bytes:
    """A user comment in UTF-16, big-endian, as the web UIs write it."""
    return b"UNICODE\0" + text.encode("utf-16-be")


# Films


def box(name: bytes, body: bytes) -> bytes:
    """One box of an ISO base media file."""
    return struct.pack(">I4s", 8 + len(body), name) + body


def _film(moov: bytes = b"", after: bytes = b"") -> bytes:
    """The bones of a film: type, description, and a few bytes of nothing."""
    header = box(b"mvhd", bytes(100))
    start = box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
    return start + box(b"moov", header + moov) + box(b"mdat", bytes(64)) + after


def film_with_key(key: str, text: str) -> bytes:
    """A film with a text under a named key, as ffmpeg writes it."""
    name = key.encode()
    keys = box(b"keys", struct.pack(">II", 0, 1) + box(b"mdta", name))
    value = box(b"data", struct.pack(">II", 1, 0) + text.encode())
    listed = box(b"ilst", box(struct.pack(">I", 1), value))
    handler = box(b"hdlr", bytes(8) + b"mdta" + bytes(13))
    return _film(box(b"udta", box(b"meta", bytes(4) + handler + keys + listed)))


def film_with_comment(text: str) -> bytes:
    """A film with a comment in its QuickTime user data."""
    words = text.encode()
    return _film(box(b"udta", box(b"\xa9cmt", struct.pack(">HH", len(words), 0) + words)))


# Pixels


def with_hidden(where: str, text: str, *, compressed: bool, container: str = "png") -> bytes:
    """A lossless picture with a text in its lowest bits, column by column: of `alpha` or of the `rgb` planes."""
    payload = gzip.compress(text.encode(), mtime=0) if compressed else text.encode()
    name = {"alpha": "png", "rgb": "rgb"}[where] + ("comp" if compressed else "info")
    message = b"stealth_" + name.encode() + struct.pack(">I", len(payload) * 8) + payload
    pixels = _marked(where, np.unpackbits(np.frombuffer(message, np.uint8)))
    options = {"lossless": True, "exact": True, "quality": 80} if container == "webp" else {}
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, container.upper(), **options)
    return buffer.getvalue()


def _marked(where: str, bits: Pixels) -> Pixels:
    shown = pattern(2027, 128, 128)
    planes = np.full((128, 128, 1), 255, np.uint8) if where == "alpha" else shown.copy()
    columns = np.ascontiguousarray(planes.transpose(1, 0, 2)).reshape(-1)
    columns[: len(bits)] = (columns[: len(bits)] & 254) | bits
    changed = columns.reshape(128, 128, planes.shape[2]).transpose(1, 0, 2)
    return np.dstack([shown, changed]) if where == "alpha" else np.ascontiguousarray(changed)


def stored_pixels(data: bytes) -> Pixels:
    """The first frame of a picture as stored, RGB or RGBA."""
    with Image.open(io.BytesIO(data)) as image:
        return np.array(image.convert("RGBA" if "A" in image.getbands() else "RGB"))
