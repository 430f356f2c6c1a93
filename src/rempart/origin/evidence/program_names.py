"""AI programs named where a file names the program that wrote it."""

from collections.abc import Iterator

from rempart.facts.evidence import Evidence
from rempart.origin import xmp
from rempart.origin.declaring import Declaration, evidence
from rempart.origin.programs import ai_program
from rempart.origin.reading import packets, texts
from rempart.origin.subject import Segment, Subject

_TEXT_FIELDS = frozenset({"Software", "©too", "©swr", "com.apple.quicktime.software", "encoder", "software"})
_XMP_FIELDS = ((xmp.XAP, "CreatorTool"), (xmp.TIFF, "Software"))

Named = tuple[Segment, str, str, str]


class _ProgramNames:
    name = "program_names"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """A hint for each field whose whole value is the name of an AI program, with or without a version."""
        for segment, locator, field, value in _named(subject):
            if tool := ai_program(value):
                said = Declaration("fullyGenAIMedia", tool, (field,), strength="hint", contains_prompt=False)
                yield evidence(self.name, segment, said, locator)


def _named(subject: Subject) -> Iterator[Named]:
    """Segment, locator, our name for the field, and its value."""
    for text in texts(subject):
        if text.name in _TEXT_FIELDS:
            yield text.segment, text.locator, "Software", text.text
    for segment, packet in packets(subject):
        for namespace, name in _XMP_FIELDS:
            yield from ((segment, segment.locator, name, value) for value in packet.values(namespace, name))


SOURCE = _ProgramNames()
