"""The boxes inside a span of an ISO base media file."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from rempart.origin.containers.gathering import Gathering

_HEADER = struct.Struct(">I4s")


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its four letters, and where its header, payload and end lie in the file."""

    name: bytes
    header: int
    start: int
    end: int


def children(data: bytes, start: int, end: int, found: Gathering) -> Iterator[Box]:
    """The boxes between start and end, in order; a gap where one does not fit."""
    at = start
    while at + 8 <= end and found.may_step("boxes"):
        size, name = _HEADER.unpack_from(data, at)
        body = at + 8
        if size == 1 and at + 16 <= end:
            size, body = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        stop = end if size == 0 else at + size
        if stop < body:
            found.damaged()
            return
        if stop > end:
            found.damaged()
        yield Box(name, at, body, min(stop, end))
        at = stop


def payload(data: bytes, box: Box) -> bytes:
    """What the box holds."""
    return data[box.start : box.end]
