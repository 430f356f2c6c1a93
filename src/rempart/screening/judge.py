"""From what was seen in an item, and the lists, to the finding. A pure function."""

from collections.abc import Iterable
from dataclasses import replace

from rempart.facts import Examination, Finding, Match, Matched, NoMatch, NotExamined, Outcome, Policy
from rempart.matching.snapshot import Snapshot

_STRICTER: tuple[Policy, ...] = ("ignore", "review", "block")


def judge(name: str, examination: Examination, snapshot: Snapshot) -> Finding:
    """The finding of one item: matched, or examined whole without a match, or not examined and why."""
    matches = snapshot.matches(examination.digests, examination.variants)
    return Finding(
        item=name,
        outcome=_outcome(matches, examination.gaps),
        media_type=examination.media_type,
        size_bytes=examination.size_bytes,
        width_pixels=examination.width_pixels,
        height_pixels=examination.height_pixels,
        frames=examination.frames,
        gaps=examination.gaps,
        preview=examination.preview,
        origin=examination.origin,
    )


def not_examined(name: str, reason: str) -> Finding:
    """The finding of an item that could not be opened at all."""
    return Finding(item=name, outcome=NotExamined(reason), gaps=(reason,))


def with_gap(finding: Finding, reason: str) -> Finding:
    """The same finding, with one more thing that was not examined: a match stays a match."""
    gaps = (*finding.gaps, reason)
    outcome = finding.outcome if isinstance(finding.outcome, Matched) else NotExamined(gaps[0])
    return replace(finding, outcome=outcome, gaps=gaps)


def _outcome(matches: tuple[Match, ...], gaps: tuple[str, ...]) -> Outcome:
    bad = [match for match in matches if match.polarity == "known-bad"]
    if bad:
        return Matched(matches, combined_policy(matches))
    if gaps:
        return NotExamined(gaps[0])
    return NoMatch(matches)


def combined_policy(matches: Iterable[Match]) -> Policy:
    """What the lists together ask for: the strictest known-bad policy, softened by a known-good entry.

    The very bytes being known good mean `ignore`; a known-good picture at least as near as every known-bad
    one means `review` at most, because a perceptual list of good pictures must never hide a bad one.
    """
    matches = tuple(matches)
    bad = [match for match in matches if match.polarity == "known-bad"]
    good = [match for match in matches if match.polarity == "known-good"]
    policy = max((match.policy for match in bad), key=_STRICTER.index)
    if any(match.view is None for match in good) and all(match.view is not None for match in bad):
        return "ignore"
    nearest_bad = min(match.distance_bits for match in bad)
    if policy == "block" and any(match.distance_bits <= nearest_bad for match in good):
        return "review"
    return policy
