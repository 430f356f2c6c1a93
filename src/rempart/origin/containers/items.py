"""The items of a HEIC or AVIF file: which are Exif or XMP, and where their bytes lie."""

import struct
from dataclasses import dataclass

from rempart.origin.containers.boxes import Box, children, payload
from rempart.origin.containers.gathering import MAX_CARRIER_BYTES, Gathering

_MAX_ITEMS = 10_000  # a panorama of tiles has some hundreds
_MAX_EXTENTS = 64
_MAX_ALL_EXTENTS = 100_000
_XMP_TYPE = b"application/rdf+xml"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an item lies: in the file, or counted from the `idat` box."""

    inside_idat: bool
    extents: tuple[tuple[int, int], ...]


def hand_out(data: bytes, meta: Box, found: Gathering) -> None:
    """Give the Exif and XMP items of a `meta` box to `found`."""
    parts = {box.name: box for box in children(data, meta.start + 4, meta.end, found)}
    if b"iinf" not in parts or b"iloc" not in parts:
        return
    try:
        wanted = _wanted(data, parts[b"iinf"], found)
        places = _places(payload(data, parts[b"iloc"])) if wanted else {}
    except struct.error:
        found.damaged()
        return
    for number, name in wanted.items():
        _add(data, name, places.get(number), parts.get(b"idat"), found)


def behind_offset(body: bytes) -> bytes:
    """The TIFF block of an Exif item: four bytes say how far behind them it begins."""
    return body[4 + int.from_bytes(body[:4], "big") :]


def _add(data: bytes, name: str, place: _Place | None, idat: Box | None, found: Gathering) -> None:
    if place is None or (place.inside_idat and idat is None):
        found.damaged()
        return
    origin = idat.start if place.inside_idat and idat else 0
    raw = b"".join(_extent(data, origin + start, length) for start, length in place.extents)
    if len(raw) > MAX_CARRIER_BYTES:
        found.limit("carrier bytes")
        return
    found.add(name, behind_offset(raw) if name == "Exif" else raw, raw=raw)


def _extent(data: bytes, start: int, length: int) -> bytes:
    """Its bytes, one more than the bound at most; length 0 means up to the end of the file."""
    stop = start + min(length or len(data), MAX_CARRIER_BYTES + 1)
    return data[start:stop]


def _wanted(data: bytes, iinf: Box, found: Gathering) -> dict[int, str]:
    """Name by number of the items that are carriers."""
    version = data[iinf.start : iinf.start + 1]
    entries = iinf.start + (6 if version == b"\0" else 8)
    wanted: dict[int, str] = {}
    for index, box in enumerate(children(data, entries, iinf.end, found)):
        if index >= _MAX_ITEMS:
            found.limit("items")
            break
        if box.name == b"infe" and (item := _entry(payload(data, box))):
            wanted[item[0]] = item[1]
    return wanted


def _entry(body: bytes) -> tuple[int, str] | None:
    """Number and name of an item that is a carrier, from its `infe` box of version 2 or 3."""
    if body[:1] not in (b"\2", b"\3"):
        return None
    width = 2 if body[0] == 2 else 4
    number, kind = int.from_bytes(body[4 : 4 + width], "big"), body[6 + width : 10 + width]
    if kind == b"Exif":
        return number, "Exif"
    fields = body[10 + width :].split(b"\0", 2)
    is_xmp = kind == b"mime" and len(fields) > 1 and fields[1].lower() == _XMP_TYPE
    return (number, "XMP") if is_xmp else None


class _Cursor:
    """Reads numbers of given widths one behind the other. Raises struct.error behind the end."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0
        self._extents = _MAX_ALL_EXTENTS

    def take(self, width: int) -> int:
        end = self._at + width
        if end > len(self._body):
            raise struct.error("the box ends early")
        value = int.from_bytes(self._body[self._at : end], "big")
        self._at = end
        return value

    def extents(self) -> int:
        """How many extents follow. Raises struct.error when all together are too many, as they may be 0 bytes long."""
        count = self.take(2)
        self._extents -= count
        if self._extents < 0:
            raise struct.error("too many extents")
        return count


def _places(body: bytes) -> dict[int, _Place]:
    """Where each item lies, by its number (ISO 14496-12, 8.11.3). Raises struct.error where the box ends early."""
    cursor = _Cursor(body)
    version = cursor.take(4) >> 24
    widths, bases = cursor.take(1), cursor.take(1)
    sizes = (widths >> 4, widths & 15, bases >> 4, bases & 15 if version in (1, 2) else 0)
    count = cursor.take(4 if version == 2 else 2)
    return dict(_place(cursor, version, sizes) for _ in range(min(count, _MAX_ITEMS)))


def _place(cursor: _Cursor, version: int, sizes: tuple[int, int, int, int]) -> tuple[int, _Place]:
    offset_size, length_size, base_size, index_size = sizes
    number = cursor.take(4 if version == 2 else 2)
    method = cursor.take(2) & 15 if version in (1, 2) else 0
    cursor.take(2)  # which other file the data lies in: only this one is looked at
    base = cursor.take(base_size)
    extents = []
    for index in range(cursor.extents()):
        cursor.take(index_size)
        start, length = base + cursor.take(offset_size), cursor.take(length_size)
        if index < _MAX_EXTENTS:
            extents.append((start, length))
    return number, _Place(method == 1, tuple(extents))
