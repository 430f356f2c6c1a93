"""Benign files that are broken, lie about themselves, or try to exhaust whoever opens them.

`HOSTILE[name].build()` gives the bytes. None of them shows anything: the pixels are generated patterns or zeros.
Archives that misbehave are in `hostile_archives`, hazards of the file system in `hazards`.
"""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

import numpy as np
from PIL import Image

from rempart.testing import hostile_archives, png_files, raster_files
from rempart.testing.encodings import ENCODINGS
from rempart.testing.orientations import exif
from rempart.testing.pictures import Pixels, pattern

TRUNCATED_FORMATS: Final = (
    "jpeg",
    "jpeg-progressive",
    "png",
    "gif-palette",
    "webp",
    "bmp",
    "tiff",
    "avif",
    "zip-stored",
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """One hostile file.

    suffix: what its name ends in, which may lie.
    why: what is wrong with it, in a sentence.
    """

    name: str
    suffix: str
    build: Callable[[], bytes]
    why: str


@cache
def _picture() -> Pixels:
    return pattern(4242, 240, 180)


def _encoded(name: str) -> bytes:
    return ENCODINGS[name].encode(_picture())


def _cut(name: str, percent: int) -> bytes:
    data = _encoded(name)
    return data[: len(data) * percent // 100]


def _truncated() -> list[Hostile]:
    return [
        Hostile(
            f"{name}-cut-at-{percent}-percent",
            ENCODINGS[name].suffix,
            partial(_cut, name, percent),
            f"the first {percent} % of the bytes of a picture",
        )
        for name in TRUNCATED_FORMATS
        if name in ENCODINGS
        for percent in (25, 50, 95)
    ]


# Headers that claim 60000 x 60000 pixels (10.8 GB as RGB) over almost no data.

_SIDE: Final = 60_000


def _huge_png() -> bytes:
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    body = png_files.chunk(b"IDAT", zlib.compress(bytes(4096)))
    return png_files.SIGNATURE + png_files.chunk(b"IHDR", header) + body + png_files.chunk(b"IEND", b"")


def _huge_jpeg() -> bytes:
    return _jpeg_with_size(_SIDE, _SIDE)


def _jpeg_with_size(width: int, height: int) -> bytes:
    data = _encoded("jpeg")
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


def _huge_gif() -> bytes:
    data = bytearray(_encoded("gif-palette"))
    struct.pack_into("<HH", data, 6, _SIDE, _SIDE)
    return bytes(data)


def _huge_bmp() -> bytes:
    return raster_files.bmp(bytes(64), _SIDE, _SIDE, 24)


def _huge_tiff() -> bytes:
    data = bytearray(raster_files.tiff(_picture(), 2))
    (start,) = struct.unpack_from("<I", data, 4)
    for entry in range(2):  # the first two entries are width and height
        struct.pack_into("<I", data, start + 2 + 12 * entry + 8, _SIDE)
    return bytes(data)


def _huge_webp() -> bytes:
    """The extended WebP header stores width and height less one in 24 bits each."""
    size = (_SIDE - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<II", 10, 0) + size + size + _encoded("webp")[12:]
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def _png_bomb() -> bytes:
    """A true 1-bit picture of 30000 x 30000 pixels in 110 kB."""
    rows = zlib.compressobj(9)
    line = bytes(1 + 30_000 // 8)
    data = b"".join(rows.compress(line * 100) for _ in range(300)) + rows.flush()
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    return (
        png_files.SIGNATURE
        + png_files.chunk(b"IHDR", header)
        + png_files.chunk(b"IDAT", data)
        + png_files.chunk(b"IEND", b"")
    )


def _text_bomb() -> bytes:
    """A small picture whose compressed comment unfolds to 64 MB."""
    comment = b"Comment\0\0" + zlib.compress(bytes(64 * 2**20), 9)
    return png_files.with_chunk_after_header(_encoded("png"), b"zTXt", comment)


def _oversized() -> list[Hostile]:
    claims = "a header that claims 60000 x 60000 pixels over almost no data"
    return [
        Hostile("huge-png", ".png", _huge_png, claims),
        Hostile("huge-jpeg", ".jpg", _huge_jpeg, claims),
        Hostile("huge-gif", ".gif", _huge_gif, claims),
        Hostile("huge-bmp", ".bmp", _huge_bmp, claims),
        Hostile("huge-tiff", ".tif", _huge_tiff, claims),
        Hostile("huge-webp", ".webp", _huge_webp, claims),
        Hostile("png-bomb", ".png", _png_bomb, "900 million pixels in 110 kB"),
        Hostile("png-text-bomb", ".png", _text_bomb, "a compressed comment that unfolds to 64 MB"),
    ]


# Animations without end.


def _endless_gif() -> bytes:
    """5,000 distinct frames of 8 x 8 pixels."""
    rng = np.random.default_rng(5)
    cells = rng.integers(0, 256, (5000, 8, 8), dtype=np.uint8)
    first, *later = (Image.fromarray(cell) for cell in cells)
    buffer = io.BytesIO()
    first.save(buffer, "GIF", save_all=True, append_images=later, duration=10, loop=0, optimize=False)
    return buffer.getvalue()


def _lying_apng() -> bytes:
    """An animation that announces four billion frames and endless plays."""
    data = _encoded("png-animated")
    at = data.index(b"acTL") - 4
    control = png_files.chunk(b"acTL", struct.pack(">II", 0xFFFFFFFF, 0))
    return data[:at] + control + data[at + 20 :]


def _cyclic_tiff() -> bytes:
    """A TIFF whose only directory names itself as the next one."""
    plain = raster_files.tiff(_picture(), 2)
    (start,) = struct.unpack_from("<I", plain, 4)
    return raster_files.tiff(_picture(), 2, next_offset=start)


def _endless() -> list[Hostile]:
    return [
        Hostile("gif-5000-frames", ".gif", _endless_gif, "5,000 distinct frames"),
        Hostile("apng-frame-lie", ".png", _lying_apng, "announces 4 billion frames"),
        Hostile("tiff-cyclic", ".tif", _cyclic_tiff, "a directory of pages that is its own successor"),
    ]


# Pictures with one part spoilt.


def _jpeg_exif(block: bytes) -> bytes:
    data = _encoded("jpeg")
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + data[2:]


def _flipped_last_byte_of_pixels() -> bytes:
    """A PNG whose pixel data no longer meets its checksum."""
    data = bytearray(_encoded("png"))
    at = data.index(b"IDAT")
    (length,) = struct.unpack_from(">I", data, at - 4)
    data[at + 4 + length] ^= 0xFF
    return bytes(data)


def _junk_chunks() -> bytes:
    data = _encoded("png")
    for number in range(200):
        data = png_files.with_chunk_after_header(data, b"juNk", bytes([number]) * 50)
    return data


def _zero_size_png() -> bytes:
    header = struct.pack(">IIBBBBB", 0, 0, 8, 2, 0, 0, 0)
    return png_files.SIGNATURE + png_files.chunk(b"IHDR", header) + png_files.chunk(b"IEND", b"")


def _flat(value: int) -> bytes:
    return ENCODINGS["png"].encode(np.full((128, 128, 3), value, np.uint8))


def _one_pixel() -> bytes:
    return ENCODINGS["png"].encode(np.full((1, 1, 3), 90, np.uint8))


def _spoilt() -> list[Hostile]:
    bad_exif = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xa5" * 60
    return [
        Hostile("jpeg-broken-exif", ".jpg", lambda: _jpeg_exif(bad_exif), "EXIF with 65,535 entries in 60 bytes"),
        Hostile("jpeg-exif-orientation-0", ".jpg", lambda: _jpeg_exif(exif(0)), "an orientation that does not exist"),
        Hostile("jpeg-exif-orientation-9", ".jpg", lambda: _jpeg_exif(exif(9)), "an orientation that does not exist"),
        Hostile("jpeg-wrong-size", ".jpg", lambda: _jpeg_with_size(240, 65_500), "far more rows announced than stored"),
        Hostile("jpeg-zero-height", ".jpg", lambda: _jpeg_with_size(240, 0), "a height of 0 in the frame header"),
        Hostile("png-broken-crc", ".png", _flipped_last_byte_of_pixels, "a checksum that does not fit"),
        Hostile("png-junk-chunks", ".png", _junk_chunks, "200 private chunks before the pixels"),
        Hostile("png-zero-size", ".png", _zero_size_png, "0 x 0 pixels"),
        Hostile("png-one-pixel", ".png", _one_pixel, "1 x 1 pixel"),
        Hostile("png-flat-black", ".png", lambda: _flat(0), "one colour only"),
        Hostile("png-flat-grey", ".png", lambda: _flat(128), "one colour only"),
    ]


# Not pictures at all, or not what their names say.


def _random_bytes() -> bytes:
    return np.random.default_rng(9).bytes(5000)


def _mp4() -> bytes:
    return (
        struct.pack(">I4s4sI8s", 24, b"ftyp", b"isom", 512, b"isomiso2") + struct.pack(">I4s", 8, b"free") + bytes(64)
    )


def _svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="9"/></svg>\n'


def _foreign() -> list[Hostile]:
    return [
        Hostile("empty", ".jpg", lambda: b"", "no bytes"),
        Hostile("one-byte", ".png", lambda: b"\x89", "one byte"),
        Hostile("random-bytes", ".jpg", _random_bytes, "noise named as a picture"),
        Hostile("jpeg-named-txt", ".txt", lambda: _encoded("jpeg"), "a picture that is named as text"),
        Hostile("png-named-jpg", ".jpg", lambda: _encoded("png"), "one format named as another"),
        Hostile("zip-named-png", ".png", lambda: _encoded("zip-stored"), "an archive named as a picture"),
        Hostile("picture-without-suffix", "", lambda: _encoded("webp"), "a picture whose name says nothing"),
        Hostile("text", ".txt", lambda: b"a plain text\n" * 20, "text"),
        Hostile("text-named-png", ".png", lambda: b"a plain text\n" * 20, "text named as a picture"),
        Hostile("pdf", ".pdf", lambda: b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n", "a document"),
        Hostile("mp4", ".mp4", _mp4, "the header of a video"),
        Hostile(
            "mp3", ".mp3", lambda: b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + b"\xff\xfb\x90\x00" + bytes(413), "sound"
        ),
        Hostile("svg", ".svg", _svg, "a drawing in XML"),
        Hostile("html", ".html", lambda: b"<!doctype html><title>benign</title><p>hello</p>\n", "a web page"),
        Hostile("jpeg-then-zip", ".jpg", lambda: _encoded("jpeg") + _encoded("zip-stored"), "two formats in one file"),
        Hostile("jpeg-then-mp4", ".jpg", lambda: _encoded("jpeg") + _mp4(), "a picture that begins to move"),
        Hostile("text-then-zip", ".txt", lambda: b"a plain text\n" * 20 + _encoded("zip-stored"), "unpacks itself"),
    ]


def _archives() -> list[Hostile]:
    return [
        Hostile(name, suffix, build, why)
        for name, (suffix, build, why) in hostile_archives.builders(lambda: _encoded("jpeg")).items()
    ]


HOSTILE: Final[dict[str, Hostile]] = {
    hostile.name: hostile
    for family in (_foreign, _truncated, _oversized, _endless, _spoilt, _archives)
    for hostile in family()
}
