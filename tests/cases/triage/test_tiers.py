"""Every row of the tier table, with what is enough for it and what is not."""

from typing import Any

import pytest
from tests.cases.triage.saying import RULES, placed, rules_of_place

CAMERA_NOW = {"camera_evidence": "traits", "capture_age_days": 10, "novelty": "none"}
KNOWN = {"novelty": "exact"}
IDENTIFIED = KNOWN | {"victim_identified": True, "submissions": 50}

ROWS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    # rule, what is enough, what is not
    ("t0-threat", {"threat_to_life": True}, {"threat_to_life": False}),
    ("t0-live", {"live_stream": True}, {"live_stream": False}),
    ("t0-contact", {"contact_in_progress": True}, {"minor_contact": True}),
    ("t0-victim", {"victim_self_report": True}, {"known_child": True}),
    ("t0-urgent", {"urgent": True}, {"trusted_flagger": True}),
    ("t1-new-real-reachable", CAMERA_NOW | {"country": "FR"}, CAMERA_NOW),
    ("t1-new-real-reachable", CAMERA_NOW | {"actor_identifiable": True}, CAMERA_NOW | {"actor_identifiable": False}),
    ("t1-new-real-reachable", CAMERA_NOW | {"country": "FR"}, CAMERA_NOW | {"country": "FR", "novelty": "near"}),
    (
        "t1-new-real-reachable",
        CAMERA_NOW | {"country": "FR", "capture_age_days": 365},
        CAMERA_NOW | {"country": "FR", "capture_age_days": 366},
    ),
    ("t1-new-real-reachable", CAMERA_NOW | {"country": "FR"}, {"country": "FR", "capture_age_days": 10}),
    ("t1-known-child", {"known_child": True, "novelty": "none"}, {"known_child": True, "novelty": "exact"}),
    ("t2-edited-real", KNOWN | {"derived_from_real": True}, KNOWN | {"derived_from_real": False}),
    ("t2-edited-real", IDENTIFIED | {"known_child": True}, IDENTIFIED),
    ("t2-minor-contact", IDENTIFIED | {"minor_contact": True}, IDENTIFIED | {"minor_contact": False}),
    ("t2-unknown", {"capture_age_days": 365}, {"capture_age_days": 366}),
    ("t2-unknown", {"camera_evidence": "stated"}, {}),
    ("t2-unknown", {"first_generation": True}, {"first_generation": False}),
    ("t2-unknown", {"access_to_children": True}, {"access_to_children": False}),
    ("t2-unknown", {"prior_reports": 1}, {"prior_reports": 0}),
    ("t2-unknown", {"cluster_size": 2}, {"cluster_size": 1}),
    ("t2-unknown", {"cluster_size": 5}, {"cluster_size": 6}),
    ("t2-unknown", {"origin_contradicts": True}, {"origin_contradicts": False}),
    ("t2-unknown", {"prior_reports": 4, "novelty": "doubtful"}, {"prior_reports": 4, "novelty": "exact"}),
    ("t3-thin", {"novelty": "none"}, {"novelty": "near"}),
    ("t3-thin", {"novelty": "unexamined", "ai_evidence": "B"}, KNOWN),
    ("t3-thin", {"novelty": ["exact", "none"]}, {"novelty": ["exact", "near"]}),
    ("t4-victim-not-identified", KNOWN | {"victim_identified": False}, IDENTIFIED),
    ("t4-victim-not-identified", KNOWN, IDENTIFIED),
    ("t4-victim-not-identified", IDENTIFIED | {"victim_identified": [True, False]}, IDENTIFIED),
    ("t4-new-spread", IDENTIFIED | {"new_actor": True}, IDENTIFIED | {"new_actor": False}),
    ("t4-new-spread", IDENTIFIED | {"new_place": True}, IDENTIFIED),
    ("t4-rare", IDENTIFIED | {"submissions": 19}, IDENTIFIED | {"submissions": 20}),
    ("t4-rare", IDENTIFIED | {"submissions": 19}, IDENTIFIED | {"submissions": 19, "viral": True}),
    ("t5-known", IDENTIFIED, KNOWN),
    ("t5-known", IDENTIFIED | {"viral": True}, {"novelty": "none", "viral": True}),
]


@pytest.mark.parametrize(("rule", "enough", "not_enough"), ROWS)
def test_a_tier_takes_what_is_enough_and_nothing_else(
    rule: str, enough: dict[str, Any], not_enough: dict[str, Any]
) -> None:
    number = next(one.number for one in RULES.tiers if one.id == rule)
    found = placed(**enough)
    assert (rules_of_place(found)[0], found.tier) == (rule, number)
    assert rules_of_place(placed(**not_enough))[0] != rule


def test_every_tier_rule_has_its_row() -> None:
    assert {rule for rule, _, _ in ROWS} == {one.id for one in RULES.tiers}
    assert {one.number for one in RULES.tiers} == set(range(6))


def test_what_could_not_be_examined_stays_unknown_and_is_never_taken_for_known() -> None:
    assert placed(novelty="unexamined").tier == 3
    assert placed(novelty=["unexamined", "exact"]).tier == 3


def test_a_known_good_file_comes_later_and_never_leaves_the_queue() -> None:
    assert placed(novelty="none", known_good=True).tier == 3
    assert placed(novelty="none", known_good=True).score == -20
    assert placed(novelty="near", known_good=True).score == 0
