"""From an examination and a snapshot to a finding: three outcomes, and known good never hides."""

from dataclasses import replace

import numpy as np
import pytest

from rempart.facts import (
    Examination,
    Finding,
    Fingerprint,
    HashList,
    Matched,
    NoMatch,
    NotExamined,
    Polarity,
    Policy,
    Variant,
    View,
)
from rempart.matching import ExactIndex, HammingIndex, ListSnapshot, Snapshot
from rempart.screening.judge import judge, with_gap

RANDOM = np.random.default_rng(20261122)
PICTURE = RANDOM.bytes(32)
BYTES = RANDOM.bytes(32)
SEEN = Examination(
    "image/png",
    7,
    (Fingerprint("sha256", BYTES),),
    (Variant(Fingerprint("pdq", PICTURE, 90), View(transform="mirror")),),
)


def flipped(value: bytes, bits: int) -> bytes:
    """The value with its first bits turned over."""
    number = int.from_bytes(value, "big") ^ ((1 << bits) - 1)
    return number.to_bytes(32, "big")


def a_list(
    name: str,
    *,
    pdq: bytes | None = None,
    sha256: bytes | None = None,
    polarity: Polarity = "known-bad",
    policy: Policy = "block",
    held: bool = False,
) -> ListSnapshot:
    facts = HashList(name, 4, "a test", polarity, policy, 31, None)
    near = np.frombuffer(pdq or b"", np.uint8).reshape(-1, 32)
    exact = np.frombuffer(sha256 or b"", np.uint8).reshape(-1, 32)
    return ListSnapshot(
        facts,
        HammingIndex.build(near, np.arange(len(near))),
        {"sha256": ExactIndex.build(exact, np.arange(len(exact)) + 10)},
        lambda entry: (f"{name}-{entry}", "B", held),
    )


def judged(*lists: ListSnapshot, seen: Examination = SEEN) -> Finding:
    return judge("x.png", seen, Snapshot(lists))


def test_a_listed_picture_matches_and_says_how() -> None:
    outcome = judged(a_list("bad", pdq=flipped(PICTURE, 5))).outcome
    assert isinstance(outcome, Matched)
    (match,) = outcome.matches
    assert (match.list_name, match.list_version, match.entry_ref, match.distance_bits) == ("bad", 4, "bad-0", 5)
    assert match.view == View(transform="mirror")
    assert outcome.policy == "block"


def test_the_limit_is_inclusive() -> None:
    assert isinstance(judged(a_list("bad", pdq=flipped(PICTURE, 31))).outcome, Matched)
    assert judged(a_list("bad", pdq=flipped(PICTURE, 32))).outcome == NoMatch()


def test_a_gap_without_a_match_is_never_no_match() -> None:
    seen = replace(SEEN, gaps=("truncated", "limit: frames"))
    assert judged(a_list("bad", pdq=flipped(PICTURE, 99)), seen=seen).outcome == NotExamined("truncated")


def test_a_gap_beside_a_match_is_a_match_that_keeps_its_gap() -> None:
    finding = judged(a_list("bad", pdq=PICTURE), seen=replace(SEEN, gaps=("truncated",)))
    assert isinstance(finding.outcome, Matched)
    assert finding.gaps == ("truncated",)


def test_an_unsupported_file_is_still_compared_by_its_digest() -> None:
    seen = replace(SEEN, variants=(), gaps=("unsupported: video/mp4",))
    assert isinstance(judged(a_list("bad", sha256=BYTES), seen=seen).outcome, Matched)


@pytest.mark.parametrize(("policies", "together"), [(("ignore", "review"), "review"), (("review", "block"), "block")])
def test_the_strictest_list_decides(policies: tuple[Policy, Policy], together: Policy) -> None:
    first, second = policies
    finding = judged(a_list("a", pdq=PICTURE, policy=first), a_list("b", pdq=PICTURE, policy=second))
    assert isinstance(finding.outcome, Matched)
    assert finding.outcome.policy == together


def test_bytes_known_good_turn_a_perceptual_match_into_ignore_but_keep_it() -> None:
    finding = judged(a_list("bad", pdq=PICTURE), a_list("good", sha256=BYTES, polarity="known-good"))
    assert isinstance(finding.outcome, Matched)
    assert finding.outcome.policy == "ignore"
    assert {match.list_name for match in finding.outcome.matches} == {"bad", "good"}


def test_bytes_known_bad_stay_blocked_whatever_is_known_good() -> None:
    finding = judged(a_list("bad", sha256=BYTES), a_list("good", sha256=BYTES, polarity="known-good"))
    assert isinstance(finding.outcome, Matched)
    assert finding.outcome.policy == "review"


@pytest.mark.parametrize(("good_distance", "policy"), [(4, "review"), (5, "review"), (6, "block")])
def test_a_known_good_picture_softens_only_when_it_is_at_least_as_near(good_distance: int, policy: Policy) -> None:
    good = a_list("good", pdq=flipped(PICTURE, good_distance), polarity="known-good")
    finding = judged(a_list("bad", pdq=flipped(PICTURE, 5)), good)
    assert isinstance(finding.outcome, Matched)
    assert finding.outcome.policy == policy


def test_known_good_alone_is_no_match_and_is_told() -> None:
    outcome = judged(a_list("good", pdq=PICTURE, polarity="known-good")).outcome
    assert isinstance(outcome, NoMatch)
    assert outcome.known_good[0].list_name == "good"


def test_a_held_entry_still_matches_and_asks_for_review() -> None:
    outcome = judged(a_list("bad", pdq=PICTURE, held=True)).outcome
    assert isinstance(outcome, Matched)
    assert outcome.policy == "review"
    assert outcome.matches[0].held


def test_the_same_item_and_lists_give_the_same_finding() -> None:
    lists = (a_list("bad", pdq=PICTURE, sha256=BYTES), a_list("other", pdq=flipped(PICTURE, 9)))
    assert judged(*lists) == judged(*lists)


def test_a_late_gap_turns_no_match_into_not_examined_and_leaves_a_match() -> None:
    clean = with_gap(judged(), "encrypted")
    assert clean.outcome == NotExamined("encrypted")
    matched = with_gap(judged(a_list("bad", pdq=PICTURE)), "encrypted")
    assert isinstance(matched.outcome, Matched)
    assert matched.gaps == ("encrypted",)


GOOD = RANDOM.bytes(32)
LISTS = Snapshot((a_list("bad", pdq=PICTURE), a_list("good", sha256=GOOD, polarity="known-good")))


def test_a_claimed_digest_of_a_known_good_file_softens_nothing_and_is_told() -> None:
    finding = judge("x", SEEN, LISTS, (Fingerprint("sha256", GOOD),))
    assert isinstance(finding.outcome, Matched)
    assert finding.outcome.policy == "block"
    assert [match.list_name for match in finding.outcome.matches] == ["bad"]
    assert finding.gaps == ("claimed digest differs",)


def test_a_claimed_digest_that_is_true_is_no_gap_and_counts_as_what_was_seen() -> None:
    seen = replace(SEEN, digests=(Fingerprint("sha256", GOOD),))
    finding = judge("x", seen, LISTS, (Fingerprint("sha256", GOOD),))
    assert isinstance(finding.outcome, Matched)
    assert (finding.outcome.policy, finding.gaps) == ("ignore", ())
    assert [match.list_name for match in finding.outcome.matches] == ["bad", "good"]


def test_a_claimed_picture_that_is_known_good_softens_nothing() -> None:
    lists = Snapshot((a_list("bad", pdq=flipped(PICTURE, 5)), a_list("good", pdq=GOOD, polarity="known-good")))
    finding = judge("x", SEEN, lists, (Fingerprint("pdq", GOOD),))
    assert isinstance(finding.outcome, Matched)
    assert finding.outcome.policy == "block"


@pytest.mark.parametrize("seen", [SEEN, replace(SEEN, digests=(), variants=(), gaps=("vanished",))])
def test_a_claimed_digest_still_adds_a_match_also_where_nothing_could_be_hashed(seen: Examination) -> None:
    finding = judge("x", seen, Snapshot((a_list("bad", sha256=GOOD),)), (Fingerprint("sha256", GOOD),))
    assert isinstance(finding.outcome, Matched)


def test_a_false_claim_without_a_match_is_never_no_match() -> None:
    finding = judge("x", SEEN, Snapshot(), (Fingerprint("sha256", GOOD),))
    assert finding.outcome == NotExamined("claimed digest differs")


def test_a_claim_of_a_kind_that_was_not_hashed_is_no_gap() -> None:
    assert judge("x", SEEN, Snapshot(), (Fingerprint("md5", bytes(16)), Fingerprint("pdq", GOOD))).outcome == NoMatch()
