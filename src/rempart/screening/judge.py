"""From what was seen in an item, and the lists, to the finding. A pure function."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

from rempart.facts import (
    Examination,
    Finding,
    Fingerprint,
    Match,
    Matched,
    NoMatch,
    NotExamined,
    Outcome,
    Policy,
    Variant,
    View,
    reasons,
)
from rempart.matching.snapshot import Snapshot

_STRICTER: tuple[Policy, ...] = ("ignore", "review", "block")


Claimed = tuple[Fingerprint, ...]


def judge(name: str, examination: Examination, snapshot: Snapshot, claimed: Claimed = ()) -> Finding:
    """The finding of one item: matched, or examined whole without a match, or not examined and why.

    claimed: fingerprints that somebody says the item has. They may add a match, and never soften one.
    """
    gaps = (*examination.gaps, *_false_claims(examination, claimed))
    return Finding(
        item=name,
        outcome=_outcome(_matches(examination, claimed, snapshot), gaps),
        media_type=examination.media_type,
        size_bytes=examination.size_bytes,
        width_pixels=examination.width_pixels,
        height_pixels=examination.height_pixels,
        frames=examination.frames,
        gaps=gaps,
        content=_content((*examination.digests, *claimed)),
        preview=examination.preview,
        origin=examination.origin,
    )


def _content(digests: Iterable[Fingerprint]) -> str:
    """A short name of the bytes: the same for copies. From the first digest there is."""
    first = next(iter(digests), None)
    return "" if first is None else blake2b(first.value, digest_size=8).hexdigest()


def not_examined(name: str, reason: str) -> Finding:
    """The finding of an item that could not be opened at all."""
    return Finding(item=name, outcome=NotExamined(reason), gaps=(reason,))


def with_gap(finding: Finding, reason: str) -> Finding:
    """The same finding, with one more thing that was not examined: a match stays a match."""
    gaps = (*finding.gaps, reason)
    outcome = finding.outcome if isinstance(finding.outcome, Matched) else NotExamined(gaps[0])
    return replace(finding, outcome=outcome, gaps=gaps)


def _false_claims(examination: Examination, claimed: Claimed) -> tuple[str, ...]:
    """The gap, when a digest is claimed that these bytes do not have: perhaps they are not what was to be screened."""
    found = {digest.kind: digest.value for digest in examination.digests}
    false = any(claim.value != found.get(claim.kind, claim.value) for claim in claimed)
    return (reasons.CLAIM_DIFFERS,) if false else ()


def _matches(examination: Examination, claimed: Claimed, snapshot: Snapshot) -> tuple[Match, ...]:
    """The entries that the item meets; what is only claimed is not compared with known-good lists, or it could hide."""
    seen = snapshot.matches(examination.digests, examination.variants)
    if not claimed:
        return seen
    digests = tuple(claim for claim in claimed if claim.kind != "pdq" and claim not in examination.digests)
    variants = tuple(Variant(claim, View()) for claim in claimed if claim.kind == "pdq")
    known_bad = Snapshot(tuple(held for held in snapshot.lists if held.facts.polarity == "known-bad"))
    bad = known_bad.matches((*examination.digests, *digests), (*examination.variants, *variants))
    good = (match for match in seen if match.polarity == "known-good")
    return tuple(sorted((*bad, *good), key=lambda match: match.distance_bits))


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
