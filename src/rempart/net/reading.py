"""The body of an answer: no larger than was allowed, however it is packed."""

import zlib
from collections.abc import Iterable
from typing import Final, Protocol

from httpcore import NetworkError, ProtocolError, TimeoutException

from rempart.net.answers import Cut

_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS


class _Unpacker(Protocol):
    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""

    def unpacked(self, raw: bytes, room: int) -> bytes:
        """What the bytes unpack to, no more than `room` of it. Raises zlib.error."""


class _Plain:
    complete = True

    def unpacked(self, raw: bytes, room: int) -> bytes:
        """The bytes."""
        return raw[:room]


class _Packed:
    """gzip or deflate. We ask for neither, but some servers do as they like."""

    def __init__(self) -> None:
        self._rest = zlib.decompressobj(wbits=_GZIP_OR_ZLIB)

    @property
    def complete(self) -> bool:
        """Whether the end of the packed bytes was seen."""
        return self._rest.eof

    def unpacked(self, raw: bytes, room: int) -> bytes:
        """What the bytes unpack to. A bomb goes off no further than `room`."""
        return b"" if self._rest.eof else self._rest.decompress(raw, room)


UNPACKERS: Final[dict[str, type[_Plain] | type[_Packed]]] = {
    "": _Plain,
    "identity": _Plain,
    "gzip": _Packed,
    "x-gzip": _Packed,
    "deflate": _Packed,
}


def body_of(chunks: Iterable[bytes], packing: str, max_bytes: int) -> tuple[bytes, Cut]:
    """The body, unpacked, and why it ends early, if it does."""
    kind = UNPACKERS.get(packing.strip().lower())
    if kind is None:
        return b"", "broken"
    unpacker: _Unpacker = kind()
    kept, came = bytearray(), False
    try:
        for chunk in chunks:
            came = came or bool(chunk)
            kept += unpacker.unpacked(chunk, max_bytes + 1 - len(kept))
            if len(kept) > max_bytes:
                return bytes(kept[:max_bytes]), "size"
    except TimeoutException:
        return bytes(kept), "time"
    except (NetworkError, ProtocolError, zlib.error):
        return bytes(kept), "broken"
    return bytes(kept), "broken" if came and not unpacker.complete else ""
