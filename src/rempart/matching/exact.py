"""Exact look-up of digests: fixed-width keys, sorted."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rempart.errors import Broken, UserMistake
from rempart.matching import stored
from rempart.matching.hits import Hits
from rempart.matching.words import Ids, byte_rows, ids_of, is_in

WIDTHS = range(8, 65)
KIND = "exact"


@dataclass(frozen=True, slots=True, eq=False)
class ExactIndex:
    """An immutable index of (n, k) uint8 keys; every change gives a new index.

    leads: the first eight bytes of every key as a number, sorted: nearly all look-ups end here.
    keys: the whole keys in the same order; the same key may stand several times.
    """

    leads: NDArray[np.uint64] = field(repr=False)
    keys: NDArray[np.uint8] = field(repr=False)
    ids: Ids = field(repr=False)

    @classmethod
    def build(cls, values: ArrayLike, ids: ArrayLike) -> "ExactIndex":
        """An index of these entries: values (n, k) uint8 with k in 8..64, one id each."""
        array = np.asarray(values)
        width = array.shape[1] if array.ndim == 2 else 0
        if width not in WIDTHS:
            raise UserMistake(f"digests must be (n, {WIDTHS[0]}..{WIDTHS[-1]}) uint8, not {array.shape}")
        keys = byte_rows(array, width)
        numbers = ids_of(ids, len(keys))
        order = np.argsort(_leads(keys), kind="stable")
        return cls(_leads(keys)[order], keys[order], numbers[order])

    @classmethod
    def open(cls, folder: Path) -> "ExactIndex":
        """The index that was saved there, mapped read-only. Raises NotFound, or Broken when the files are damaged."""
        described = stored.read_description(folder, KIND)
        entries, width, name = described.get("entries"), described.get("width"), described.get("name")
        if (
            not stored.is_count(entries)
            or not stored.is_count(width)
            or width not in WIDTHS
            or not stored.is_name(name)
        ):
            raise Broken(f"the description of index `{folder}` is damaged; build the index again")
        place = folder / name
        shapes: dict[str, tuple[str, tuple[int, ...]]] = {
            "leads": ("<u8", (entries,)),
            "keys": ("|u1", (entries, width)),
            "ids": ("<i8", (entries,)),
        }
        try:
            index = cls(**{part: stored.read_array(place / f"{part}.npy", *shape) for part, shape in shapes.items()})
        except FileNotFoundError as missing:
            raise Broken(f"a file of index `{folder}` is missing; build the index again") from missing
        if (index.leads[1:] < index.leads[:-1]).any():
            raise Broken(f"the entries of index `{folder}` are out of order; build the index again")
        return index

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def width(self) -> int:
        """Bytes of one key."""
        return int(self.keys.shape[1])

    @property
    def nbytes(self) -> int:
        """Bytes held in memory, or mapped."""
        return self.leads.nbytes + self.keys.nbytes + self.ids.nbytes

    def search(self, queries: ArrayLike) -> Hits:
        """Every entry equal to each query, sorted by query then id; distance is 0."""
        wanted = byte_rows(queries, self.width)
        order = np.argsort(_leads(wanted))
        leads = _leads(wanted)[order]
        first = np.searchsorted(self.leads, leads)
        count = np.searchsorted(self.leads, leads, side="right") - first
        query = np.repeat(order, count)
        entry = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(count.sum())
        same = (self.keys[entry] == wanted[query]).all(axis=1)
        return _hits(query[same], self.ids[entry[same]])

    def append(self, values: ArrayLike, ids: ArrayLike) -> "ExactIndex":
        """The index with these entries, too."""
        keys = byte_rows(values, self.width)
        numbers = ids_of(ids, len(keys))
        order = np.argsort(_leads(keys), kind="stable")
        leads = _leads(keys)[order]
        place = np.searchsorted(self.leads, leads, side="right")
        return ExactIndex(
            np.insert(self.leads, place, leads),
            np.insert(self.keys, place, keys[order], axis=0),
            np.insert(self.ids, place, numbers[order]),
        )

    def withdraw(self, ids: ArrayLike) -> "ExactIndex":
        """The index without these entries; ids that it does not hold are ignored."""
        kept = ~is_in(self.ids, np.unique(ids_of(ids, np.size(ids))))
        return self if kept.all() else ExactIndex(self.leads[kept], self.keys[kept], self.ids[kept])

    def save(self, folder: Path) -> None:
        """Nothing; writes the index there, replacing in one step the one that stood there."""
        arrays: dict[str, NDArray[Any]] = {"leads": self.leads, "keys": self.keys, "ids": self.ids}
        name = stored.write_arrays(folder, arrays)
        described = {"version": stored.VERSION, "kind": KIND, "name": name, "entries": len(self), "width": self.width}
        stored.write_description(folder, described)
        stored.sweep(folder, {name})


def _leads(keys: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The first eight bytes of every key, as numbers that sort as the bytes do."""
    return np.ascontiguousarray(keys[:, :8]).view(">u8").astype(np.uint64).reshape(-1)


def _hits(query: NDArray[np.int64], ids: Ids) -> Hits:
    order = np.lexsort((ids, query))
    return Hits(query[order].astype(np.int32), ids[order], np.zeros(len(order), np.uint8))
