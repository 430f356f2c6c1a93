"""Evidence of origin on the ladders: AI A to D, camera signed, sensor, traits. Nothing a liar adds lowers a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases.triage.saying import RULES

from rempart.cases.triage.features import from_finding
from rempart.cases.triage.rank import place
from rempart.facts import Finding, Match, Matched, NoMatch
from rempart.facts.evidence import Claim, Evidence, Integrity, Origin, Signer
from rempart.facts.finding import Outcome
from rempart.facts.fingerprint import View
from rempart.origin.verdict import judge
from rempart.testing.desk import NOW

NEAR = Matched((Match("dragons", 1, "d", "pdq", 9, "block", "known-bad", view=View(0, False)),), "block")
EXACT = Matched((Match("dragons", 1, "d", "sha256", 0, "block", "known-bad"),), "block")
UNKNOWN = NoMatch()
SIGNER = Signer("Somebody", trust_store="official", assurance_level=2)


def seen(claim: Claim, **changes: object) -> Evidence:
    fields = {"source": "test", "kind": "xmp", "locator": "x", "strength": "structural", **changes}
    return Evidence(claim=claim, add_cost="trivial", strip_cost="trivial", **fields)  # type: ignore[arg-type]


def signed(claim: Claim, **changes: object) -> Evidence:
    fields = {"kind": "c2pa", "strength": "crypto", "asserted": "created", "signer": SIGNER}
    return seen(claim, **(fields | {"integrity": Integrity("trusted", hard_binding=True)} | changes))


def found(*evidence: Evidence, outcome: Outcome = UNKNOWN, side: int = 1000) -> dict[str, list[object]]:
    origin = Origin(judge(list(evidence)), evidence)
    told: dict[str, list[object]] = {}
    for one in from_finding(Finding("a", outcome, width_pixels=side, height_pixels=side, origin=origin), NOW):
        told.setdefault(one.name, []).append(one.value)
    return told


AI = seen("fullyGenAIMedia")
TRAITS = seen("cameraTraits", kind="exif")


@pytest.mark.parametrize(
    ("evidence", "grade"),
    [
        (signed("fullyGenAIMedia"), "A"),
        (signed("fullyGenAIMedia", asserted="gathered"), "B"),
        (signed("fullyGenAIMedia", integrity=Integrity("valid")), "B"),
        (signed("fullyGenAIMedia", signer=Signer("Somebody", denied=True)), "B"),
        (signed("fullyGenAIMedia", signer=Signer("Somebody", product_allowed=False)), "B"),
        (AI, "B"),
        (seen("noStatement", kind="detector"), "D"),
    ],
)
def test_each_kind_of_ai_evidence_has_its_grade(evidence: Evidence, grade: str) -> None:
    assert found(evidence)["ai_evidence"] == [grade]


def test_a_broken_signature_says_nothing_of_ai_and_is_a_contradiction() -> None:
    told = found(signed("fullyGenAIMedia", integrity=Integrity("broken")))
    assert "ai_evidence" not in told
    assert told["origin_contradicts"] == [True]


def test_the_best_grade_counts_once() -> None:
    assert found(AI, signed("fullyGenAIMedia"), seen("noStatement", kind="detector"))["ai_evidence"] == ["A"]


def test_each_kind_of_camera_evidence_has_its_rung() -> None:
    assert found(signed("capturedMedia"))["camera_evidence"] == ["signed"]
    assert found(seen("cameraTraits", kind="prnu"))["camera_evidence"] == ["sensor"]
    assert found(TRAITS)["camera_evidence"] == ["traits"]
    assert "camera_evidence" not in found(seen("capturedMedia", scope="ingredient:a"))


def test_ai_beside_camera_evidence_contradicts_itself() -> None:
    assert found(AI, TRAITS)["origin_contradicts"] == [True]
    assert "origin_contradicts" not in found(AI)


@pytest.mark.parametrize("evidence", [AI, signed("fullyGenAIMedia"), seen("noStatement", kind="detector")])
def test_ai_near_known_material_means_that_a_real_picture_went_into_it(evidence: Evidence) -> None:
    assert found(evidence, outcome=NEAR)["derived_from_real"] == [True]
    assert "derived_from_real" not in found(evidence, outcome=EXACT)
    assert "derived_from_real" not in found(evidence)


def test_ai_with_a_camera_picture_as_its_source_is_derived_from_real() -> None:
    assert found(AI, seen("capturedMedia", scope="ingredient:photo"))["derived_from_real"] == [True]
    assert found(signed("partlyGenAICreation"))["derived_from_real"] == [True]


def test_a_camera_file_at_a_camera_size_is_first_generation_unless_edited() -> None:
    assert found(TRAITS, side=3000)["first_generation"] == [True]
    assert found(signed("capturedMedia"), side=3000)["first_generation"] == [True]
    assert "first_generation" not in found(TRAITS, side=1000)
    assert "first_generation" not in found(TRAITS, seen("edited"), side=3000)
    assert "first_generation" not in found(TRAITS, seen("digitisedMedia"), side=3000)


def test_what_was_not_looked_at_for_origin_says_nothing() -> None:
    assert {one.name for one in from_finding(Finding("a", NoMatch()), NOW)} == {"novelty"}


FORGED = [
    AI,
    seen("partlyGenAICreation"),
    seen("noStatement", kind="detector"),
    seen("fullyGenAIMedia", strength="hint"),
    signed("fullyGenAIMedia", integrity=Integrity("valid")),
    signed("fullyGenAIMedia"),
]
TRUE = [TRAITS, signed("capturedMedia"), seen("cameraTraits", kind="prnu"), seen("noStatement")]


@given(
    st.lists(st.sampled_from(TRUE), max_size=3),
    st.lists(st.sampled_from(FORGED), min_size=1, max_size=3),
    st.sampled_from([NoMatch(), NEAR, EXACT]),
    st.sampled_from([1000, 3000]),
)
def test_evidence_of_ai_added_to_a_file_never_moves_its_case_down(
    true: list[Evidence], forged: list[Evidence], outcome: Outcome, side: int
) -> None:
    def order(evidence: list[Evidence]) -> tuple[int, int]:
        origin = Origin(judge(evidence), tuple(evidence))
        finding = Finding("a", outcome, width_pixels=side, height_pixels=side, origin=origin)
        spot = place(from_finding(finding, NOW), RULES, NOW)
        return spot.tier, -spot.score

    assert order([*true, *forged]) <= order(true)
