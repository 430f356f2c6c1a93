"""PNG and APNG: text chunks (unfolded), EXIF, XMP, colour profile, C2PA, and what hangs behind the end."""

import re
import struct

from rempart.origin.containers.gathering import MAX_STEPS, Gathering

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">I4s")
_XMP_KEYWORD = "XML:com.adobe.xmp"
_MAX_KEY_BYTES = 79  # PNG third edition, 11.3.3.2
# ImageMagick writes blocks as lines of hexadecimal digits behind a name and a length.
_RAW_PROFILES = {
    "Raw profile type exif": "eXIf",
    "Raw profile type APP1": "eXIf",
    "Raw profile type xmp": "XMP",
    "Raw profile type iptc": "IPTC",
}
_HEXADECIMAL = re.compile(rb"\s*\S+\s+\d+\s+([0-9a-fA-F\s]*)")


def walk(data: bytes, found: Gathering) -> None:
    """Hand every carrier to `found`, in file order."""
    if not data.startswith(_SIGNATURE):
        found.damaged()
        return
    at = len(_SIGNATURE)
    for _ in range(MAX_STEPS):
        if at + 12 > len(data):
            found.damaged()  # no end
            return
        length, name = _HEADER.unpack_from(data, at)
        end = at + 12 + length
        if name == b"IEND":
            found.add_trailing(data, end)
            return
        take = _TAKERS.get(name)
        if take is not None:
            take(found, data[at + 8 : end - 4])
        if end > len(data):
            found.damaged()
            return
        at = end
    found.limit("png chunks")


def _text(found: Gathering, body: bytes) -> None:
    key, _, text = body.partition(b"\0")
    _add_text(found, "tEXt", key, text, body)


def _animated_text(found: Gathering, body: bytes) -> None:
    """ComfyUI writes text of animations into a private chunk, laid out as tEXt."""
    key, _, text = body.partition(b"\0")
    _add_text(found, "comf", key, text, body)


def _compressed_text(found: Gathering, body: bytes) -> None:
    key, _, rest = body.partition(b"\0")
    text = found.inflated(rest[1:])
    if text is not None:
        _add_text(found, "zTXt", key, text, body)


def _international_text(found: Gathering, body: bytes) -> None:
    """Keyword, NUL, compressed?, method, language, NUL, translated keyword, NUL, text."""
    key, _, rest = body.partition(b"\0")
    fields = rest[2:].split(b"\0", 2)
    if len(fields) < 3:
        found.damaged()
        return
    text = found.inflated(fields[2]) if rest[:1] == b"\1" else fields[2]
    if text is not None:
        _add_text(found, "iTXt", key, text, body)


def _add_text(found: Gathering, name: str, key: bytes, text: bytes, raw: bytes) -> None:
    keyword = key[:_MAX_KEY_BYTES].decode("latin-1")
    found.add(name, text, key=keyword, raw=raw)
    if keyword == _XMP_KEYWORD:
        found.add_again("XMP")
    elif keyword in _RAW_PROFILES:
        _add_raw_profile(found, _RAW_PROFILES[keyword], text, raw)


def _add_raw_profile(found: Gathering, name: str, text: bytes, raw: bytes) -> None:
    match = _HEXADECIMAL.match(text)
    digits = b"".join(match[1].split()) if match else b""
    if not digits or len(digits) % 2:
        found.damaged()
        return
    found.add(name, bytes.fromhex(digits.decode("ascii")), raw=raw)


def _exif(found: Gathering, body: bytes) -> None:
    found.add("eXIf", body)


def _c2pa(found: Gathering, body: bytes) -> None:
    found.add("caBX", body)


def _profile(found: Gathering, body: bytes) -> None:
    key, _, rest = body.partition(b"\0")
    profile = found.inflated(rest[1:])
    if profile is not None:
        found.add("iCCP", profile, key=key[:_MAX_KEY_BYTES].decode("latin-1"), raw=body)


_TAKERS = {
    b"tEXt": _text,
    b"zTXt": _compressed_text,
    b"iTXt": _international_text,
    b"comf": _animated_text,
    b"eXIf": _exif,
    b"caBX": _c2pa,
    b"iCCP": _profile,
}
