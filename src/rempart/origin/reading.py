"""What a file says in words, wherever its container keeps it: XMP packets, EXIF blocks, named texts."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rempart.origin import tiff_tags, xmp
from rempart.origin.subject import Segment, Subject

XMP_NAMES = ("APP1 XMP", "APP1 XMP extended", "XMP")
EXIF_NAMES = ("APP1 Exif", "eXIf", "EXIF", "Exif", "IFD")
_TEXT_NAMES = frozenset({"tEXt", "zTXt", "iTXt", "comf", "COM", "comment", "udta", "AIGC"})
_PLAIN_TAGS = {
    tiff_tags.IMAGE_DESCRIPTION: "ImageDescription",
    tiff_tags.MAKE: "Make",
    tiff_tags.MODEL: "Model",
    tiff_tags.SOFTWARE: "Software",
    tiff_tags.ARTIST: "Artist",
}
# Longer texts are not parsed: the largest ComfyUI workflow seen in public is below 1 MB.
MAX_TEXT_BYTES = 2 * 2**20


@dataclass(frozen=True, slots=True)
class Text:
    """One named text of a file.

    name: the keyword of a text chunk, the name of an EXIF tag, or empty for a nameless comment.
    text: what it says; it may hold a prompt, so it is matched and never shown.
    """

    segment: Segment
    name: str
    text: str = field(repr=False)

    @property
    def locator(self) -> str:
        """Where it stands, for people: EXIF tags are ours to name, keywords of the file are not."""
        return f"{self.segment.locator} {self.name}" if self.segment.name in EXIF_NAMES else self.segment.locator


def packets(subject: Subject) -> Iterator[tuple[Segment, xmp.Packet]]:
    """Every XMP packet of the file with its properties."""
    for segment in subject.segments:
        if segment.name in XMP_NAMES:
            yield segment, xmp.read(segment.data)


def blocks(subject: Subject) -> Iterator[tuple[Segment, tiff_tags.Tags]]:
    """Every EXIF block of the file with its tags."""
    for segment in subject.segments:
        if segment.name in EXIF_NAMES:
            yield segment, tiff_tags.read(segment.data)


def texts(subject: Subject) -> Iterator[Text]:
    """Every named text of the file: text chunks, comments, user data, and the EXIF tags that hold words."""
    for segment in subject.segments:
        if segment.name in _TEXT_NAMES and segment.data:
            yield Text(segment, segment.key, _decoded(segment.data))
        elif segment.name in EXIF_NAMES:
            yield from _of_tags(segment)


def _of_tags(segment: Segment) -> Iterator[Text]:
    tags = tiff_tags.read(segment.data)
    for tag, name in _PLAIN_TAGS.items():
        if ("IFD0", tag) in tags.fields:
            yield Text(segment, name, tags.text("IFD0", tag)[:MAX_TEXT_BYTES])
    if ("Exif", tiff_tags.USER_COMMENT) in tags.fields:
        yield Text(segment, "UserComment", tags.user_comment[:MAX_TEXT_BYTES])


def _decoded(data: bytes) -> str:
    """UTF-8 where it is, else Latin-1: PNG says the one or the other and writers mix them up."""
    data = data[:MAX_TEXT_BYTES]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
