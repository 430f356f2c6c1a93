"""Evidence of how pixels were made, and the verdict drawn from it. It never says whether a real child is shown."""

from dataclasses import dataclass, field
from typing import Literal

EvidenceKind = Literal[
    "c2pa", "xmp", "exif", "text", "stealth", "watermark", "jpeg", "thumbnail", "motion", "prnu", "detector"
]
Claim = Literal[
    "capturedMedia",
    "capturedMediaStitched",
    "nonGenAIDigitalCreation",
    "fullyGenAIMedia",
    "partlyGenAICreation",
    "compositionMayContainGenAI",
    "screenCaptureMayContainGenAI",
    "mediaUnknownProvenance",
    "digitisedMedia",
    "edited",
    "cameraTraits",
    "anotherPictureInside",
    "noStatement",
]
Strength = Literal["crypto", "structural", "hint"]
AddCost = Literal["trivial", "tool", "needs_key"]
StripCost = Literal["trivial", "tool", "hard"]
IntegrityState = Literal["trusted", "valid", "broken", "not_examined"]
Verdict = Literal[
    "captured.signed",
    "captured.indicated",
    "ai.signed.full",
    "ai.signed.derived",
    "ai.declared",
    "edited",
    "screen_or_copy",
    "broken",
    "conflict",
    "unknown",
]

AI_CLAIMS: frozenset[Claim] = frozenset({"fullyGenAIMedia", "partlyGenAICreation"})
CAMERA_CLAIMS: frozenset[Claim] = frozenset({"capturedMedia", "capturedMediaStitched", "cameraTraits"})
COPY_CLAIMS: frozenset[Claim] = frozenset(
    {"screenCaptureMayContainGenAI", "digitisedMedia", "compositionMayContainGenAI"}
)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who stands behind a signed claim.

    name: subject of the leaf certificate. trust_store: the named store its chain ends in; empty when in none.
    assurance_level: C2PA assurance level of the leaf, None when it states none.
    product_record: the conforming-product record the leaf names; empty when it names none.
    product_allowed: whether that product may make this claim; None when no list says.
    denied: the certificate stands on the deny list for the time of signing.
    """

    name: str
    cert_sha256: str = ""
    trust_store: str = ""
    assurance_level: int | None = None
    product_record: str = ""
    product_allowed: bool | None = None
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Integrity:
    """Whether the carrier is whole and bound to these pixels.

    state: `trusted` chains to a named store and every check passed; `valid` is whole but by an unknown signer;
        `broken` fails a check; `not_examined` could not be checked (codes say why).
    revocation: always `not checked`: there is no network.
    """

    state: IntegrityState
    codes: tuple[str, ...] = ()
    hard_binding: bool | None = None
    time_source: str = ""
    revocation: Literal["not checked"] = "not checked"


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """A log10 likelihood ratio with its bounds, never above what the validation size supports."""

    low: float
    high: float
    cap: float
    calibration: str


@dataclass(frozen=True, slots=True)
class Survives:
    """Whether the evidence is still there after these, as measured by `rempart origin selftest`."""

    resave: bool = False
    resize: bool = False
    screenshot: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observation about how the pixels were made.

    source: which leaf of `rempart.origin.evidence` made it. locator: where it stands, such as `PNG tEXt parameters`.
    tool: a tool's name from our own vocabulary; empty when none is recognised. Free text is never copied.
    fields: names of the fields that were seen, never their values.
    scope: `whole`, `region`, or `ingredient:<label>`.
    asserted: for signed claims, whether the signer made the claim itself (created) or only passed it on (gathered).
    derived: the claim says that other pictures went into this one.
    add_cost: what it takes to add this to any picture; strip_cost: to remove it.
    raw_sha256: of the carrier's bytes, which may hold a prompt and are never shown.
    reason: for what could not be examined, in the vocabulary of `rempart.facts.reasons`; else empty.
    """

    source: str
    kind: EvidenceKind
    locator: str
    claim: Claim
    strength: Strength
    add_cost: AddCost
    strip_cost: StripCost
    tool: str = ""
    fields: tuple[str, ...] = ()
    scope: str = "whole"
    signer: Signer | None = None
    integrity: Integrity | None = None
    asserted: Literal["created", "gathered", ""] = ""
    derived: bool = False
    survives: Survives = field(default_factory=Survives)
    ratio: LikelihoodRatio | None = None
    raw_sha256: str = ""
    contains_prompt: bool = False
    reason: str = ""


NOTICE = "This does not tell whether a real child is shown or used."


@dataclass(frozen=True, slots=True)
class OriginVerdict:
    """What the evidence together says about how the pixels were made; a pure function of it.

    rules: the rules that led here, most decisive first, as `letter: sentence`.
    urgency: 1 raises a case, 0 leaves it where it is; no verdict lowers one.
    not_checked: what would have to be checked elsewhere, such as revocation.
    notice: printed wherever the verdict is.
    """

    verdict: Verdict
    rules: tuple[str, ...]
    urgency: Literal[0, 1]
    not_checked: tuple[str, ...]
    rules_version: str
    notice: str = NOTICE


@dataclass(frozen=True, slots=True)
class Origin:
    """The verdict about one item, and all the evidence it was drawn from."""

    verdict: OriginVerdict
    evidence: tuple[Evidence, ...] = ()
