"""What triage rules are made of: conditions on features, joined into rules for tiers, points and ties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rempart.facts.case import FeatureValue

TIERS = range(6)
AGEING = "ageing"
OTHERWISE = "otherwise"
Test = Literal["is", "in", "at_least", "at_most", "within_hours", "known"]
Known = Mapping[str, Sequence[FeatureValue]]


@dataclass(frozen=True, slots=True)
class Condition:
    """One question about one feature. A feature may stand several times: one value that fits is enough.

    every: all of its values have to fit, and there has to be one. within_hours: not yet past, and so near at most.
    """

    feature: str
    test: Test
    wanted: FeatureValue | tuple[FeatureValue, ...]
    every: bool = False

    def holds(self, known: Known, now: datetime) -> bool:
        """Whether it is so."""
        values = known.get(self.feature)
        if self.test == "known":
            return bool(values) is self.wanted
        if not values:
            return False
        fits = [self._fits(value, now) for value in values]
        return all(fits) if self.every else any(fits)

    def _fits(self, value: FeatureValue, now: datetime) -> bool:
        wanted = self.wanted
        if self.test == "is":
            return value == wanted
        if isinstance(wanted, tuple):
            return value in wanted
        if not isinstance(wanted, int):
            return False
        if self.test == "within_hours":
            return isinstance(value, str) and now <= datetime.fromisoformat(value) <= now + timedelta(hours=wanted)
        if not isinstance(value, int):
            return False
        return value >= wanted if self.test == "at_least" else value <= wanted


@dataclass(frozen=True, slots=True)
class Rule:
    """It holds when everything it needs holds, one of `one_of` (if there are any), and nothing of `unless`.

    number: the tier for a tier rule, the points for the others.
    """

    id: str
    number: int
    en: str
    fr: str
    needs: tuple[Condition, ...] = ()
    one_of: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()

    def holds(self, known: Known, now: datetime) -> bool:
        """Whether it does, with what is known now."""
        # Plain loops: this is the innermost question of every placing, and generators would double its time.
        for one in self.needs:
            if not one.holds(known, now):
                return False
        for one in self.unless:
            if one.holds(known, now):
                return False
        for one in self.one_of:
            if one.holds(known, now):
                return True
        return not self.one_of

    def rests_on(self, known: Known, now: datetime) -> tuple[str, ...]:
        """The features that made it hold, each once."""
        held = (one.feature for one in (*self.needs, *self.one_of) if one.holds(known, now) and known.get(one.feature))
        return tuple(dict.fromkeys(held))


@dataclass(frozen=True, slots=True)
class Ageing:
    """Points that a waiting case gains, each time so many hours have passed."""

    points: int
    every_hours: int


@dataclass(frozen=True, slots=True)
class Sampling:
    """Low tiers of which a share of each day's cases is looked at whatever their rank."""

    tiers: tuple[int, ...]
    daily_share: float


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force. version: their name and what their text hashes to."""

    version: str
    tiers: tuple[Rule, ...]
    scores: tuple[Rule, ...]
    ties: tuple[Rule, ...]
    otherwise: int
    ageing: Ageing
    sampling: Sampling
    names: Mapping[int, tuple[str, str]]
    """Tier -> what it is called in English and French."""

    def sentence(self, rule: str, language: str) -> str:
        """The rule in words; its id for a rule that these rules do not have (an older version placed the case)."""
        said = {one.id: (one.en, one.fr) for one in (*self.tiers, *self.scores, *self.ties)} | BUILT_IN
        return said.get(rule, (rule, rule))[language == "fr"]

    def tier_name(self, tier: int, language: str) -> str:
        """What the tier is called."""
        return self.names[tier][language == "fr"]


BUILT_IN = {
    AGEING: ("it has waited", "elle attend depuis longtemps"),
    OTHERWISE: ("no other rule holds", "aucune autre règle ne s’applique"),
}
