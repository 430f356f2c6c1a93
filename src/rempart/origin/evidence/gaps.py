"""What of the file could not be looked at: its container, its XMP packets, its EXIF blocks."""

from collections.abc import Iterator

from rempart.facts.evidence import Evidence
from rempart.origin.declaring import Declaration, evidence
from rempart.origin.reading import blocks, packets
from rempart.origin.subject import Segment, Subject


class _Gaps:
    name = "gaps"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """A reason for each gap, which states nothing about the pixels."""
        file = Segment("", "file")
        found = [(file, gap) for gap in subject.gaps]
        found += [(segment, packet.gap) for segment, packet in packets(subject) if packet.gap]
        found += [(segment, tags.gap) for segment, tags in blocks(subject) if tags.gap]
        for segment, gap in found:
            said = Declaration("noStatement", strength="hint", contains_prompt=segment is not file, reason=gap)
            yield evidence(self.name, segment, said, segment.locator.strip())


SOURCE = _Gaps()
