"""Short ways of saying what is known of a case, and every way of saying it, for property tests."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from rempart.cases.triage.features import VOCABULARY, feature
from rempart.cases.triage.rank import place
from rempart.cases.triage.rules import load_rules
from rempart.cases.triage.vocabulary import Word
from rempart.facts.case import Feature, Placement
from rempart.testing.desk import NOW

RULES = load_rules()
AI = [one.name for one in VOCABULARY.values() if one.ai]
RAISING = [one.name for one in VOCABULARY.values() if one.raises]


def say(**values: Any) -> list[Feature]:
    """Features of these names, each from somebody who may say so; a list says several values of one."""
    said = []
    for name, value in values.items():
        source = min(VOCABULARY[name].sources)
        said += [feature(name, one, source, NOW) for one in (value if isinstance(value, list) else [value])]
    return said


def placed(**values: Any) -> Placement:
    """The place that the rules that ship give to a case of which this is known."""
    return place(say(**values), RULES, NOW)


def rules_of_place(placement: Placement) -> list[str]:
    return [why.rule for why in placement.why]


def values_of(meant: Word) -> list[Any]:
    """Values that the feature can have, on both sides of every number that rules ask for."""
    if meant.type == "yes":
        return [True, False]
    if meant.type == "count":
        return [0, 1, 3, 5, 6, 7, 19, 20, 30, 31, 365, 366, 2**53]
    if meant.type == "moment":
        return [f"{NOW + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}" for hours in (-1, 47, 49, 167, 169)]
    return list(meant.choices) or ["FR", "dragon.example"]


EVERY_FEATURE = [
    feature(meant.name, value, f"{source}:x", NOW)
    for meant in VOCABULARY.values()
    for value in values_of(meant)
    for source in sorted(meant.sources)[:2]
]
PLAIN = [one for one in EVERY_FEATURE if one.name not in AI]
AI_EVIDENCE = [one for one in EVERY_FEATURE if one.name in AI]
some_features = st.lists(st.sampled_from(EVERY_FEATURE), max_size=14)
plain_features = st.lists(st.sampled_from(PLAIN), max_size=14)
ai_features = st.lists(st.sampled_from(AI_EVIDENCE), max_size=4)
