"""Declared evidence: what a file says of itself without proof, which anyone can add and anyone can strip."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rempart.facts.evidence import Claim, Evidence, EvidenceKind, Strength
from rempart.origin.reading import EXIF_NAMES, XMP_NAMES, Text, texts
from rempart.origin.subject import Segment, Subject


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one carrier declares: only words of our own vocabulary, never the carrier's text."""

    claim: Claim
    tool: str = ""
    fields: tuple[str, ...] = ()
    strength: Strength = "structural"
    derived: bool = False
    contains_prompt: bool = True
    reason: str = ""


def ai_claim(derived: bool) -> Claim:
    """What an AI tool's own record claims: the whole picture, or a part when it began from another."""
    return "partlyGenAICreation" if derived else "fullyGenAIMedia"


def evidence(source: str, segment: Segment, said: Declaration, locator: str = "") -> Evidence:
    """The declaration as evidence: trivial to add to any picture with a tag editor, lost by any new saving."""
    return Evidence(
        source=source,
        kind=kind_of(segment),
        locator=locator or segment.locator,
        claim=said.claim,
        strength=said.strength,
        add_cost="trivial",
        strip_cost="trivial",
        tool=said.tool,
        fields=said.fields,
        derived=said.derived,
        raw_sha256=segment.raw_sha256,
        contains_prompt=said.contains_prompt,
        reason=said.reason,
    )


def kind_of(segment: Segment) -> EvidenceKind:
    """What kind of carrier it is."""
    if segment.name in EXIF_NAMES:
        return "exif"
    return "xmp" if segment.name in XMP_NAMES else "text"


@dataclass(frozen=True, slots=True)
class TextSource:
    """A source of evidence that looks at each named text by itself."""

    name: str
    recognise: Callable[[Text], Declaration | None]
    needs_pixels: bool = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence for each text that is recognised."""
        for text in texts(subject):
            said = self.recognise(text)
            if said is not None:
                yield evidence(self.name, text.segment, said, text.locator)
