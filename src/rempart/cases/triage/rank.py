"""From features to a place in the queue: a pure function. Tiers first, an explained score inside the tier."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from rempart.cases.triage.ruleset import AGEING, OTHERWISE, Ageing, Known, Rule, Rules
from rempart.facts.case import Feature, FeatureValue, Placement, Why


def place(features: Sequence[Feature], rules: Rules, now: datetime, received_at: datetime | None = None) -> Placement:
    """The place of a case with these features.

    received_at: since when it waits; left out, it has just come. AI evidence changes the tie and nothing else: the
    rules were checked for it when they were loaded.
    """
    known = values_of(features)
    tier, decisive = _tier(known, rules, now)
    scored = _whys(rules.scores, known, now)
    bonus = ageing(received_at, rules.ageing, now) if received_at else 0
    waited = [Why(AGEING, bonus)] if bonus else []
    ties = _whys(rules.ties, known, now)
    ordered = sorted((*scored, *waited), key=lambda why: -abs(why.points))
    score = sum(why.points for why in ordered)
    return Placement(tier, score, sum(why.points for why in ties), (decisive, *ordered, *ties), rules.version)


def values_of(features: Iterable[Feature]) -> Known:
    """Feature name -> its values, whoever stated them. What is None is not known."""
    known: dict[str, list[FeatureValue]] = {}
    for one in features:
        if one.value is not None:
            known.setdefault(one.name, []).append(one.value)
    return known


def ageing(received_at: datetime, ageing: Ageing, now: datetime) -> int:
    """The points for having waited since then: they grow in steps and never end, so nothing waits for ever."""
    return max((now - received_at) // timedelta(hours=ageing.every_hours), 0) * ageing.points


def _tier(known: Known, rules: Rules, now: datetime) -> tuple[int, Why]:
    for rule in rules.tiers:
        if rule.holds(known, now):
            return rule.number, Why(rule.id, 0, rule.rests_on(known, now))
    return rules.otherwise, Why(OTHERWISE, 0)


def _whys(rules: Iterable[Rule], known: Known, now: datetime) -> list[Why]:
    return [Why(rule.id, rule.number, rule.rests_on(known, now)) for rule in rules if rule.holds(known, now)]
