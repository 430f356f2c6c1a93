"""JUMBF boxes, the containers of C2PA: our own bounded reader, because the SDK hands out no certificate.

Source: ISO/IEC 19566-5 (JUMBF) and the C2PA specification, section on embedding manifests.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from rempart.origin.subject import Segment

MOST_BYTES: Final = 64 * 2**20
MOST_DEPTH: Final = 16
MOST_BOXES: Final = 20_000
_SUPERBOX, _DESCRIPTION, _CBOR = b"jumb", b"jumd", b"cbor"
_HAS_LABEL = 0x02
_UUID_BYTES = 16
_LABEL_AT = 8 + 8 + _UUID_BYTES + 1
_STORE_LABEL: Final = b"c2pa\0"
CARRIERS: Final = ("APP11 JUMBF", "caBX", "C2PA")


class Malformed(Exception):
    """The boxes cannot be read; the message is one of a few words of ours."""


@dataclass(frozen=True, slots=True)
class Box:
    """A superbox with its label, or a plain box with its content."""

    kind: bytes
    label: str = ""
    content: bytes = field(default=b"", repr=False)
    children: tuple["Box", ...] = ()

    def named(self, *labels: str) -> Iterator["Box"]:
        """The superboxes inside with one of these labels."""
        return (child for child in self.children if child.kind == _SUPERBOX and child.label in labels)

    def cbor(self) -> bytes:
        """The first CBOR content inside; empty when there is none."""
        return next((child.content for child in self.children if child.kind == _CBOR), b"")


def parsed(store: bytes) -> Box:
    """The manifest store. Raises Malformed, also when a bound is passed."""
    if len(store) > MOST_BYTES:
        raise Malformed("size")
    boxes = _Boxes().read(memoryview(store), 0)
    if not boxes or boxes[0].kind != _SUPERBOX or boxes[0].label != "c2pa":
        raise Malformed("no manifest store")
    return boxes[0]


class _Boxes:
    """Counts what it reads, so that a file cannot ask for endless work."""

    def __init__(self) -> None:
        self._count = 0

    def read(self, data: memoryview, depth: int) -> tuple[Box, ...]:
        """The boxes that fill the data, one after the other."""
        if depth > MOST_DEPTH:
            raise Malformed("depth")
        found = []
        while len(data) >= 8:
            kind, content, length = _next(data)
            self._count += 1
            if self._count > MOST_BOXES:
                raise Malformed("number of boxes")
            found.append(self._box(kind, content, depth))
            data = data[length:]
        return tuple(found)

    def _box(self, kind: bytes, content: memoryview, depth: int) -> Box:
        if kind != _SUPERBOX:
            return Box(kind, content=bytes(content))
        inside = self.read(content, depth + 1)
        label = _label(inside[0].content) if inside and inside[0].kind == _DESCRIPTION else ""
        return Box(kind, label, children=inside)


def _next(data: memoryview) -> tuple[bytes, memoryview, int]:
    """Kind, content and whole length of the box at the start."""
    length, kind = struct.unpack_from(">I4s", data)
    head = 8
    if length == 1 and len(data) >= 16:
        (length,) = struct.unpack_from(">Q", data, 8)
        head = 16
    length = length or len(data)
    if not head <= length <= len(data):
        raise Malformed("length of a box")
    return kind, data[head:length], length


def _label(description: bytes) -> str:
    """The label in a description box; empty when it has none."""
    if len(description) <= _UUID_BYTES or not description[_UUID_BYTES] & _HAS_LABEL:
        return ""
    return description[_UUID_BYTES + 1 :].split(b"\0", 1)[0].decode("utf-8", "replace")


def store_in(segments: Iterable[Segment]) -> tuple[bytes, str]:
    """The bytes of the first manifest store among the carriers and where it stands; empty when there is none."""
    for segment in segments:
        if segment.name in CARRIERS and (store := _whole(segment.data)):
            return store, segment.locator
    return b"", ""


def _whole(data: bytes) -> bytes:
    """The store with its box header, which JPEG XL leaves out; empty when this is another kind of JUMBF."""
    if data[4:8] == _DESCRIPTION:
        data = struct.pack(">I4s", len(data) + 8, _SUPERBOX) + data
    start = 8 if data[:4] == b"\0\0\0\1" else 0  # a box of extended length has eight more bytes before its content
    return data if data[4:8] == _SUPERBOX and data[start + _LABEL_AT :].startswith(_STORE_LABEL) else b""
