"""Exact search within a Hamming distance over 256-bit fingerprints."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from rempart.errors import UserMistake
from rempart.matching import stored
from rempart.matching.hits import Hits
from rempart.matching.segment import Segment
from rempart.matching.words import ids_of, words_of
from rempart.thresholds import PDQ_LARGEST_DISTANCE

MERGE_RATIO = 4


@dataclass(frozen=True, slots=True, eq=False)
class HammingIndex:
    """An immutable index: every change gives a new index that shares the unchanged segments.

    Log-structured: an append becomes a small segment; segments merge while the one before is at most four times as
    large, so their number stays logarithmic and every entry is moved a few times only.
    Values are (n, 32) uint8, ids (n,) whole numbers; an id may stand for several values. Safe to use from threads.
    """

    segments: tuple[Segment, ...] = ()

    @classmethod
    def build(cls, values: ArrayLike, ids: ArrayLike) -> "HammingIndex":
        """An index of these entries."""
        return cls().append(values, ids)

    @classmethod
    def open(cls, folder: Path) -> "HammingIndex":
        """The index that was saved there, mapped read-only. Raises NotFound, or Broken when the files are damaged."""
        return cls(stored.open_segments(folder))

    def __len__(self) -> int:
        return sum(len(segment) for segment in self.segments)

    @property
    def nbytes(self) -> int:
        """Bytes held in memory, or mapped: fingerprints, ids and directory together."""
        return sum(segment.nbytes for segment in self.segments)

    def search(self, queries: ArrayLike, max_distance_bits: int) -> Hits:
        """Every entry within the distance of each query, sorted by query, distance, id.

        queries: (q, 32) uint8. Raises UserMistake for a distance outside 0..63.
        """
        if not 0 <= max_distance_bits <= PDQ_LARGEST_DISTANCE.value:
            raise UserMistake(f"a distance is 0..{PDQ_LARGEST_DISTANCE.value} bits, not {max_distance_bits}")
        words = words_of(queries)
        return Hits.joined([segment.search(words, max_distance_bits) for segment in self.segments])

    def append(self, values: ArrayLike, ids: ArrayLike) -> "HammingIndex":
        """The index with these entries, too; an id that was withdrawn may come back with a new value."""
        rows = words_of(values)
        added = Segment.of(rows, ids_of(ids, len(rows)))
        return HammingIndex(_merged((*self.segments, added))) if len(rows) else self

    def withdraw(self, ids: ArrayLike) -> "HammingIndex":
        """The index without these entries; ids that it does not hold are ignored."""
        gone = np.unique(ids_of(ids, np.size(ids)))
        return HammingIndex(tuple(segment.without(gone) for segment in self.segments))

    def compact(self) -> "HammingIndex":
        """The same entries in one segment, without traces of withdrawn ones."""
        if len(self.segments) == 1 and not len(self.segments[0].withdrawn):
            return self
        return HammingIndex((_one(self.segments),)) if len(self) else HammingIndex()

    def save(self, folder: Path) -> None:
        """Nothing; writes the index there. Segments that stand there already are not written again.

        The description is replaced last and atomically, so a reader sees the old index or the new one.
        """
        stored.save_segments(folder, self.segments)


def _merged(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """The segments, the last ones merged while the one before is at most MERGE_RATIO times as large."""
    tail = 1
    size = len(segments[-1].ids)
    while tail < len(segments) and len(segments[-tail - 1].ids) <= MERGE_RATIO * size:
        tail += 1
        size += len(segments[-tail].ids)
    return segments if tail == 1 else (*segments[:-tail], _one(segments[-tail:]))


def _one(segments: Sequence[Segment]) -> Segment:
    rows, ids = zip(*(segment.entries() for segment in segments), strict=True)
    return Segment.of(np.concatenate(rows), np.concatenate(ids))
