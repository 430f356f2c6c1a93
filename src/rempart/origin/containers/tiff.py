"""TIFF and DNG: the file itself as one EXIF carrier, and the carriers that stand in its first directory."""

from rempart.facts import reasons
from rempart.origin import tiff_tags
from rempart.origin.containers.gathering import Gathering

# Tags of the first directory that hold a carrier of another kind; 52545 is C2PA's.
_CARRIERS = {700: "XMP", 33723: "IPTC", 34377: "Photoshop", 34675: "ICC", 52545: "C2PA"}


def walk(data: bytes, found: Gathering) -> None:
    """Hand every carrier to `found`: `IFD` is the whole file, for `rempart.origin.tiff_tags`."""
    tags = tiff_tags.read(data)
    if not tags.fields:
        found.gap(tags.gap or reasons.reason(reasons.DAMAGED, "tiff container"))
        return
    found.add_whole("IFD", data)
    for tag, name in _CARRIERS.items():
        if field := tags.fields.get(("IFD0", tag)):
            found.add(name, field.raw)
    if tags.gap:
        found.gap(tags.gap)
