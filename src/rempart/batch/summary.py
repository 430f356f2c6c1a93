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

    hits: for each (list, entry), how many items met it; what flood quarantine looks at.
    distances: for each list, how many items matched it best at each distance in bits.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    policies: Counter[str] = field(default_factory=Counter)
    lists: Counter[str] = field(default_factory=Counter)
    versions: dict[str, set[int]] = field(default_factory=dict)
    distances: dict[str, Counter[int]] = field(default_factory=dict)
    views: Counter[str] = field(default_factory=Counter)
    media_types: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)
    hits: Counter[tuple[str, str]] = field(default_factory=Counter)

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
        if isinstance(outcome, NotExamined):
            self.reasons[outcome.reason] += 1
        if isinstance(outcome, Matched):
            self._add_match(outcome)

    def _add_match(self, outcome: Matched) -> None:
        self.policies[outcome.policy] += 1
        seen: set[str] = set()
        for match in outcome.matches:
            self.hits[match.list_name, match.entry_ref] += 1
            self.versions.setdefault(match.list_name, set()).add(match.list_version)
            if match.list_name not in seen:  # matches stand best first
                seen.add(match.list_name)
                self.lists[match.list_name] += 1
                self.distances.setdefault(match.list_name, Counter())[match.distance_bits] += 1
        best = outcome.matches[0]
        self.views[best.view.transform if best.view else best.kind] += 1

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
            "lists": {
                name: {"match": n, "versions": sorted(self.versions[name])} for name, n in sorted(self.lists.items())
            },
            "distances_bits": {
                name: {str(bits): counts[bits] for bits in sorted(counts)}
                for name, counts in sorted(self.distances.items())
            },
            "matched_by": _ordered(self.views),
            "media_types": _ordered(self.media_types),
            "gaps": _ordered(self.gaps),
        }


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
