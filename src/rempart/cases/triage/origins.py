"""From evidence of origin to features: the ladder of AI evidence A to E, and the opposite one of cameras.

What anyone can add to a file (B to E) never moves a case down; here not even A does. Evidence of AI beside known
material says that a real picture was edited, and that raises.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rempart.cases.triage.vocabulary import feature
from rempart.facts.case import Feature
from rempart.facts.evidence import AI_CLAIMS, CAMERA_CLAIMS, Evidence
from rempart.facts.finding import Finding, Matched

# A file of a camera is at least so large; what social networks and messengers send on is smaller.
CAMERA_PIXELS = 5_000_000


def origin_features(finding: Finding, at: datetime) -> Iterator[Feature]:
    """What the evidence of one medium tells; nothing when its origin was not examined."""
    if finding.origin is None:
        return
    evidence, verdict = finding.origin.evidence, finding.origin.verdict.verdict
    ai = sorted({grade for grade in map(_ai_grade, evidence) if grade})
    camera = sorted({rung for rung in map(_camera_rung, evidence) if rung})
    for grade in ai[:1]:
        yield feature("ai_evidence", grade, "finding", at)
    for rung in camera:
        yield feature("camera_evidence", rung, "finding", at)
    if verdict in ("conflict", "broken"):
        yield feature("origin_contradicts", True, "finding", at)
    if verdict == "ai.signed.derived" or (ai and (_is_near_known(finding) or _has_real_source(evidence))):
        yield feature("derived_from_real", True, "finding", at)
    if _is_first_generation(finding, evidence):
        yield feature("first_generation", True, "finding", at)


def _ai_grade(one: Evidence) -> str:
    """A to D, or nothing."""
    if one.kind == "detector":
        return "D"
    if one.claim not in AI_CLAIMS or _is_broken(one):
        return ""
    return "A" if _is_proof(one) else "B"


def _camera_rung(one: Evidence) -> str:
    if one.claim not in CAMERA_CLAIMS or _is_broken(one) or one.scope.startswith("ingredient:"):
        return ""
    if _is_proof(one):
        return "signed"
    return "sensor" if one.kind == "prnu" else "traits"


def _is_proof(one: Evidence) -> bool:
    """Whether a trusted signer says it about the whole picture, and may say it."""
    trusted = one.strength == "crypto" and one.integrity is not None and one.integrity.state == "trusted"
    refused = one.signer is not None and (one.signer.denied or one.signer.product_allowed is False)
    return trusted and not refused and one.asserted != "gathered" and one.scope == "whole"


def _is_broken(one: Evidence) -> bool:
    return one.integrity is not None and one.integrity.state == "broken"


def _is_near_known(finding: Finding) -> bool:
    """Whether it looks like known-bad material without being the same file."""
    if not isinstance(finding.outcome, Matched):
        return False
    bad = [match for match in finding.outcome.matches if match.polarity == "known-bad"]
    return bool(bad) and all(match.kind == "pdq" for match in bad)


def _has_real_source(evidence: Sequence[Evidence]) -> bool:
    """Whether a camera's picture went into it."""
    return any(one.claim in CAMERA_CLAIMS and one.scope.startswith("ingredient:") for one in evidence)


def _is_first_generation(finding: Finding, evidence: Sequence[Evidence]) -> bool:
    """A camera's own notes that fit, at a camera's own size, and no editor or copy declared."""
    whole = [one for one in evidence if not one.scope.startswith("ingredient:")]
    fits = any(one.claim == "cameraTraits" and one.strength == "structural" for one in whole)
    signed = any(_camera_rung(one) == "signed" for one in whole)
    edited = any(one.claim in ("edited", "screenCaptureMayContainGenAI", "digitisedMedia") for one in whole)
    pixels = (finding.width_pixels or 0) * (finding.height_pixels or 0)
    return (fits or signed) and not edited and pixels >= CAMERA_PIXELS
