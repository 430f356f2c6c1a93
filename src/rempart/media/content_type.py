"""What a file is, by its first bytes and never by its name."""

import struct
from collections.abc import Callable

HEAD_BYTES = 4096
ZIP = "application/zip"
TAR = "application/x-tar"
CONTAINERS = frozenset({ZIP, TAR, "application/gzip", "application/x-bzip2", "application/x-xz"})
UNKNOWN = "application/octet-stream"

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"II+\0", "image/tiff"),
    (0, b"MM\0+", "image/tiff"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"PK\x07\x08PK\x03\x04", "application/zip"),
    (0, b"PK00PK\x03\x04", "application/zip"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"\xfd7zXZ\0", "application/x-xz"),
    (0, b"(\xb5/\xfd", "application/zstd"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\xff\x0a", "image/jxl"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (0, b"\xff\x4f\xff\x51", "image/jp2"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"\0\0\x01\0", "image/x-icon"),
    (0, b"qoif", "image/qoi"),
    (0, b"FLV\x01", "video/x-flv"),
    (0, b"\0\0\x01\xba", "video/mpeg"),
    (0, b"\0\0\x01\xb3", "video/mpeg"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"OggS", "audio/ogg"),
    (0, b"#!AMR", "audio/amr"),
)
_RIFF = {b"WEBP": "image/webp", b"AVI ": "video/x-msvideo", b"WAVE": "audio/wav"}
_BMP_HEADER_BYTES = {12, 16, 40, 52, 56, 64, 108, 124}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIF_BRANDS = {b"mif1", b"mif2", b"msf1", b"miaf"}
_OTHER_BRANDS = {b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"crx ": "image/x-canon-cr3"}
_QUICKTIME_BOXES = {b"moov", b"mdat", b"wide", b"pnot"}


def sniff(head: bytes) -> str:
    """Media type by content; `application/octet-stream` when unknown. Never raises.

    head: the first `HEAD_BYTES` bytes, or the whole file when it is shorter; more does no harm.
    """
    for at, magic, media_type in _MAGIC:
        if head.startswith(magic, at):
            return media_type
    for look in _LOOKS:
        if found := look(head[:HEAD_BYTES]):
            return found
    return UNKNOWN


def _riff(head: bytes) -> str:
    return _RIFF.get(head[8:12], "") if head.startswith(b"RIFF") else ""


def _bmp(head: bytes) -> str:
    """BMP needs more than its two letters: any text may start with BM."""
    is_bmp = head.startswith(b"BM") and len(head) >= 18 and struct.unpack_from("<I", head, 14)[0] in _BMP_HEADER_BYTES
    return "image/bmp" if is_bmp else ""


def _iso_base_media(head: bytes) -> str:
    """AVIF, HEIC, MP4 and QuickTime share one container and differ by brand."""
    if head[4:8] in _QUICKTIME_BOXES:
        return "video/quicktime"
    if head[4:8] != b"ftyp":
        return ""
    end = max(16, min(len(head), int.from_bytes(head[:4], "big")))
    major = head[8:12]
    compatible = {head[at : at + 4] for at in range(16, end - 3, 4)}
    return _OTHER_BRANDS.get(major) or _picture_brand({major}, {major} | compatible) or "video/mp4"


def _picture_brand(major: set[bytes], brands: set[bytes]) -> str:
    """AVIF, HEIC or HEIF by the major brand first; a plain `mif1` by what it is compatible with."""
    for candidates in (major, brands):
        if candidates & _AVIF_BRANDS:
            return "image/avif"
        if candidates & _HEIC_BRANDS:
            return "image/heic"
    return "image/heif" if brands & _HEIF_BRANDS else ""


def _matroska(head: bytes) -> str:
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return ""
    return "video/webm" if b"webm" in head[:64] else "video/x-matroska"


def _mpeg_transport(head: bytes) -> str:
    synchronised = len(head) > 376 and all(head[at] == 0x47 for at in (0, 188, 376))
    return "video/mp2t" if synchronised else ""


def _svg(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return "image/svg+xml" if text.startswith((b"<svg", b"<?xml", b"<!--")) and b"<svg" in head else ""


def _bzip2(head: bytes) -> str:
    """Three letters are too few: the first block, or the end of an empty stream, must follow."""
    is_bzip2 = head.startswith(b"BZh") and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90")
    return "application/x-bzip2" if is_bzip2 else ""


def _old_tar(head: bytes) -> str:
    """A tar from before `ustar` has no magic, but every header carries the sum of its bytes."""
    header = head[:512]
    if len(header) < 512 or header[0] == 0:
        return ""
    written = header[148:156].strip(b" \0")
    if not written or not all(48 <= digit <= 55 for digit in written):
        return ""
    return "application/x-tar" if int(written, 8) == sum(header) - sum(header[148:156]) + 256 else ""


_LOOKS: tuple[Callable[[bytes], str], ...] = (
    _riff,
    _bmp,
    _iso_base_media,
    _matroska,
    _mpeg_transport,
    _svg,
    _bzip2,
    _old_tar,
)
