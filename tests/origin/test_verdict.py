"""The verdict is a pure function of the evidence, and nothing a liar adds moves a case down."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.facts.evidence import (
    AI_CLAIMS,
    NOTICE,
    Claim,
    Evidence,
    EvidenceKind,
    Integrity,
    IntegrityState,
    Origin,
    Signer,
    Verdict,
)
from rempart.facts.evidence_wire import origin_from_json, origin_to_json
from rempart.origin.verdict import judge, urgency

TRUSTED = Integrity("trusted", hard_binding=True)
CAMERA_MAKER = Signer("Camera Maker", trust_store="official", assurance_level=2)


def evidence(claim: Claim, **changes: object) -> Evidence:
    base = Evidence("test", "xmp", "JPEG APP1 XMP", claim, "structural", "trivial", "trivial")
    return Evidence(**{**{name: getattr(base, name) for name in base.__slots__}, **changes})  # type: ignore[arg-type]


def signed(claim: Claim, state: IntegrityState = "trusted", **changes: object) -> Evidence:
    fields = {"kind": "c2pa", "strength": "crypto", "add_cost": "needs_key", "asserted": "created", **changes}
    return evidence(claim, **fields, signer=CAMERA_MAKER, integrity=Integrity(state))


DECLARED_AI = evidence("fullyGenAIMedia")
CAMERA_TRAITS = evidence("cameraTraits", kind="exif")


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        ([], "unknown"),
        ([signed("capturedMedia")], "captured.signed"),
        ([CAMERA_TRAITS], "captured.indicated"),
        ([signed("fullyGenAIMedia")], "ai.signed.full"),
        ([signed("fullyGenAIMedia", derived=True)], "ai.signed.derived"),
        ([signed("partlyGenAICreation")], "ai.signed.derived"),
        ([signed("fullyGenAIMedia"), evidence("mediaUnknownProvenance", scope="ingredient:a")], "ai.signed.derived"),
        ([signed("fullyGenAIMedia"), signed("capturedMedia", scope="ingredient:photo")], "ai.signed.derived"),
        ([DECLARED_AI, signed("capturedMedia", scope="ingredient:photo")], "conflict"),
        ([DECLARED_AI], "ai.declared"),
        ([signed("fullyGenAIMedia", "valid")], "ai.declared"),
        ([signed("fullyGenAIMedia", asserted="gathered")], "ai.declared"),
        ([signed("capturedMedia", "valid")], "captured.indicated"),
        ([signed("capturedMedia", "broken")], "broken"),
        ([DECLARED_AI, CAMERA_TRAITS], "conflict"),
        ([signed("fullyGenAIMedia"), CAMERA_TRAITS], "conflict"),
        ([signed("fullyGenAIMedia"), signed("capturedMedia")], "conflict"),
        ([evidence("anotherPictureInside", kind="thumbnail")], "conflict"),
        ([evidence("screenCaptureMayContainGenAI")], "screen_or_copy"),
        ([evidence("digitisedMedia")], "screen_or_copy"),
        ([evidence("edited")], "edited"),
        ([evidence("fullyGenAIMedia", kind="detector")], "unknown"),
        ([evidence("noStatement", reason="damaged: jpeg")], "unknown"),
    ],
)
def test_each_kind_of_evidence_leads_to_its_verdict(found: list[Evidence], verdict: Verdict) -> None:
    assert judge(found).verdict == verdict


@pytest.mark.parametrize("fault", [{"denied": True}, {"product_allowed": False}])
def test_a_signer_that_may_not_say_so_is_a_conflict(fault: dict[str, bool]) -> None:
    signer = Signer("Camera Maker", trust_store="official", **fault)  # type: ignore[arg-type]
    assert judge([evidence("capturedMedia", strength="crypto", signer=signer, integrity=TRUSTED)]).verdict == "conflict"


WORDS = st.sampled_from
ANY_EVIDENCE = st.builds(
    Evidence,
    source=st.just("test"),
    kind=WORDS(get_args(EvidenceKind)),
    locator=st.just("somewhere"),
    claim=WORDS(get_args(Claim)),
    strength=WORDS(["crypto", "structural", "hint"]),
    add_cost=WORDS(["trivial", "tool", "needs_key"]),
    strip_cost=st.just("trivial"),
    scope=WORDS(["whole", "ingredient:a", "region"]),
    signer=st.none()
    | st.builds(
        Signer,
        name=st.just("somebody"),
        trust_store=WORDS(["", "official", "interim"]),
        product_allowed=st.none() | st.booleans(),
        denied=st.booleans(),
    ),
    integrity=st.none() | st.builds(Integrity, state=WORDS(get_args(IntegrityState))),
    asserted=WORDS(["created", "gathered", ""]),
    derived=st.booleans(),
)
ANY_SET = st.lists(ANY_EVIDENCE, max_size=6)
AI_EVIDENCE = ANY_EVIDENCE.filter(lambda one: one.claim in AI_CLAIMS or one.kind == "detector")


@settings(max_examples=500)
@given(ANY_SET, st.lists(AI_EVIDENCE, min_size=1, max_size=3))
def test_adding_any_ai_evidence_never_lowers_urgency(found: list[Evidence], added: list[Evidence]) -> None:
    assert judge([*found, *added]).urgency >= judge(found).urgency


@settings(max_examples=200)
@given(ANY_SET)
def test_a_detector_alone_never_makes_a_verdict(found: list[Evidence]) -> None:
    only = [Evidence("d", "detector", "score", claim, "hint", "trivial", "trivial") for claim in get_args(Claim)]
    assert judge([*found, *only]).verdict == judge(found).verdict


@settings(max_examples=500)
@given(ANY_SET, st.randoms(use_true_random=False))
def test_the_order_of_evidence_does_not_matter(found: list[Evidence], chance: object) -> None:
    mixed = list(found)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert judge(mixed).verdict == judge(found).verdict
    assert judge(mixed).urgency == judge(found).urgency


@given(ANY_SET)
def test_every_verdict_comes_back_from_json_with_its_notice(found: list[Evidence]) -> None:
    origin = Origin(judge(found), tuple(found))
    assert origin_from_json(origin_to_json(origin)) == origin
    assert origin.verdict.notice == NOTICE


def test_unsigned_ai_never_reaches_a_signed_verdict() -> None:
    assert judge([DECLARED_AI] * 50).verdict == "ai.declared"


def test_no_verdict_lowers_urgency() -> None:
    assert {urgency(verdict) for verdict in get_args(Verdict)} == {0, 1}
    assert all(urgency(verdict) == 1 for verdict in ("captured.signed", "captured.indicated", "broken", "conflict"))


def test_words_of_the_verdict_say_who_declares_and_never_what_is() -> None:
    rules = " ".join(judge([signed("fullyGenAIMedia")]).rules)
    assert "signer Camera Maker declares" in rules
    assert "fake" not in rules
