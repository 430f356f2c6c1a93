"""The IPTC DigitalSourceType vocabulary: what each term claims.

Claims are strings from a file: padded with spaces, http or https, misspelt. Only the last path segment is compared,
against this list and nothing else. Source: cv.iptc.org/newscodes/digitalsourcetype and the C2PA asset rubrics.
"""

from typing import Final

from rempart.facts.evidence import Claim

# AI, some of it AI, camera, taken from paper or film, a screen, a person or a tool without training data.
CLAIM_OF: Final[dict[str, Claim]] = {
    "trainedalgorithmicmedia": "fullyGenAIMedia",
    "compositewithtrainedalgorithmicmedia": "partlyGenAICreation",
    "compositedwithtrainedalgorithmicmedia": "partlyGenAICreation",  # a misspelling found in the wild
    "compositesynthetic": "partlyGenAICreation",
    "digitalcapture": "capturedMedia",
    "computationalcapture": "capturedMedia",
    "compositecapture": "capturedMediaStitched",
    "composite": "compositionMayContainGenAI",
    "datadrivenmedia": "compositionMayContainGenAI",
    "screencapture": "screenCaptureMayContainGenAI",
    "virtualrecording": "screenCaptureMayContainGenAI",
    "negativefilm": "digitisedMedia",
    "positivefilm": "digitisedMedia",
    "print": "digitisedMedia",
    "digitalcreation": "nonGenAIDigitalCreation",
    "digitalart": "nonGenAIDigitalCreation",
    "softwareimage": "nonGenAIDigitalCreation",
    "humanedits": "edited",
    "minorhumanedits": "edited",
    "algorithmicallyenhanced": "edited",
    "algorithmicmedia": "noStatement",  # "not based on any sampled training data": not AI
    "trainedalgorithmicdata": "noStatement",  # of data, not of media
    "empty": "noStatement",
}
_LONGEST = 300


def claim_of(raw: object) -> Claim:
    """What a DigitalSourceType claims; `noStatement` for anything that is not in the vocabulary."""
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return "noStatement"
    last = raw.strip().rstrip("/#").replace("#", "/").rpartition("/")[2]
    return CLAIM_OF.get(last.strip().casefold(), "noStatement")
