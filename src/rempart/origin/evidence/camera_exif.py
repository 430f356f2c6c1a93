"""What a camera writes into EXIF, and whether it fits together. One command copies it all, so it only indicates."""

from collections.abc import Iterator
from dataclasses import dataclass

from rempart.facts.evidence import Evidence
from rempart.origin import tiff_tags
from rempart.origin.camera.editors import editor
from rempart.origin.camera.makers import Maker, maker_of, note_form
from rempart.origin.camera.size import stored_size
from rempart.origin.reading import blocks
from rempart.origin.subject import Segment, Subject

_EXPOSURE = {
    0x829A: "ExposureTime",
    0x829D: "FNumber",
    0x8827: "ISO",
    0x920A: "FocalLength",
    0x9003: "DateTimeOriginal",
}
_SUB_SECONDS = (0x9290, 0x9291, 0x9292)
_WIDTH, _HEIGHT = 0xA002, 0xA003
LEAST_EXPOSURE_FIELDS = 2  # scanners and generators write none


class _CameraExif:
    name = "camera_exif"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence for each EXIF block that a camera may have written."""
        for segment, tags in blocks(subject):
            maker = maker_of(tags.text("IFD0", tiff_tags.MAKE))
            if maker is None or not tags.text("IFD0", tiff_tags.MODEL):
                continue
            traits = _traits(tags, maker, _size(subject))
            if traits.exposure >= LEAST_EXPOSURE_FIELDS:
                yield _evidence(segment, maker, traits)


@dataclass(frozen=True, slots=True)
class _Traits:
    """What was seen. exposure: how many fields describe the exposure; fits: nothing in it speaks against a camera."""

    fields: tuple[str, ...]
    exposure: int
    fits: bool


def _traits(tags: tiff_tags.Tags, maker: Maker, size: tuple[int, int] | None) -> _Traits:
    exposure = [name for tag, name in _EXPOSURE.items() if ("Exif", tag) in tags.fields]
    note = note_form(maker, tags.maker_note) if tags.maker_note else ""
    against = [*_size_against(tags, size), *_program_against(tags)]
    if note == "another maker's":
        against.append("MakerNote of another maker")
    seen = ["Make", "Model", *exposure]
    seen += ["MakerNote"] if note == "its maker's" else []
    seen += ["SubSecTime"] if any(("Exif", tag) in tags.fields for tag in _SUB_SECONDS) else []
    return _Traits((*seen, *against), len(exposure), note == "its maker's" and not against)


def _size_against(tags: tiff_tags.Tags, size: tuple[int, int] | None) -> Iterator[str]:
    """A size that differs from the picture's own; a turned picture is the same size."""
    said = (*tags.numbers("Exif", _WIDTH)[:1], *tags.numbers("Exif", _HEIGHT)[:1])
    if size is not None and len(said) == 2 and sorted(said) != sorted(size):
        yield "PixelXDimension differs from the picture"


def _program_against(tags: tiff_tags.Tags) -> Iterator[str]:
    if editor(tags.text("IFD0", tiff_tags.SOFTWARE)):
        yield "Software names an editor"


def _size(subject: Subject) -> tuple[int, int] | None:
    """Width and height as stored: from the pixels when somebody decoded them anyway."""
    if subject.pixels is not None:
        return subject.pixels.shape[1], subject.pixels.shape[0]
    return stored_size(subject.data, subject.media_type)


def _evidence(segment: Segment, maker: Maker, traits: _Traits) -> Evidence:
    """Structural when a maker's own note fits the rest; else a hint, which still keeps an AI claim from counting."""
    return Evidence(
        source=SOURCE.name,
        kind="exif",
        locator=segment.locator,
        claim="cameraTraits",
        strength="structural" if traits.fits else "hint",
        add_cost="trivial",
        strip_cost="trivial",
        tool=maker.name,
        fields=traits.fields,
        raw_sha256=segment.raw_sha256,
    )


SOURCE = _CameraExif()
