"""IPTC in XMP: the digital source type, and the four fields of 2025.1 that describe an AI system and its prompt."""

from collections.abc import Iterator

from rempart.facts.evidence import Evidence
from rempart.origin import xmp
from rempart.origin.declaring import Declaration, evidence
from rempart.origin.programs import ai_program
from rempart.origin.reading import packets
from rempart.origin.source_types import source_type
from rempart.origin.subject import Subject

# The second is an older spelling of the standard itself; writers vary the case.
_SOURCE_TYPE_NAMES = frozenset({"digitalsourcetype", "digitalsourcefiletype"})
_AI_FIELDS = ("AISystemUsed", "AISystemVersionUsed", "AIPromptInformation", "AIPromptWriterName")


class _Iptc:
    name = "iptc"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence for each source type, then one for the AI fields of each packet."""
        for segment, packet in packets(subject):
            for said in (*_source_types(packet), *_ai_fields(packet)):
                yield evidence(self.name, segment, said)


def _source_types(packet: xmp.Packet) -> Iterator[Declaration]:
    """A term of no vocabulary is named as seen, and states nothing."""
    for (_, name), values in packet.properties.items():
        if name.lower() not in _SOURCE_TYPE_NAMES:
            continue
        for term in values:
            known = source_type(term)
            yield Declaration(
                claim=known.claim if known else "noStatement",
                fields=("DigitalSourceType",),
                strength="structural" if known else "hint",
                derived=known.derived if known else False,
                contains_prompt=False,
            )


def _ai_fields(packet: xmp.Packet) -> Iterator[Declaration]:
    """They say that an AI system had a part; only the source type says whether it made the whole."""
    said = {name: packet.values(xmp.IPTC_EXTENSION, name) for name in _AI_FIELDS}
    fields = tuple(name for name, values in said.items() if any(value.strip() for value in values))
    if not fields:
        return
    tool = next((found for value in said["AISystemUsed"] if (found := ai_program(value))), "")
    yield Declaration("partlyGenAICreation", tool, fields, contains_prompt="AIPromptInformation" in fields)


SOURCE = _Iptc()
