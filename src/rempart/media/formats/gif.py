"""GIF, still and animated."""

from rempart.media.format import PillowFormat

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B


def _end(data: bytes) -> int:
    """The byte behind the trailer that the blocks lead to."""
    return min(_trailer(data) + 1, len(data))


def _reaches_its_trailer(data: bytes) -> bool:
    return _trailer(data) < len(data)


def _trailer(data: bytes) -> int:
    """Where the trailer stands; the length of the data or more when it is missing."""
    if len(data) < 13:
        return len(data)
    at = 13 + _colour_table_bytes(data[10])
    while at < len(data) and data[at] != _TRAILER:
        if data[at] == _EXTENSION:
            at = _after_sub_blocks(data, at + 2)
        elif data[at] == _IMAGE and at + 10 < len(data):
            at = _after_sub_blocks(data, at + 11 + _colour_table_bytes(data[at + 9]))
        else:
            at += 1  # rubbish between blocks, which viewers skip
    return at


def _colour_table_bytes(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


FORMAT = PillowFormat("gif", "GIF", _reaches_its_trailer, end=_end)
