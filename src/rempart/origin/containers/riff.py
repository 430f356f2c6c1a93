"""RIFF (WebP, WAV, AVI): EXIF, XMP, colour profile, C2PA, and China's AIGC chunk."""

import struct

from rempart.origin.containers.gathering import MAX_STEPS, Gathering

_HEADER = struct.Struct("<4sI")
# `XMP` without its blank: one name for XMP in every container but JPEG.
_NAMES = {
    b"EXIF": "EXIF",
    b"exif": "EXIF",
    b"XMP ": "XMP",
    b"XMP\0": "XMP",
    b"_PMX": "XMP",  # WAV and AVI spell it backwards
    b"ICCP": "ICCP",
    b"C2PA": "C2PA",
    b"AIGC": "AIGC",
}


def walk(data: bytes, found: Gathering) -> None:
    """Hand every top-level carrier to `found`, in file order."""
    if not data.startswith(b"RIFF") or len(data) < 12:
        found.damaged()
        return
    end_of_file = 8 + int.from_bytes(data[4:8], "little")
    if end_of_file > len(data):
        found.damaged()
    at = 12
    for _ in range(MAX_STEPS):
        if at + 8 > min(len(data), end_of_file):
            found.add_trailing(data, end_of_file)
            return
        name, length = _HEADER.unpack_from(data, at)
        if name in _NAMES:
            found.add(_NAMES[name], data[at + 8 : at + 8 + length])
        if at + 8 + length > len(data):
            found.damaged()
            return
        at += 8 + length + length % 2
    found.limit("riff chunks")
