"""One immutable run of entries: sorted unique rows, the ids behind each row, and which ids were withdrawn."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from rempart.errors import Broken
from rempart.matching import kernels
from rempart.matching.hits import Hits
from rempart.matching.words import Ids, Rows, is_in, narrow, repeats_row_before, sorted_rows

DIRECTORY_FROM = 32_768


@dataclass(frozen=True, eq=False)
class Segment:
    """Entries that are searched together.

    name: names the files of the segment; it says nothing about the content.
    rows: (u, 4) uint64, sorted, unique: identical entries cost one comparison however many there are.
    ids: one for each entry, in the order of the rows; uint32 when they fit.
    repeats: sorted row numbers, a row once for each entry beyond its first.
    directory: leads from keys to rows; None while a scan of the rows is as fast.
    withdrawn: sorted ids that no longer match; looked at for verified hits only.
    """

    name: str
    rows: Rows = field(repr=False)
    ids: NDArray[np.uint32] | Ids = field(repr=False)
    repeats: NDArray[np.uint32] = field(repr=False)
    directory: kernels.Directory | None = field(default=None, repr=False)
    withdrawn: Ids = field(default_factory=lambda: np.empty(0, np.int64), repr=False)

    @classmethod
    def of(cls, rows: Rows, ids: Ids) -> "Segment":
        """A new segment with these entries."""
        order, ordered = sorted_rows(rows)
        again = repeats_row_before(ordered)
        unique = kernels.frozen(np.delete(ordered, again, axis=0) if len(again) else ordered)
        repeats = (again - np.arange(1, len(again) + 1)).astype(np.uint32)
        directory = kernels.build_directory(unique) if len(unique) >= DIRECTORY_FROM else None
        return cls(uuid4().hex, unique, narrow(ids[order]), repeats, directory)

    @classmethod
    def restored(cls, name: str, arrays: dict[str, NDArray[Any]], withdrawn: Ids) -> "Segment":
        """The segment with these arrays, as given by `arrays()`. Raises ValueError when they contradict each other."""
        if not {"rows", "repeats"} <= arrays.keys() or len(arrays.keys() & {"ids32", "ids64"}) != 1:
            raise ValueError("an array is missing")
        rows, repeats = arrays["rows"], arrays["repeats"]
        ids = arrays["ids32"] if "ids32" in arrays else arrays["ids64"]
        if rows.ndim != 2 or rows.shape[1] != 4 or ids.ndim != 1 or repeats.shape != (len(ids) - len(rows),):
            raise ValueError("the shapes do not fit each other")
        if len(repeats) and (int(repeats[-1]) >= len(rows) or (repeats[1:] < repeats[:-1]).any()):
            raise ValueError("the repeated rows are out of order")
        if (withdrawn[1:] <= withdrawn[:-1]).any():
            raise ValueError("the withdrawn ids are out of order")
        directory = kernels.directory_from(arrays, len(rows)) if "bitmap" in arrays else None
        return cls(name, rows, ids, repeats, directory, withdrawn)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Every array of the segment that never changes, by the name of its file."""
        ids = {"ids32" if self.ids.dtype == np.uint32 else "ids64": self.ids}
        places = self.directory.arrays() if self.directory else {}
        return {"rows": self.rows, "repeats": self.repeats, **ids, **places}

    def __len__(self) -> int:
        return len(self.ids) - self._gone

    @cached_property
    def _gone(self) -> int:
        return int(is_in(self.ids, self.withdrawn).sum()) if len(self.withdrawn) else 0

    @property
    def nbytes(self) -> int:
        """Bytes held in memory, or mapped."""
        return sum(array.nbytes for array in (*self.arrays().values(), self.withdrawn))

    def without(self, ids: Ids) -> "Segment":
        """The segment with these sorted ids withdrawn, too."""
        present = ids[np.isin(ids, self.ids)]
        return replace(self, withdrawn=np.union1d(self.withdrawn, present)) if len(present) else self

    def entries(self) -> tuple[Rows, Ids]:
        """(rows, ids) of every entry that is not withdrawn."""
        rows = np.repeat(self.rows, self._copies(), axis=0) if len(self.repeats) else self.rows
        kept = ~is_in(self.ids, self.withdrawn)
        return rows[kept], self.ids[kept].astype(np.int64)

    def search(self, queries: Rows, max_distance_bits: int) -> Hits:
        """Every entry within the distance that is not withdrawn, in no particular order."""
        try:
            query, row, bits = kernels.search(self.rows, self.directory, queries, max_distance_bits)
        except kernels.DamagedDirectoryError as damage:
            raise Broken("the directory of an index contradicts its entries; build the index again") from damage
        hits = self._expanded(query, row, bits)
        if not self.withdrawn.size or not hits.id.size:
            return hits
        kept = ~is_in(hits.id, self.withdrawn)
        return Hits(hits.query[kept], hits.id[kept], hits.distance[kept])

    def _copies(self) -> NDArray[np.int64]:
        return 1 + np.bincount(self.repeats, minlength=len(self.rows))

    def _expanded(self, query: NDArray[np.int32], row: NDArray[np.uint32], bits: NDArray[np.uint8]) -> Hits:
        """One hit for each entry behind a row."""
        if not row.size:
            return Hits.none()
        if not self.repeats.size:
            return Hits(query, self.ids[row].astype(np.int64), bits)
        before = np.searchsorted(self.repeats, row)
        copies = 1 + np.searchsorted(self.repeats, row, side="right") - before
        if copies.sum() == len(row):
            return Hits(query, self.ids[row + before].astype(np.int64), bits)
        entry = np.repeat(row + before - (np.cumsum(copies) - copies), copies) + np.arange(copies.sum())
        return Hits(np.repeat(query, copies), self.ids[entry].astype(np.int64), np.repeat(bits, copies))
