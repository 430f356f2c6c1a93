"""Midjourney: a description that closes with a job's identifier, beside an author, parameters or a picture's GUID."""

import re
from collections.abc import Iterator

from rempart.facts.evidence import Evidence
from rempart.origin import xmp
from rempart.origin.declaring import Declaration, ai_claim, evidence
from rempart.origin.reading import packets, texts
from rempart.origin.subject import Segment, Subject

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_JOB = re.compile(rf"\bJob ID: ({_UUID})\s*\Z", re.IGNORECASE)
_PARAMETER = re.compile(
    r" --(?:ar|v|niji|s|stylize|style|q|c|chaos|seed|no|iw|raw|p|profile|sref|cref|oref|w|weird|video)\b"
)
_FROM_PICTURE = re.compile(r"\A\s*<?https?://| --(?:cref|oref|sref|iw)\b")
_DESCRIPTIONS = frozenset({"Description", "ImageDescription", "Comment"})

Described = tuple[Segment, str, str]


class _Midjourney:
    name = "midjourney"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence for each description that has the whole structure."""
        found = list(_descriptions(subject))
        jobs = [(one, _JOB.search(one[2])) for one in found]
        if not any(job for _, job in jobs):
            return
        companions = set(_companions(subject))
        for (segment, locator, text), job in jobs:
            fields = ["Job ID"] if job else []
            fields += ["parameters"] if _PARAMETER.search(text) else []
            fields += sorted(companions)
            if job and len(fields) > 1:
                yield evidence(self.name, segment, _declared(tuple(fields), text), locator)


def _declared(fields: tuple[str, ...], text: str) -> Declaration:
    derived = _FROM_PICTURE.search(text) is not None
    return Declaration(ai_claim(derived), "Midjourney", fields, derived=derived)


def _descriptions(subject: Subject) -> Iterator[Described]:
    """Segment, locator and text of every description."""
    for text in texts(subject):
        if text.name in _DESCRIPTIONS:
            yield text.segment, text.locator, text.text
    for segment, packet in packets(subject):
        for value in packet.values(xmp.DC, "description"):
            yield segment, segment.locator, value


def _companions(subject: Subject) -> Iterator[str]:
    """What else Midjourney writes: an author, and a GUID of the digital picture."""
    if any(text.name in ("Author", "Artist") and text.text.strip() for text in texts(subject)):
        yield "Author"
    for _, packet in packets(subject):
        if any(re.fullmatch(_UUID, value.strip(), re.IGNORECASE) for value in _guids(packet)):
            yield "DigImageGUID"
        if any(value.strip() for value in packet.values(xmp.DC, "creator")):
            yield "Author"


def _guids(packet: xmp.Packet) -> tuple[str, ...]:
    return packet.values(xmp.IPTC_EXTENSION, "DigImageGUID")


SOURCE = _Midjourney()
