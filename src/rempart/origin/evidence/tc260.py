"""China's implicit label of generated content (GB 45438-2025): the object AIGC in XMP, EXIF, text chunks and films."""

from collections.abc import Iterator, Mapping

from rempart.facts import reasons
from rempart.facts.evidence import Claim, Evidence, Strength
from rempart.origin.declaring import Declaration, evidence
from rempart.origin.json_text import inner_object, json_object
from rempart.origin.reading import packets, texts
from rempart.origin.subject import Segment, Subject

# The namespace with its variants, and the prefixes that writers use without declaring them.
_NAMESPACES = frozenset({"www.tc260.org.cn/ns/aigc/1.0", "tc260", "c260"})
_TEXT_NAMES = frozenset({"aigc", "usercomment"})
# Annex E of the standard: 1 is AI, 2 may be, 3 is suspected by whoever spreads it.
_LABELS: dict[str, Claim] = {
    "1": "fullyGenAIMedia",
    "2": "compositionMayContainGenAI",
    "3": "compositionMayContainGenAI",
}
_FIELDS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)

Labelled = tuple[Segment, str, str]


class _Tc260:
    name = "tc260"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence for each label; a reason for one in XMP that cannot be read."""
        for segment, locator, value in (*_in_xmp(subject), *_in_texts(subject)):
            label = _label(value)
            if label is not None:
                yield evidence(self.name, segment, _declared(label), locator)
            elif locator.endswith("XMP AIGC"):
                reason = reasons.reason(reasons.DAMAGED, "aigc label")
                said = Declaration("noStatement", "", ("AIGC",), "hint", contains_prompt=False, reason=reason)
                yield evidence(self.name, segment, said, locator)


def _declared(label: Mapping[str, object]) -> Declaration:
    fields = tuple(name for name in _FIELDS if name in label)
    claim = _LABELS.get(str(label.get("Label", "")).strip(), "noStatement")
    strength: Strength = "hint" if claim == "noStatement" else "structural"
    return Declaration(claim, "", fields, strength, contains_prompt=False)


def _label(value: str) -> Mapping[str, object] | None:
    """The label's fields, bare or inside an object `AIGC`; None when it is no label."""
    body = json_object(value)
    if body is not None and "AIGC" in body:
        body = inner_object(body["AIGC"])
    if body is None or "Label" not in body or len(set(_FIELDS) & body.keys()) < 2:
        return None
    return body


def _in_xmp(subject: Subject) -> Iterator[Labelled]:
    for segment, packet in packets(subject):
        for (namespace, name), values in packet.properties.items():
            bare = namespace.lower().rpartition("//")[2].rstrip("/")
            if name.lower() == "aigc" and bare in _NAMESPACES:
                yield from ((segment, f"{segment.container} XMP AIGC", value) for value in values)


def _in_texts(subject: Subject) -> Iterator[Labelled]:
    for text in texts(subject):
        if text.name.lower() in _TEXT_NAMES or text.segment.name == "AIGC":
            yield text.segment, text.locator, text.text


SOURCE = _Tc260()
