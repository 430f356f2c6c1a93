"""JPEG: application segments, comments, quantisation tables, and what hangs behind the end."""

import re
import struct
from collections import defaultdict

from rempart.origin.containers.gathering import MAX_CARRIER_BYTES, MAX_STEPS, Gathering

_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # not stuffing, not a restart, not a fill byte
_END, _SCAN, _TABLES, _COMMENT = 0xD9, 0xDA, 0xDB, 0xFE
_BARE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})  # markers without a length
_APPLICATION = range(0xE0, 0xF0)

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_EXTENDED = b"http://ns.adobe.com/xmp/extension/\0"
_ICC = b"ICC_PROFILE\0"
_JUMBF = b"JP"
_PHOTOSHOP = b"Photoshop 3.0\0"
_MPF = b"MPF\0"

# Application segments that are whole by themselves: (marker, identifier, name).
_WHOLE = (
    (0xE1, b"Exif\0\0", "APP1 Exif"),
    (0xE1, b"Exif\0\xff", "APP1 Exif"),
    (0xE1, _XMP, "APP1 XMP"),
    (0xE2, _MPF, "APP2 MPF"),
    (0xED, _PHOTOSHOP, "APP13 Photoshop"),
)


def walk(data: bytes, found: Gathering) -> None:
    """Hand every carrier to `found`; those in several segments come last, put together."""
    if not data.startswith(b"\xff\xd8"):
        found.damaged()
        return
    pieces = _Pieces()
    end = _walk_markers(data, found, pieces)
    pieces.put_together(found)
    if end is None:
        found.damaged()
    else:
        found.add_trailing(data, end)


def _walk_markers(data: bytes, found: Gathering, pieces: "_Pieces") -> int | None:
    """Where the picture ends; None when it has no end."""
    at = 2
    for _ in range(MAX_STEPS):
        hit = _MARKER.search(data, at)
        if hit is None:
            return None
        if hit.start() != at and data[at : hit.start()].strip(b"\xff"):
            found.damaged()  # rubbish between segments, which decoders skip
        marker, start = data[hit.start() + 1], hit.end()
        if marker == _END:
            return start
        at = start if marker in _BARE else _take(data, start, marker, found, pieces)
        if marker == _SCAN:
            after = _MARKER.search(data, at)
            at = after.start() if after else len(data)
    found.limit("jpeg segments")
    return None


def _take(data: bytes, start: int, marker: int, found: Gathering, pieces: "_Pieces") -> int:
    """Where the segment ends, after handing out what it carries."""
    length = int.from_bytes(data[start : start + 2], "big")
    end = start + max(2, length)
    if length < 2 or end > len(data):
        found.damaged()
    if marker in _APPLICATION:
        _application(marker, data[start + 2 : end], found, pieces)
    elif marker == _COMMENT:
        found.add("COM", data[start + 2 : end])
    elif marker == _TABLES:
        pieces.take_tables(data[start + 2 : end], found)
    return end


def _application(marker: int, body: bytes, found: Gathering, pieces: "_Pieces") -> None:
    for wanted, identifier, name in _WHOLE:
        if marker == wanted and body.startswith(identifier):
            found.add(name, body[len(identifier) :])
            return
    if not pieces.take(marker, body, found):
        identifier = body[:32].partition(b"\0")[0]
        found.add(f"APP{marker - 0xE0}", body, key=identifier.decode("latin-1"))


class _Pieces:
    """The carriers that come in several segments."""

    def __init__(self) -> None:
        self._left = MAX_CARRIER_BYTES
        self._tables: list[bytes] = []
        self._extended: dict[bytes, list[tuple[int, bytes, int]]] = defaultdict(list)
        self._icc: list[tuple[int, bytes]] = []
        self._jumbf: dict[tuple[int, bytes], list[tuple[int, bytes, bytes]]] = defaultdict(list)

    def take_tables(self, body: bytes, found: Gathering) -> None:
        """Keep quantisation tables."""
        if self._has_room(body, found):
            self._tables.append(body)

    def take(self, marker: int, body: bytes, found: Gathering) -> bool:
        """Whether the segment is such a piece, which is then kept while there is room."""
        is_piece = (marker, body[:2]) in ((0xE1, b"ht"), (0xE2, b"IC"), (0xEB, _JUMBF))
        if not is_piece:
            return False
        return not self._has_room(body, found) or self._take(marker, body)

    def _has_room(self, body: bytes, found: Gathering) -> bool:
        self._left -= len(body)
        if self._left < 0:
            found.limit("carrier bytes")
        return self._left >= 0

    def _take(self, marker: int, body: bytes) -> bool:
        if marker == 0xE1 and body.startswith(_XMP_EXTENDED):
            return self._take_extended(body[len(_XMP_EXTENDED) :])
        if marker == 0xE2 and body.startswith(_ICC) and len(body) >= 14:
            self._icc.append((body[12], body[14:]))
            return True
        if marker == 0xEB and body.startswith(_JUMBF):
            return self._take_jumbf(body)
        return False

    def _take_extended(self, body: bytes) -> bool:
        """XMP specification part 3, 1.1.3.1: identifier of 32 letters, whole length, offset, part."""
        if len(body) < 40:
            return False
        total, offset = struct.unpack_from(">II", body, 32)
        self._extended[body[:32]].append((offset, body[40:], total))
        return True

    def _take_jumbf(self, body: bytes) -> bool:
        """ISO 19566-5 annex D: instance and number of the packet; each packet repeats the header of its box."""
        if len(body) < 16:
            return False
        instance, number, length, kind = struct.unpack_from(">HII4s", body, 2)
        header = 16 if length == 1 else 8
        self._jumbf[instance, kind].append((number, body[8 : 8 + header], body[8 + header :]))
        return True

    def put_together(self, found: Gathering) -> None:
        """Hand out all tables as one carrier, then the profile, extended XMP and JUMBF boxes."""
        if self._tables:
            found.add("DQT", b"".join(self._tables))
        if self._icc:
            found.add("APP2 ICC", b"".join(part for _, part in sorted(self._icc)))
        for extended in self._extended.values():
            _put_extended(sorted(extended), found)
        for packets in self._jumbf.values():
            _put_jumbf(sorted(packets), found)


def _put_extended(parts: list[tuple[int, bytes, int]], found: Gathering) -> None:
    whole = bytearray()
    for offset, part, _ in parts:
        if offset != len(whole):
            found.damaged()  # a hole or an overlap: what is there cannot be read as XML
            return
        whole += part
    if len(whole) != parts[0][2]:
        found.damaged()
        return
    found.add("APP1 XMP extended", bytes(whole))


def _put_jumbf(packets: list[tuple[int, bytes, bytes]], found: Gathering) -> None:
    whole = packets[0][1] + b"".join(body for _, _, body in packets)
    numbers = [number for number, _, _ in packets]
    announced = int.from_bytes(whole[:4], "big")
    announced = int.from_bytes(whole[8:16], "big") if announced == 1 else announced
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))) or announced not in (0, len(whole)):
        found.damaged()
    found.add("APP11 JUMBF", whole)
