"""IPTC-IIM records, as Photoshop keeps them in JPEG: only what names the credit."""

from collections.abc import Iterator

_MAX_STEPS = 5_000
_IPTC_RESOURCE = 0x0404
CREDIT = (2, 110)


def photoshop_records(data: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """(record, dataset) and text of every IIM dataset in a Photoshop block. Never raises; stops where it is damaged."""
    at = 0
    for _ in range(_MAX_STEPS):
        if data[at : at + 4] != b"8BIM" or at + 7 > len(data):
            return
        kind = int.from_bytes(data[at + 4 : at + 6], "big")
        at += 6 + 1 + data[at + 6]
        at += at % 2
        size = int.from_bytes(data[at : at + 4], "big")
        if kind == _IPTC_RESOURCE:
            yield from records(data[at + 4 : at + 4 + size])
        at += 4 + size + size % 2


def records(data: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    """(record, dataset) and text of every short dataset of an IIM block. Never raises."""
    at = 0
    for _ in range(_MAX_STEPS):
        if at + 5 > len(data) or data[at] != 0x1C:
            return
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        if size & 0x8000:  # an extended dataset: none of those we look for
            return
        yield (data[at + 1], data[at + 2]), data[at + 5 : at + 5 + size].decode("utf-8", "replace")
        at += 5 + size
