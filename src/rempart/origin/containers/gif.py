"""GIF: comments, XMP and C2PA application extensions, and what hangs behind the end."""

from rempart.origin.containers.gathering import MAX_STEPS, Gathering

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_COMMENT, _APPLICATION = 0xFE, 0xFF
_APPLICATIONS = {b"C2PA_GIF\x01\x00\x00": "C2PA", b"ICCRGBG1012": "ICC"}
_XMP = b"XMP DataXMP"
_XMP_TRAILER_BYTES = 258  # XMP specification part 3, 1.1.2: 01 FF FE .. 01 00, then the closing 00
# Blocks of 255 bytes: the largest allowed file has a million.
_MAX_BLOCKS = 1_200_000


def walk(data: bytes, found: Gathering) -> None:
    """Hand every carrier to `found`, in file order."""
    if not data.startswith((b"GIF87a", b"GIF89a")) or len(data) < 13:
        found.damaged()
        return
    at = 13 + _palette_bytes(data[10])
    blocks = _Blocks(data)
    for _ in range(MAX_STEPS):
        kind = data[at] if at < len(data) else -1
        if kind == _TRAILER:
            found.add_trailing(data, at + 1)
            return
        if kind == _EXTENSION and at + 1 < len(data):
            at = _extension(data, at, blocks, found)
        elif kind == _IMAGE and at + 9 < len(data):
            at = blocks.end(at + 11 + _palette_bytes(data[at + 9]))
        else:
            at = -1
        if at < 0:
            _stop(blocks, found)
            return
    found.limit("gif blocks")


def _stop(blocks: "_Blocks", found: Gathering) -> None:
    if blocks.spent:
        found.limit("gif blocks")
    else:
        found.damaged()


def _palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _extension(data: bytes, at: int, blocks: "_Blocks", found: Gathering) -> int:
    """Where the extension ends, -1 when it does not, after handing out what it carries."""
    label = data[at + 1]
    if label == _COMMENT:
        end = blocks.end(at + 2)
        found.add("comment", blocks.joined(at + 2, end))
        return end
    if label != _APPLICATION or at + 14 > len(data) or data[at + 2] != 11:
        return blocks.end(at + 2)
    identifier = data[at + 3 : at + 14]
    if identifier == _XMP:
        return _xmp(data, at + 14, blocks, found)
    end = blocks.end(at + 14)
    if identifier in _APPLICATIONS:
        found.add(_APPLICATIONS[identifier], blocks.joined(at + 14, end))
    return end


def _xmp(data: bytes, start: int, blocks: "_Blocks", found: Gathering) -> int:
    """The packet stands as it is, not in blocks; its trailer makes a block reader land on the end."""
    end = blocks.end(start)
    if end < 0:
        return end
    trailer = end - _XMP_TRAILER_BYTES
    if trailer >= start and data[trailer : trailer + 2] == b"\x01\xff":
        found.add("XMP", data[start:trailer])
    else:
        found.add("XMP", blocks.joined(start, end))  # a writer who cut it into blocks after all
    return end


class _Blocks:
    """Reader of the chains of data blocks, with one bound for the whole file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = _MAX_BLOCKS

    @property
    def spent(self) -> bool:
        return self._left <= 0

    def end(self, at: int) -> int:
        """Behind the empty block that closes the chain; -1 when there is none or too many came."""
        data, size = self._data, len(self._data)
        for step in range(self._left):
            if at >= size:
                self._left -= step
                return -1
            length = data[at]
            at += 1 + length
            if not length:
                self._left -= step
                return at
        self._left = 0
        return -1

    def joined(self, at: int, end: int) -> bytes:
        """The contents of the chain, up to the end of the data when it is not closed."""
        parts, stop = [], end if end >= 0 else len(self._data)
        while at < stop and (length := self._data[at]):
            parts.append(self._data[at + 1 : at + 1 + length])
            at += 1 + length
        return b"".join(parts)
