"""Members of a zip that no directory names: found one behind the other, by their own headers."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from rempart.facts import reasons
from rempart.media.archives.member import Member
from rempart.media.archives.reading import read_member
from rempart.media.budget import Budget
from rempart.media.naming import Names

_MAGIC = b"PK\x03\x04"
_HEADER = struct.Struct("<4sHHHHHIIIHH")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED_FLAGS, _SIZE_COMES_LATER, _UTF8 = 0x1 | 0x40, 0x8, 0x800
_NEWEST_VERSION, _LARGEST_METHOD = 63, 99  # 6.3 of the specification; 99 is encryption by AES
_UNKNOWN_SIZE = 0xFFFFFFFF
_ZIP64_EXTRA = 1
_READ_BYTES = 2**18


@dataclass(frozen=True, slots=True)
class _Local:
    """One local header. packed_bytes: None when the header does not know."""

    name: str
    method: int
    encrypted: bool
    content_at: int
    packed_bytes: int | None


def members(stream: IO[bytes], start: int, end: int, names: Names, budget: Budget) -> Iterator[Member]:
    """Every member whose header lies between start and end; one that is cut as far as it goes: it may still match."""
    at = next_header(stream, start, end)
    while at is not None:
        local = _local(stream, at)
        if local is None:
            at = next_header(stream, at + 1, end)
            continue
        budget.take_member()
        content = _Content(stream, local)
        if not local.name.endswith("/"):
            yield _member(local, content, names.of(local.name), budget)
        at = next_header(stream, content.end, end)


def end_of(stream: IO[bytes], header_at: int, packed_bytes: int) -> int:
    """Where the member ends whose header is here and whose packed size is known."""
    stream.seek(header_at)
    head = stream.read(_HEADER.size)
    if len(head) < _HEADER.size:
        return header_at
    name_bytes, extra_bytes = _HEADER.unpack(head)[-2:]
    return int(header_at + _HEADER.size + name_bytes + extra_bytes + packed_bytes)


def _member(local: _Local, content: "_Content", name: str, budget: Budget) -> Member:
    if local.encrypted:
        return Member(name, reason=reasons.ENCRYPTED)
    if local.method not in (_STORED, _DEFLATED):
        return Member(name, reason=reasons.reason(reasons.UNSUPPORTED, "zip compression"))
    if local.method == _STORED and local.packed_bytes is None:
        return Member(name, reason=reasons.reason(reasons.DAMAGED, "zip"))
    try:
        return read_member(name, content, budget)
    except zlib.error:
        return Member(name, reason=reasons.reason(reasons.DAMAGED, "zip"))


class _Content(io.RawIOBase):
    """What one member unpacks to; deflate knows its own end. `end` is where the next header may be looked for."""

    def __init__(self, stream: IO[bytes], local: _Local) -> None:
        self._stream = stream
        self._left = local.packed_bytes
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if local.method == _DEFLATED else None
        self._at = local.content_at
        self.end = local.content_at + (local.packed_bytes or 0)

    def read(self, size: int = -1) -> bytes:
        """The next bytes, never many more than asked for; empty at the end, also where the file was cut."""
        if self._inflate is None:
            return self._packed(size)
        while not self._inflate.eof:
            packed = self._inflate.unconsumed_tail or self._packed(_READ_BYTES)
            part = self._unpacked(self._inflate, packed, max(size, 1)) if packed else self._inflate.flush()
            if part or not packed:
                return part
        return b""

    def _unpacked(self, inflate: "zlib._Decompress", packed: bytes, size: int) -> bytes:
        part = inflate.decompress(packed, size)
        if inflate.eof:
            self.end = self._at - len(inflate.unused_data)
        return part

    def _packed(self, size: int) -> bytes:
        self._stream.seek(self._at)
        packed = self._stream.read(size if self._left is None else min(size, self._left))
        self._at += len(packed)
        if self._left is not None:
            self._left -= len(packed)
        return packed


def next_header(stream: IO[bytes], at: int, end: int) -> int | None:
    """Where the next local header starts, at this place or later but before the end; None when there is none."""
    stream.seek(at)
    kept = b""
    while part := stream.read(max(0, min(_READ_BYTES, end - at))):
        found = (kept + part).find(_MAGIC)
        if found >= 0:
            return at - len(kept) + found
        at += len(part)
        kept = (kept + part)[-len(_MAGIC) + 1 :]
    return None


def _local(stream: IO[bytes], at: int) -> _Local | None:
    """The header at this place; None when it is cut, or no header at all: unpackers contain the four bytes too."""
    stream.seek(at)
    head = stream.read(_HEADER.size)
    if len(head) < _HEADER.size:
        return None
    _, version, flags, method, _, _, _, packed, _, name_bytes, extra_bytes = _HEADER.unpack(head)
    if version & 0xFF > _NEWEST_VERSION or method > _LARGEST_METHOD or not name_bytes:
        return None
    name = stream.read(name_bytes)
    extra = stream.read(extra_bytes)
    size: int | None = _long_size(extra) if packed == _UNKNOWN_SIZE else packed
    return _Local(
        name=name.decode("utf-8" if flags & _UTF8 else "cp437", "replace"),
        method=method,
        encrypted=bool(flags & _ENCRYPTED_FLAGS),
        content_at=at + _HEADER.size + name_bytes + extra_bytes,
        packed_bytes=None if flags & _SIZE_COMES_LATER and not size else size,
    )


def _long_size(extra: bytes) -> int | None:
    """The packed size in the zip64 field, or None."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _ZIP64_EXTRA and length >= 16 and at + 20 <= len(extra):
            return int.from_bytes(extra[at + 12 : at + 20], "little")
        at += 4 + length
    return None
