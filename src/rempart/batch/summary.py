"""Counts of a job whose parts add up to its items."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rempart.errors import Broken
from rempart.facts import Finding, Matched, NotExamined, name_of

SUMMARY_VERSION = 1


@dataclass(slots=True)
class Summary:
    """Counts of findings.

    Only known-bad lists count as matched. distances: how many items matched best at each distance in bits.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    policies: Counter[str] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    distances: Counter[int] = field(default_factory=Counter)
    views: Counter[str] = field(default_factory=Counter)
    media_types: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)

    @property
    def items(self) -> int:
        """How many items have a finding."""
        return self.outcomes.total()

    def add(self, finding: Finding) -> None:
        """Count one finding."""
        outcome = finding.outcome
        self.outcomes[name_of(outcome)] += 1
        self.media_types[finding.media_type] += 1
        self.gaps.update(finding.gaps)
        if finding.origin is not None:
            self.origins[finding.origin.verdict.verdict] += 1
        if isinstance(outcome, NotExamined):
            self.reasons[outcome.reason] += 1
        if isinstance(outcome, Matched):
            self._add_match(outcome)

    def _add_match(self, outcome: Matched) -> None:
        bad = [match for match in outcome.matches if match.polarity == "known-bad"]  # best first
        self.policies[outcome.policy] += 1
        self.lists.update({match.list_name for match in bad})
        self.distances[bad[0].distance_bits] += 1
        self.views[bad[0].view.transform if bad[0].view else bad[0].kind] += 1

    def to_json(self) -> dict[str, Any]:
        """The counts as stable JSON. Raises Broken when the parts do not add up to the whole."""
        match, no_match = self.outcomes["match"], self.outcomes["no_match"]
        if match + no_match + self.reasons.total() != self.items or match != self.policies.total():
            raise Broken("the counts of this job do not add up; please report this with the command you ran")
        return {
            "version": SUMMARY_VERSION,
            "items": self.items,
            "match": match,
            "no_match": no_match,
            "not_examined": _ordered(self.reasons),
            "policies": _ordered(self.policies),
            "matched_lists": _ordered(self.lists),
            "distances_bits": {str(bits): self.distances[bits] for bits in sorted(self.distances)},
            "matched_by": _ordered(self.views),
            "media_types": _ordered(self.media_types),
            "gaps": _ordered(self.gaps),
            "origins": _ordered(self.origins),
        }


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
