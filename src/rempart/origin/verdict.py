"""From evidence to a verdict: a pure function, in which nothing a liar can add moves a case down.

Rules (a) to (g) of our evidence model:
(a) no verdict lowers urgency; captured, derived, broken and conflicting evidence raises it;
(b) every verdict carries the notice that it does not tell whether a real child is shown;
(c) a conflict is named, never averaged away;
(d) an unsigned AI claim beside any camera evidence is a conflict, handled as real;
(e) a detector's score alone is unknown;
(f) "AI" enters a report only by the signature of two people, so nothing here does it;
(g) the wording is "the file declares" or "signer X declares".
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from rempart.facts.evidence import AI_CLAIMS, CAMERA_CLAIMS, COPY_CLAIMS, Evidence, Origin, OriginVerdict, Verdict

RULES_VERSION = "2026-11-22.1"
RAISING: frozenset[Verdict] = frozenset(
    {"captured.signed", "captured.indicated", "ai.signed.derived", "broken", "conflict"}
)
NOT_CHECKED = (
    "revocation of certificates (there is no network)",
    "closed watermarks (SynthID, Content Seal, Digimarc)",
    "statistical detectors (none is shipped: they call real photographs AI)",
)
PIXELS = "watermarks, signatures and thumbnails that need decoded pixels (not asked for)"

Outcome = tuple[Verdict, str]


def urgency(verdict: Verdict) -> Literal[0, 1]:
    """1 when the verdict raises a case, 0 when it leaves it where it is. There is no lower value."""
    return 1 if verdict in RAISING else 0


def judge(evidence: Sequence[Evidence], *, looked_at_pixels: bool = True) -> OriginVerdict:
    """The verdict of all evidence about one item, in whatever order it comes.

    looked_at_pixels: whether sources that need pixels ran; if not, the verdict says so.
    """
    verdict, rule = _decide(_Seen(evidence))
    not_checked = NOT_CHECKED if looked_at_pixels else (*NOT_CHECKED, PIXELS)
    return OriginVerdict(verdict, (rule, *_remarks(evidence)), urgency(verdict), not_checked, RULES_VERSION)


def unexamined(reason: str) -> Origin:
    """The origin of an item whose carriers could not be looked at: unknown, and the reason stands as evidence."""
    nothing = Evidence("examiner", "c2pa", "whole file", "noStatement", "hint", "trivial", "trivial", reason=reason)
    return Origin(judge([nothing], looked_at_pixels=False), (nothing,))


class _Seen:
    """The evidence sorted into what the rules ask for. Detectors and reasons never count."""

    def __init__(self, evidence: Iterable[Evidence]) -> None:
        counted = [one for one in evidence if one.kind != "detector" and one.claim != "noStatement"]
        self.broken = [one for one in evidence if one.integrity is not None and one.integrity.state == "broken"]
        sound = [one for one in counted if one not in self.broken]
        ai = [one for one in sound if one.claim in AI_CLAIMS]
        camera = [one for one in sound if one.claim in CAMERA_CLAIMS]
        self.signed_ai = [one for one in ai if _is_proof(one)]
        self.declared_ai = [one for one in ai if not _is_proof(one)]
        self.signed_camera = [one for one in camera if _is_proof(one)]
        self.indicated_camera = [one for one in camera if not _is_proof(one)]
        self.derived = [one for one in self.signed_ai if one.derived or one.claim == "partlyGenAICreation"]
        self.sources_inside = [
            one for one in sound if one.claim == "mediaUnknownProvenance" or one.scope.startswith("ingredient:")
        ]
        self.camera_of_the_whole = [one for one in camera if not one.scope.startswith("ingredient:")]
        self.contradicted = [one for one in sound if one.claim == "anotherPictureInside" or _is_misused(one)]
        self.copies = [one for one in sound if one.claim in COPY_CLAIMS]
        self.edits = [one for one in sound if one.claim in ("edited", "nonGenAIDigitalCreation")]


def _is_proof(one: Evidence) -> bool:
    """Whether the claim is made by a trusted signer about the whole picture, and allowed to be made."""
    trusted = one.strength == "crypto" and one.integrity is not None and one.integrity.state == "trusted"
    return trusted and one.asserted != "gathered" and one.scope == "whole" and not _is_misused(one)


def _is_misused(one: Evidence) -> bool:
    """Whether the signer was not allowed to say this: a denied certificate, or a product that may not claim it."""
    return one.signer is not None and (one.signer.denied or one.signer.product_allowed is False)


def _decide(seen: _Seen) -> Outcome:
    for rule in _RULES:
        outcome = rule(seen)
        if outcome is not None:
            return outcome
    return "unknown", "default: nothing in the file says how its pixels were made"


def _conflict(seen: _Seen) -> Outcome | None:
    if seen.contradicted:
        return "conflict", f"c: {_who(seen.contradicted[0])} contradicts itself or may not say this"
    if seen.declared_ai and (seen.indicated_camera or seen.signed_camera):
        return "conflict", f"d: {_who(seen.declared_ai[0])} declares AI beside camera evidence: handled as real"
    if seen.signed_ai and seen.camera_of_the_whole:  # a camera picture that went in makes it derived, not contradictory
        return "conflict", f"c: {_who(seen.signed_ai[0])} declares AI beside camera evidence: handled as real"
    return None


def _broken(seen: _Seen) -> Outcome | None:
    return ("broken", "a: a manifest or signature is there and fails its check") if seen.broken else None


def _captured_signed(seen: _Seen) -> Outcome | None:
    if not seen.signed_camera:
        return None
    return "captured.signed", f"a: {_who(seen.signed_camera[0])} declares a camera capture"


def _ai_derived(seen: _Seen) -> Outcome | None:
    if not seen.derived and not (seen.signed_ai and seen.sources_inside):
        return None
    return "ai.signed.derived", f"a: {_who(seen.signed_ai[0])} declares AI made from another picture"


def _ai_full(seen: _Seen) -> Outcome | None:
    if not seen.signed_ai:
        return None
    return "ai.signed.full", f"g: {_who(seen.signed_ai[0])} declares the whole picture AI-made"


def _captured_indicated(seen: _Seen) -> Outcome | None:
    if not seen.indicated_camera:
        return None
    return "captured.indicated", f"a: {_who(seen.indicated_camera[0])} shows camera traits, which can be copied"


def _ai_declared(seen: _Seen) -> Outcome | None:
    if not seen.declared_ai:
        return None
    return "ai.declared", f"g: {_who(seen.declared_ai[0])} declares AI, which anyone can add: urgency stays"


def _copied(seen: _Seen) -> Outcome | None:
    return ("screen_or_copy", f"g: {_who(seen.copies[0])} declares a copy or composite") if seen.copies else None


def _edited(seen: _Seen) -> Outcome | None:
    return ("edited", f"g: {_who(seen.edits[0])} declares editing or drawing") if seen.edits else None


# First rule that speaks wins. Conflict and broken come first, because they raise a case and hide nothing.
_RULES: tuple[Callable[[_Seen], Outcome | None], ...] = (
    _conflict,
    _broken,
    _captured_signed,
    _ai_derived,
    _ai_full,
    _captured_indicated,
    _ai_declared,
    _copied,
    _edited,
)


def _who(one: Evidence) -> str:
    """Who says so: a signer by name, else the file at that place."""
    signed = one.signer is not None and one.integrity is not None and one.integrity.state == "trusted"
    return f"signer {one.signer.name}" if signed and one.signer else f"the file ({one.locator})"


def _remarks(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """What a reader must know besides the decisive rule."""
    remarks = []
    if any(one.kind == "detector" for one in evidence):
        remarks.append("e: a detector's score was seen and counts for nothing by itself")
    reasons = sorted({one.reason for one in evidence if one.reason})
    remarks += [f"not examined: {reason}" for reason in reasons]
    return tuple(remarks)
