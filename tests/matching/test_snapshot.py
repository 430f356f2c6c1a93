"""A snapshot says which list entries an item meets: each once, at its best, in one order."""

import numpy as np
import pytest

from rempart.errors import UserMistake
from rempart.facts import Fingerprint, HashList, Kind, Policy, Variant, View
from rempart.matching import ExactIndex, HammingIndex, ListSnapshot, Snapshot

from .makers import Values, flipped, random_values

PDQ = random_values(20, 1)
SHA1 = random_values(6, 2, 20)


def make_list(
    name: str = "iwf",
    policy: Policy = "block",
    held: frozenset[int] = frozenset(),
    distance: int = 31,
    withdrawn: int = -1,
) -> ListSnapshot:
    """Entries 0..19 are PDQ, 100..105 are SHA-1."""
    return ListSnapshot(
        HashList(name, 3, "a source", "known-bad", policy, distance, None),
        HammingIndex.build(PDQ, np.arange(20)).withdraw([withdrawn]),
        {"sha1": ExactIndex.build(SHA1, np.arange(100, 106)).withdraw([withdrawn])},
        lambda entry: (f"ref-{entry}", "A1", entry in held),
    )


def variant(value: Values, **view: object) -> Variant:
    return Variant(Fingerprint("pdq", value.tobytes(), 100), View(**view))  # type: ignore[arg-type]


def near(row: int, bits: int) -> Values:
    return flipped(PDQ[row : row + 1], np.array([bits]))[0]


def test_one_entry_is_one_match_at_its_smallest_distance() -> None:
    found = Snapshot((make_list(),)).matches([], [variant(near(4, 20)), variant(near(4, 6), transform="mirror")])
    assert [(match.entry_ref, match.distance_bits, match.view) for match in found] == [
        ("ref-4", 6, View(transform="mirror"))
    ]


def test_at_the_same_distance_the_plainest_view_wins() -> None:
    views = [{"transform": "mirror", "crop": "unbordered"}, {"transform": "rotate90"}, {"frame": 2}, {"frame": 1}]
    variants = [variant(PDQ[4], **view) for view in views]
    for order in (variants, variants[::-1]):
        assert [match.view for match in Snapshot((make_list(),)).matches([], order)] == [View(frame=1)]


def test_matches_come_best_first_whatever_the_order_of_what_was_seen() -> None:
    digests = [Fingerprint("sha1", SHA1[2].tobytes())]
    variants = [variant(near(row, bits)) for row, bits in ((1, 30), (2, 0), (3, 9))]
    snapshot = Snapshot((make_list("b"), make_list("a")))
    found = snapshot.matches(digests, variants)
    assert [(match.distance_bits, match.kind, match.list_name) for match in found] == [
        (0, "sha1", "a"),
        (0, "sha1", "b"),
        (0, "pdq", "a"),
        (0, "pdq", "b"),
        (9, "pdq", "a"),
        (9, "pdq", "b"),
        (30, "pdq", "a"),
        (30, "pdq", "b"),
    ]
    assert found == snapshot.matches(digests, variants[::-1])


def test_each_list_has_its_own_distance() -> None:
    snapshot = Snapshot((make_list("wide", distance=63), make_list("narrow", distance=10)))
    assert [match.list_name for match in snapshot.matches([], [variant(near(0, 11))])] == ["wide"]


@pytest.mark.parametrize(("policy", "asked"), [("block", "review"), ("review", "review"), ("ignore", "ignore")])
def test_a_held_entry_never_asks_for_more_than_review(policy: Policy, asked: Policy) -> None:
    held, free = Snapshot((make_list(policy=policy, held=frozenset({1})),)).matches(
        [], [variant(PDQ[1]), variant(PDQ[2])]
    )
    assert (held.held, held.policy, free.held, free.policy) == (True, asked, False, policy)


def test_a_withdrawn_entry_never_matches() -> None:
    assert Snapshot((make_list(withdrawn=4),)).matches([], [variant(PDQ[4])]) == ()
    gone = Snapshot((make_list(withdrawn=101),))
    assert gone.matches([Fingerprint("sha1", SHA1[1].tobytes())], []) == ()
    assert len(gone.digest_matches("sha1", SHA1)) == 5


def test_a_perceptual_fingerprint_without_a_view_is_compared_by_distance() -> None:
    (match,) = Snapshot((make_list(),)).matches([Fingerprint("pdq", near(3, 7).tobytes())], [])
    assert (match.distance_bits, match.view) == (7, None)


@pytest.mark.parametrize("kind", ["sha256", "md5"])
def test_a_list_without_that_kind_meets_nothing(kind: Kind) -> None:
    width = {"sha256": 32, "md5": 16}[kind]
    snapshot = Snapshot((make_list(),))
    assert len(snapshot.digest_matches(kind, random_values(4, 1, width))) == 0
    assert snapshot.matches([Fingerprint(kind, bytes(width))], []) == ()
    assert Snapshot().matches([Fingerprint(kind, bytes(width))], []) == ()


def test_tables_give_every_row_list_and_entry() -> None:
    found = Snapshot((make_list("a"), make_list("b"))).digest_matches("sha1", SHA1[[3, 0, 3]])
    assert found.row.tolist() == [0, 0, 1, 1, 2, 2]
    assert found.list_number.tolist() == [0, 1, 0, 1, 0, 1]
    assert found.entry.tolist() == [103, 103, 100, 100, 103, 103]
    assert Snapshot((make_list(),)).digest_matches("pdq", near(5, 12)[None]).distance_bits.tolist() == [12]


def test_values_of_another_width_are_refused() -> None:
    with pytest.raises(UserMistake, match="sha256"):
        Snapshot((make_list(),)).digest_matches("sha256", SHA1)
