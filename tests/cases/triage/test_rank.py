"""A place follows from features and rules alone: tiers first, an explained score inside, AI evidence for ties only."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.cases.triage.saying import (
    AI,
    EVERY_FEATURE,
    RAISING,
    RULES,
    ai_features,
    placed,
    plain_features,
    rules_of_place,
    say,
    some_features,
)

from rempart.cases.triage.rank import ageing, place
from rempart.cases.triage.ruleset import AGEING, Ageing
from rempart.facts.case import Feature, Placement
from rempart.testing.desk import NOW

RAISED = [one for one in EVERY_FEATURE if one.name in RAISING and one.value is True]
TIES = {rule.id for rule in RULES.ties}


def order(placement: Placement) -> tuple[int, int]:
    """Smaller comes first."""
    return placement.tier, -placement.score


@given(some_features, st.integers(0, 13))
def test_the_same_features_in_any_order_give_the_same_place(features: list[Feature], turn: int) -> None:
    here = place(features, RULES, NOW)
    assert here == place(features[::-1], RULES, NOW) == place([*features[turn:], *features[:turn]], RULES, NOW)


@given(some_features)
def test_saying_the_same_twice_changes_nothing(features: list[Feature]) -> None:
    assert place(features, RULES, NOW) == place(features * 2, RULES, NOW)


@given(some_features, st.integers(0, 400))
def test_the_score_is_whole_and_is_the_sum_of_its_reasons(features: list[Feature], days: int) -> None:
    found = place(features, RULES, NOW, NOW - timedelta(days=days))
    decisive, *rest = found.why
    assert decisive.points == 0
    assert found.score == sum(why.points for why in rest if why.rule not in TIES)
    assert found.tie == sum(why.points for why in rest if why.rule in TIES)
    assert type(found.score) is type(found.tie) is int


@given(some_features)
def test_every_reason_names_a_rule_in_words_and_only_features_that_are_known(features: list[Feature]) -> None:
    names = {one.name for one in features}
    for why in place(features, RULES, NOW).why:
        assert RULES.sentence(why.rule, "en") != why.rule
        assert RULES.sentence(why.rule, "fr") != why.rule
        assert set(why.features) <= names


@given(plain_features, ai_features)
def test_no_ai_evidence_ever_changes_tier_or_score(features: list[Feature], more: list[Feature]) -> None:
    without, with_it = place(features, RULES, NOW), place([*features, *more], RULES, NOW)
    assert order(without) == order(with_it)
    assert [why for why in with_it.why if why.rule not in TIES] == list(without.why)


@given(plain_features, st.lists(st.sampled_from(RAISED), min_size=1, max_size=3))
def test_what_ai_evidence_is_a_part_of_brings_a_case_forward_or_leaves_it(
    features: list[Feature], more: list[Feature]
) -> None:
    assert order(place([*features, *more], RULES, NOW)) <= order(place(features, RULES, NOW))


@given(plain_features)
def test_ai_evidence_beside_near_known_material_brings_a_case_forward(features: list[Feature]) -> None:
    near = [*features, *say(novelty="near")]
    edited = [*near, *say(ai_evidence="A", derived_from_real=True)]
    assert order(place(edited, RULES, NOW)) < order(place(near, RULES, NOW)) or "derived_from_real" in {
        one.name for one in features
    }


def test_ai_made_from_a_real_series_a_known_child_or_with_contact_comes_before_known_material() -> None:
    widely_known = {"novelty": "near", "victim_identified": True, "submissions": 900, "viral": True}
    assert placed(**widely_known).tier == 5
    assert placed(**widely_known, ai_evidence="A").tier == 5
    for danger in ("derived_from_real", "known_child", "minor_contact"):
        assert placed(**widely_known, ai_evidence="A", **{danger: True}).tier == 2, danger


def test_among_equals_better_ai_evidence_comes_later() -> None:
    ties = [placed(ai_evidence=grade).tie for grade in "EDCBA"]
    assert ties == sorted(ties, reverse=True)
    assert placed().tie == 0 > ties[0]
    assert AI == ["ai_evidence"], "a new kind of AI evidence needs its ties"


def test_the_first_tier_that_holds_wins() -> None:
    everything = {"urgent": True, "victim_self_report": True, "known_child": True, "novelty": "none"}
    assert rules_of_place(placed(**everything))[0] == "t0-victim"
    del everything["victim_self_report"]
    assert rules_of_place(placed(**everything))[0] == "t0-urgent"
    del everything["urgent"]
    assert rules_of_place(placed(**everything))[0] == "t1-known-child"


def test_nothing_known_is_unknown_and_not_known_material() -> None:
    assert (placed().tier, placed().score) == (3, 0)


def test_waiting_gains_points_in_steps_and_says_so() -> None:
    week = RULES.ageing.every_hours
    for hours, points in ((0, 0), (week - 1, 0), (week, 1), (2 * week - 1, 1), (2 * week, 2), (100 * week, 100)):
        found = place([], RULES, NOW, NOW - timedelta(hours=hours))
        assert found.score == points
        assert (AGEING in rules_of_place(found)) is (points > 0)


@given(st.integers(1, 50), st.integers(1, 100), st.integers(0, 10_000), st.integers(0, 1000))
def test_waiting_never_costs_points_and_never_stops_gaining(points: int, every: int, hours: int, more: int) -> None:
    rule = Ageing(points, every)
    now, later = NOW + timedelta(hours=hours), NOW + timedelta(hours=hours + more)
    assert 0 <= ageing(NOW, rule, now) <= ageing(NOW, rule, later)
    assert ageing(NOW, rule, later + timedelta(hours=every * 10)) >= ageing(NOW, rule, later) + points * 9


def test_evidence_about_to_be_deleted_counts_more_and_depends_on_the_time_alone() -> None:
    soon = say(evidence_expires=f"{NOW + timedelta(hours=60):%Y-%m-%dT%H:%M:%SZ}")
    assert place(soon, RULES, NOW - timedelta(days=30)).score == 0
    assert place(soon, RULES, NOW).score == 10
    assert place(soon, RULES, NOW + timedelta(hours=12)).score == 25
    assert place(soon, RULES, NOW + timedelta(hours=60)).score == 25
    assert place(soon, RULES, NOW + timedelta(hours=61)).score == 0, "what is gone hurries nobody"


def test_a_value_that_nobody_knows_counts_as_not_known() -> None:
    unknown = Feature("victim_identified", None, "list:a@1", NOW)
    assert place([unknown], RULES, NOW) == place([], RULES, NOW)
