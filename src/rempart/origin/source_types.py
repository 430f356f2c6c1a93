"""The vocabulary of digital source types: what each term says about how the pixels were made.

Source: IPTC NewsCodes `digitalsourcetype` with its retired terms, and the terms of c2pa.org.
"""

from dataclasses import dataclass

from rempart.facts.evidence import Claim

# Terms in lower case; the spelling with an extra `d` is found in the wild.
_CLAIMS: dict[str, Claim] = {
    "trainedalgorithmicmedia": "fullyGenAIMedia",
    "trainedalgorithmicdata": "fullyGenAIMedia",
    "compositewithtrainedalgorithmicmedia": "partlyGenAICreation",
    "compositedwithtrainedalgorithmicmedia": "partlyGenAICreation",
    "compositesynthetic": "partlyGenAICreation",
    "composite": "compositionMayContainGenAI",
    "digitalart": "compositionMayContainGenAI",
    "datadrivenmedia": "compositionMayContainGenAI",
    "screencapture": "screenCaptureMayContainGenAI",
    "virtualrecording": "screenCaptureMayContainGenAI",
    "digitalcapture": "capturedMedia",
    "computationalcapture": "capturedMedia",
    "compositecapture": "capturedMediaStitched",
    "negativefilm": "digitisedMedia",
    "positivefilm": "digitisedMedia",
    "print": "digitisedMedia",
    "humanedits": "edited",
    "minorhumanedits": "edited",
    "algorithmicallyenhanced": "edited",
    "digitalcreation": "nonGenAIDigitalCreation",
    "softwareimage": "nonGenAIDigitalCreation",
    # "not based on any sampled training data": fractals and plots, so not AI.
    "algorithmicmedia": "nonGenAIDigitalCreation",
    "empty": "noStatement",
}
_DERIVED = frozenset({"compositewithtrainedalgorithmicmedia", "compositedwithtrainedalgorithmicmedia"})


@dataclass(frozen=True, slots=True)
class SourceType:
    """What a term says. derived: other pictures went into this one."""

    claim: Claim
    derived: bool


def source_type(term: str) -> SourceType | None:
    """What a digital source type says; None for a term of no vocabulary.

    term: an IRI with http or https, a short form such as `digsrctype:digitalCapture`, or the bare term; blanks around
    it, letter case and a closing slash do not matter. Only the last part counts, as hosts and schemes vary.
    """
    bare = term.strip().rstrip("/").replace("#", "/").rpartition("/")[2].rpartition(":")[2].strip().lower()
    claim = _CLAIMS.get(bare)
    return None if claim is None else SourceType(claim, bare in _DERIVED)
