"""What screening matches against: every list at one version, and which list entries an item meets."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rempart.errors import UserMistake
from rempart.facts import BYTES_OF_KIND, Fingerprint, HashList, Kind, Match, Transform, Variant, View
from rempart.facts.fingerprint import Crop, Ground, PdqPath
from rempart.matching.exact import ExactIndex
from rempart.matching.hamming import HammingIndex
from rempart.matching.hits import Hits

Describe = Callable[[int], tuple[str, str, bool]]

KINDS: tuple[Kind, ...] = get_args(Kind)
TRANSFORMS: tuple[Transform, ...] = get_args(Transform)
CROPS: tuple[Crop, ...] = get_args(Crop)
PATHS: tuple[PdqPath, ...] = get_args(PdqPath)
GROUNDS: tuple[Ground, ...] = get_args(Ground)
NO_VIEW = (-1, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class ListSnapshot:
    """One list, ready to be searched.

    near: its PDQ entries. exact: its digests by kind. Ids are unique within the list, over all kinds.
    describe: (ref, classification, held) of an entry id; called for matches only.
    """

    facts: HashList
    near: HammingIndex = field(repr=False)
    exact: Mapping[Kind, ExactIndex] = field(repr=False)
    describe: Describe = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class DigestMatches:
    """Matches of many rows at once, sorted by row, list, distance, entry: the same length each.

    row: which of the values. list_number: which of `Snapshot.lists`. entry: its id there, see `ListSnapshot.describe`.
    """

    row: NDArray[np.int32]
    list_number: NDArray[np.int32]
    entry: NDArray[np.int64]
    distance_bits: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """How one entry was met, before it is described."""

    distance_bits: int
    kind: Kind
    view: View | None

    def rank(self) -> tuple[object, ...]:
        """Smaller is better: the distance, a digest before a picture, then the plainest view."""
        return (self.distance_bits, KINDS.index(self.kind), *(plainness(self.view) if self.view else NO_VIEW))


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Every list at one version; immutable, safe to use from threads."""

    lists: tuple[ListSnapshot, ...] = ()

    def matches(self, digests: Sequence[Fingerprint], variants: Sequence[Variant]) -> tuple[Match, ...]:
        """The entries that one item meets, each once, at its best: smallest distance, then plainest view.

        Sorted best first, then by list, version and entry reference; the same input gives the same bytes.
        """
        found = [match for held in self.lists for match in _matches_of(held, digests, variants)]
        return tuple(sorted(found, key=_best_first))

    def digest_matches(self, kind: Kind, values: ArrayLike) -> DigestMatches:
        """Every (row, entry) that meet, for index-only tables of millions of rows.

        values: (q, k) uint8 with the bytes of that kind. Digests meet when equal, `pdq` within the list's distance.
        """
        array = np.asarray(values)
        if array.ndim != 2 or array.shape[1] != BYTES_OF_KIND[kind]:
            raise UserMistake(f"{kind} values must be (n, {BYTES_OF_KIND[kind]}) uint8, not {array.shape}")
        parts = [(number, _hits(held, kind, array)) for number, held in enumerate(self.lists)]
        row = np.concatenate([np.empty(0, np.int32), *(hits.query for _, hits in parts)])
        entry = np.concatenate([np.empty(0, np.int64), *(hits.id for _, hits in parts)])
        bits = np.concatenate([np.empty(0, np.uint8), *(hits.distance for _, hits in parts)])
        number = np.repeat(np.arange(len(parts), dtype=np.int32), [len(hits) for _, hits in parts])
        order = np.lexsort((entry, bits, number, row))
        return DigestMatches(row[order], number[order], entry[order], bits[order])


def plainness(view: View) -> tuple[int, ...]:
    """Smaller is plainer: the number of things done to the picture, then which, then the earlier frame."""
    steps = (
        TRANSFORMS.index(view.transform),
        CROPS.index(view.crop),
        PATHS.index(view.path),
        GROUNDS.index(view.ground),
    )
    return (sum(step > 0 for step in steps), *steps, view.frame)


def _hits(held: ListSnapshot, kind: Kind, values: NDArray[np.uint8]) -> Hits:
    if kind == "pdq":
        return held.near.search(values, held.facts.max_distance_bits)
    index = held.exact.get(kind)
    return index.search(values) if index is not None else Hits.none()


def _matches_of(held: ListSnapshot, digests: Sequence[Fingerprint], variants: Sequence[Variant]) -> list[Match]:
    """One match for each entry of one list that the item meets."""
    looked_at: list[tuple[Fingerprint, View | None]] = [(digest, None) for digest in digests]
    looked_at += [(variant.fingerprint, variant.view) for variant in variants]
    best: dict[int, _Candidate] = {}
    for kind in KINDS:
        asked = [(mark, view) for mark, view in looked_at if mark.kind == kind]
        if not asked:
            continue
        values = np.frombuffer(b"".join(mark.value for mark, _ in asked), np.uint8).reshape(len(asked), -1)
        hits = _hits(held, kind, values)
        for query, entry, bits in zip(hits.query.tolist(), hits.id.tolist(), hits.distance.tolist(), strict=True):
            candidate = _Candidate(bits, kind, asked[query][1])
            if entry not in best or candidate.rank() < best[entry].rank():
                best[entry] = candidate
    return [_described(held, entry, candidate) for entry, candidate in best.items()]


def _described(held: ListSnapshot, entry: int, met: _Candidate) -> Match:
    ref, classification, in_quarantine = held.describe(entry)
    facts = held.facts
    return Match(
        list_name=facts.name,
        list_version=facts.version,
        entry_ref=ref,
        kind=met.kind,
        distance_bits=met.distance_bits,
        policy="review" if in_quarantine and facts.policy == "block" else facts.policy,
        polarity=facts.polarity,
        classification=classification,
        view=met.view,
        held=in_quarantine,
    )


def _best_first(match: Match) -> tuple[object, ...]:
    view = plainness(match.view) if match.view else NO_VIEW
    return (match.distance_bits, KINDS.index(match.kind), *view, match.list_name, match.list_version, match.entry_ref)
