"""From what screening found in one item to what its host is told."""

from collections.abc import Iterable
from dataclasses import dataclass

from rempart.cases.intake.submitted import Verdict
from rempart.facts import Examination, Finding, Matched, NoMatch, NotExamined

# What is known to be harmless says nothing of what was not examined beside it.
_WEIGHTS = {"ignore": 1, "review": 3, "block": 4}
FINGERPRINTS_ONLY = "fingerprints only"


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one item after screening.

    finding: the most decisive one, of the item itself or of something inside it. whole: nothing was left unexamined.
    """

    finding: Finding
    whole: bool
    reason: str = ""
    examination: Examination | None = None

    @property
    def verdict(self) -> Verdict:
        """What the host is told: as strict as the strictest list that it met."""
        match self.finding.outcome:
            case Matched(policy="block"):
                return "block"
            case Matched(policy="review"):
                return "review"
            case Matched() | NoMatch():
                return "allow"
            case NotExamined():
                return "unscreened"

    @property
    def opens_case(self) -> bool:
        """Whether somebody has to look at it."""
        return isinstance(self.finding.outcome, Matched) and self.finding.outcome.policy != "ignore"


def seen(finding: Finding, members: Iterable[Finding], examination: Examination | None) -> Seen:
    """The item as a whole: an archive is as bad as the worst that lies in it, and as unknown as the least known."""
    findings = (finding, *members)
    gaps = [gap for one in findings for gap in one.gaps]
    return Seen(max(findings, key=_weight), not gaps, gaps[0] if gaps else "", examination)


def seen_of_fingerprints(finding: Finding, examination: Examination) -> Seen:
    """The item of which only fingerprints came: whole only when its picture was compared, and not just its bytes."""
    gaps = finding.gaps
    whole = bool(examination.variants) and not gaps
    return Seen(finding, whole, "" if whole else (gaps[0] if gaps else FINGERPRINTS_ONLY), examination)


def _weight(finding: Finding) -> int:
    match finding.outcome:
        case Matched(policy=policy):
            return _WEIGHTS[policy]
        case NotExamined():
            return 2
        case NoMatch():
            return 0


def outcome_to_count(one: Seen | None, waiting: str = "") -> str:
    """The name under which the item is counted. waiting: why it still has to be screened."""
    if one is None:
        return f"waiting: {waiting}"
    match one.finding.outcome:
        case Matched(policy=policy):
            return f"match: {policy}"
        case NoMatch():
            return "no_match"
        case NotExamined(reason=reason):
            return f"not_examined: {reason.partition(':')[0]}"[:40]
