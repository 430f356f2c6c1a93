"""ISO base media files (HEIC, AVIF, MP4, MOV) and JPEG XL: Exif and XMP items, uuid boxes, texts of films."""

from collections.abc import Callable

from rempart.origin.containers import film_texts, items
from rempart.origin.containers.boxes import Box, children, payload
from rempart.origin.containers.gathering import Gathering

_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_MANIFEST_PURPOSES = (b"manifest", b"original", b"update")


def walk(data: bytes, found: Gathering) -> None:
    """Hand every carrier to `found`, in file order."""
    any_box = False
    for box in children(data, 0, len(data), found):
        any_box = True
        take = _TAKERS.get(box.name)
        if take is not None:
            take(data, box, found)
    if not any_box:
        found.damaged()


def _uuid(data: bytes, box: Box, found: Gathering) -> None:
    identifier, body = data[box.start : box.start + 16], data[box.start + 16 : box.end]
    if identifier == _XMP:
        found.add("XMP", body)
    elif identifier == _C2PA:
        _c2pa(body, found)
    else:
        found.add("uuid", body, key=identifier.hex())


def _c2pa(body: bytes, found: Gathering) -> None:
    """C2PA 2.2, A.5: version, purpose, and for manifests the place of a Merkle box; then the store itself."""
    purpose, _, rest = body[4:].partition(b"\0")
    if purpose in _MANIFEST_PURPOSES:
        found.add("C2PA", rest[8:], raw=body)
    else:
        found.add("uuid", body, key=_C2PA.hex())


def _meta(data: bytes, box: Box, found: Gathering) -> None:
    items.hand_out(data, box, found)


def _moov(data: bytes, box: Box, found: Gathering) -> None:
    film_texts.hand_out(data, box, found)


def _exif(data: bytes, box: Box, found: Gathering) -> None:
    """JPEG XL: four bytes say how far the TIFF header lies."""
    body = payload(data, box)
    found.add("Exif", items.behind_offset(body), raw=body)


def _xml(data: bytes, box: Box, found: Gathering) -> None:
    found.add("XMP", payload(data, box))


def _jumbf(data: bytes, box: Box, found: Gathering) -> None:
    found.add("C2PA", data[box.header : box.end])


_TAKERS: dict[bytes, Callable[[bytes, Box, Gathering], None]] = {
    b"uuid": _uuid,
    b"meta": _meta,
    b"moov": _moov,
    b"Exif": _exif,
    b"xml ": _xml,
    b"jumb": _jumbf,
}
