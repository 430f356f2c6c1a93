"""Google's credit line, word for word, in XMP or IPTC-IIM."""

from collections.abc import Iterator

from rempart.facts.evidence import Claim, Evidence
from rempart.origin import xmp
from rempart.origin.declaring import Declaration, evidence
from rempart.origin.iim import CREDIT, photoshop_records, records
from rempart.origin.reading import packets
from rempart.origin.subject import Segment, Subject

_CREDITS: dict[str, Claim] = {
    "made with google ai": "fullyGenAIMedia",
    "edited with google ai": "partlyGenAICreation",
}


class _Google:
    name = "google"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence for each carrier whose whole credit is Google's."""
        for segment, credit in _credits(subject):
            claim = _CREDITS.get(credit.strip(" .\0").lower())
            if claim:
                derived = claim == "partlyGenAICreation"
                said = Declaration(claim, "Google AI", ("Credit",), derived=derived, contains_prompt=False)
                yield evidence(self.name, segment, said)


def _credits(subject: Subject) -> Iterator[tuple[Segment, str]]:
    for segment, packet in packets(subject):
        yield from ((segment, credit) for credit in packet.values(xmp.PHOTOSHOP, "Credit"))
    for segment in subject.named("APP13 Photoshop", "Photoshop", "IPTC"):
        read = records if segment.name == "IPTC" else photoshop_records
        yield from ((segment, text) for number, text in read(segment.data) if number == CREDIT)


SOURCE = _Google()
