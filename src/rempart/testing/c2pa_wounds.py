"""Manifest stores cut out, put elsewhere, and spoilt on purpose."""

import re
import struct
import zlib
from typing import Final

_APP11, _SCAN = 0xEB, 0xDA
_C2PA_UUID: Final = bytes.fromhex("6332706100110010800000aa00389b71")
_ENDLESS_ARRAY: Final = b"\x9b\x00\x00\x00\xff\xff\xff\xff\xff"
_MANIFEST_LABEL: Final = re.compile(rb"\x03(urn:c2pa:[0-9a-f-]{36})\0")


def jpeg_store(jpeg: bytes) -> bytes:
    """The APP11 segments of a JPEG as they stand in it."""
    return b"".join(jpeg[start:end] for marker, start, end in _segments(jpeg) if marker == _APP11)


def without_store(jpeg: bytes) -> bytes:
    """The JPEG without its APP11 segments: what any service that saves it again leaves."""
    return jpeg.replace(jpeg_store(jpeg), b"", 1)


def with_segments(jpeg: bytes, segments: bytes) -> bytes:
    """The JPEG with more segments at its start."""
    return jpeg[:2] + segments + jpeg[2:]


def jpeg_segment(marker: int, payload: bytes) -> bytes:
    """One segment. Its payload is at most 65,533 bytes."""
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def png_with_store(png: bytes, store: bytes) -> bytes:
    """The PNG with the store in a chunk behind its header."""
    end_of_header = 33
    chunk = struct.pack(">I", len(store)) + b"caBX" + store + struct.pack(">I", zlib.crc32(b"caBX" + store))
    return png[:end_of_header] + chunk + png[end_of_header:]


def nested_store(depth: int) -> bytes:
    """A store of boxes inside boxes."""
    inside = b""
    for _ in range(depth):
        inside = superbox("c2ma", inside)
    return superbox("c2pa", inside)


def crowded_store(boxes: int) -> bytes:
    """A store of very many empty boxes."""
    return superbox("c2pa", struct.pack(">I4s", 8, b"free") * boxes)


def superbox(label: str, content: bytes) -> bytes:
    """A JUMBF superbox with a label."""
    described = _C2PA_UUID + b"\x03" + label.encode() + b"\0"
    description = struct.pack(">I4s", len(described) + 8, b"jumd") + described
    return struct.pack(">I4s", len(description) + len(content) + 8, b"jumb") + description + content


def with_endless_cbor(signed: bytes, label: str) -> bytes:
    """The file whose box with this label announces an array of 2 to the 40 things."""
    at = signed.index(label.encode())
    content = signed.index(b"cbor", at) + 4
    return signed[:content] + _ENDLESS_ARRAY + signed[content + len(_ENDLESS_ARRAY) :]


def with_flipped_byte(signed: bytes, behind: bytes, distance: int = 0) -> bytes:
    """The file with one bit turned at some distance behind the first place of these bytes."""
    at = signed.index(behind) + len(behind) + distance
    return signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]


def _segments(jpeg: bytes) -> list[tuple[int, int, int]]:
    """Marker, start and end of every segment before the scan."""
    found, at = [], 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF and jpeg[at + 1] != _SCAN:
        end = at + 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
        found.append((jpeg[at + 1], at, end))
        at = end
    return found


def last_manifest(signed: bytes) -> bytes:
    """The label of the active manifest: the last one that a description box names."""
    return bytes(_MANIFEST_LABEL.findall(signed)[-1])
