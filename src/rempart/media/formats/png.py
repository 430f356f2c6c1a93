"""PNG in every mode, and APNG."""

from collections.abc import Iterator

from rempart.media.format import PillowFormat

_SIGNATURE_BYTES = 8
_AROUND_BYTES = 12
_ANCILLARY = 0x20
_KEPT = {b"tRNS", b"eXIf", b"acTL", b"fcTL", b"fdAT"}


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk that is complete, up to IEND."""
    at = _SIGNATURE_BYTES
    while at + _AROUND_BYTES <= len(data):
        name = data[at + 4 : at + 8]
        end = at + _AROUND_BYTES + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            return
        yield name, at, end
        if name == b"IEND":
            return
        at = end


def _reaches_its_end(data: bytes) -> bool:
    """True when the chunks lead to IEND."""
    at = _SIGNATURE_BYTES
    for name, _, end in _chunks(data):
        if name == b"IEND":
            return True
        at = end
    return data[at + 4 : at + 8] == b"IEND"  # only the checksum of the last chunk is missing: nothing is lost


def _end(data: bytes) -> int:
    """The byte behind IEND."""
    return next((end for name, _, end in _chunks(data) if name == b"IEND"), len(data))


def _without_remarks(data: bytes) -> bytes:
    """The file without the chunks that say nothing of the pixels: a broken comment or a comment that unfolds to
    gigabytes must not cost the picture. The very same bytes when there is none."""
    parts, at = [], 0
    for name, start, end in _chunks(data):
        if name.isalpha() and name[0] & _ANCILLARY and name not in _KEPT:
            parts.append(data[at:start])
            at = end
    return b"".join([*parts, data[at:]]) if parts else data


FORMAT = PillowFormat("png", "PNG", _reaches_its_end, end=_end, plain=_without_remarks)
