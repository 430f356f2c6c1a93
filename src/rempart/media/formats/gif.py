"""GIF, still and animated."""

from rempart.media.format import PillowFormat

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B


def _reaches_its_trailer(data: bytes) -> bool:
    """True when the blocks lead to the trailer."""
    if len(data) < 13:
        return False
    at = 13 + _colour_table_bytes(data[10])
    while at < len(data) and data[at] != _TRAILER:
        if data[at] == _EXTENSION:
            at = _after_sub_blocks(data, at + 2)
        elif data[at] == _IMAGE and at + 10 < len(data):
            at = _after_sub_blocks(data, at + 11 + _colour_table_bytes(data[at + 9]))
        else:
            at += 1  # rubbish between blocks, which viewers skip
    return at < len(data)


def _colour_table_bytes(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_sub_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1


FORMAT = PillowFormat("gif", "GIF", _reaches_its_trailer)
