"""Traits of a phone's shutter: a film beside the still picture, several pictures in one file, bursts, depth."""

import struct
from collections.abc import Iterator

from rempart.facts.evidence import Evidence, Strength
from rempart.origin import tiff_tags
from rempart.origin.camera.makers import maker_of
from rempart.origin.reading import blocks, packets
from rempart.origin.subject import Segment, Subject

_CAMERA = "http://ns.google.com/photos/1.0/camera/"
_DEVICE_PREFIXES = ("http://ns.google.com/photos/dd/1.0/", "http://ns.google.com/photos/1.0/depthmap/")
_MOTION = ("MotionPhoto", "MicroVideo")
_BURST = ("BurstID", "BurstPrimary")
_SAMSUNG_TRAILER = b"SEFT"
_APPLE = b"Apple iOS\0"
_APPLE_BURST, _APPLE_LIVE = 0x000B, 0x0011
_MOST_PICTURES = 64


class _Motion:
    name = "motion"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence for each carrier of such a trait; a film that is only announced is a hint."""
        film = _has_film(subject)
        for segment, packet in packets(subject):
            said = [
                name
                for name in (*_MOTION, *_BURST)
                if any(value.strip() not in ("", "0") for value in packet.values(_CAMERA, name))
            ]
            said += (
                ["depth"] if any(namespace.startswith(_DEVICE_PREFIXES) for namespace, _ in packet.properties) else []
            )
            if said:
                moves = film and any(name in _MOTION for name in said)
                yield _evidence(segment, (*said, *(("film behind the picture",) if moves else ())), moves)
        for segment in subject.named("APP2 MPF"):
            if (pictures := pictures_in(segment.data)) >= 2:
                yield _evidence(segment, (f"{pictures} pictures",), False)
        for segment, tags in blocks(subject):
            if fields := _apple_fields(tags.maker_note):
                yield _evidence(segment, fields, maker_of(tags.text("IFD0", tiff_tags.MAKE)) is not None)
        for segment in subject.named("trailing"):
            if subject.data.endswith(_SAMSUNG_TRAILER):
                yield _evidence(segment, ("Samsung trailer",), False)


def _has_film(subject: Subject) -> bool:
    """Whether an MP4 hangs behind the picture."""
    return any(b"ftyp" in segment.data[:65536] for segment in subject.named("trailing"))


def pictures_in(mpf: bytes) -> int:
    """How many pictures a Multi-Picture index lists; 0 when it is damaged. Source: CIPA DC-007, 5.2.3.

    An index is a TIFF directory, so it is read as one; its entries are of 16 bytes.
    """
    entries = tiff_tags.read(mpf).fields.get(("IFD0", 0xB002))
    return min(len(entries.raw) // 16, _MOST_PICTURES) if entries else 0


def _apple_fields(note: bytes) -> tuple[str, ...]:
    """Burst and live-picture identifiers in Apple's own directory, which is big-endian from its fifteenth byte."""
    if not note.startswith(_APPLE) or len(note) < 16:
        return ()
    (count,) = struct.unpack_from(">H", note, 14)
    places = range(16, min(len(note) - 11, 16 + 12 * count), 12)
    tags = {struct.unpack_from(">H", note, at)[0] for at in places}
    names = {_APPLE_BURST: "Apple BurstUUID", _APPLE_LIVE: "Apple MediaGroupUUID"}
    return tuple(name for tag, name in names.items() if tag in tags)


def _evidence(segment: Segment, fields: tuple[str, ...], structural: bool) -> Evidence:
    strength: Strength = "structural" if structural else "hint"
    return Evidence(
        source=SOURCE.name,
        kind="motion",
        locator=segment.locator,
        claim="cameraTraits",
        strength=strength,
        add_cost="trivial",
        strip_cost="trivial",
        fields=fields,
        raw_sha256=segment.raw_sha256,
    )


SOURCE = _Motion()
