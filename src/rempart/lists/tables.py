"""The entries of a list, or of a part of one, as columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rempart.facts import BYTES_OF_KIND, Kind
from rempart.lists.arrays import Bytes, Ids, Texts, join_texts, pack, unpack

KEY_BYTES = 16
KINDS_IN_ORDER: tuple[Kind, ...] = tuple(BYTES_OF_KIND)


@dataclass(frozen=True, slots=True)
class Prints:
    """Fingerprints of one kind: `values` (n, bytes) and the id of the entry each belongs to, ascending."""

    ids: Ids
    values: Bytes

    def take(self, chosen: NDArray[np.generic]) -> "Prints":
        """The chosen rows (a mask or places)."""
        return Prints(self.ids[chosen], self.values[chosen])


PrintsByKind = Mapping[Kind, Prints]


@dataclass(frozen=True, slots=True)
class Labels:
    """What can be said of entries without their fingerprints, ids ascending.

    keys: 16 bytes that make an entry the same one in the next import (see `gathering.key_of`).
    refs: the source's own identifier; empty when it gave none (then `ref_of` names the entry by its id).
    """

    ids: Ids
    keys: Bytes
    refs: Texts
    classes: Texts

    def __len__(self) -> int:
        return len(self.ids)

    def ref(self, index: int) -> str:
        """The identifier to show for the entry at this place."""
        return self.refs[index] or own_ref(int(self.ids[index]))

    def take(self, places: Ids) -> "Labels":
        """The labels at these places."""
        return Labels(self.ids[places], self.keys[places], self.refs.take(places), self.classes.take(places))


@dataclass(frozen=True, slots=True)
class Table:
    """Entries with their fingerprints; every kind is present, perhaps without rows."""

    labels: Labels
    prints: PrintsByKind

    def __len__(self) -> int:
        return len(self.labels)

    def counts(self) -> dict[str, int]:
        """How many fingerprints there are of each kind."""
        return {kind: len(prints.ids) for kind, prints in self.prints.items()}

    def without(self, ids: Ids) -> "Table":
        """The entries that do not have one of these ids."""
        keep = np.flatnonzero(~np.isin(self.labels.ids, ids))
        prints = {kind: rows.take(~np.isin(rows.ids, ids)) for kind, rows in self.prints.items()}
        return Table(self.labels.take(keep), prints)

    def pick(self, places: Ids, first_id: int) -> "Table":
        """The entries at these places, numbered anew from `first_id` on."""
        number = np.full(len(self), -1, np.int64)
        number[places] = np.arange(first_id, first_id + len(places))
        picked: dict[Kind, Prints] = {}
        for kind, rows in self.prints.items():
            numbers = number[np.searchsorted(self.labels.ids, rows.ids)]
            chosen = np.flatnonzero(numbers >= 0)
            picked[kind] = _ascending(Prints(numbers[chosen], rows.values[chosen]))
        labels = self.labels.take(places)
        return Table(replace(labels, ids=number[places]), picked)

    def between(self, first_id: int, end_id: int) -> "Table":
        """The entries with first_id <= id < end_id."""
        start, stop = np.searchsorted(self.labels.ids, [first_id, end_id])
        prints = {kind: slice_ids(rows, first_id, end_id) for kind, rows in self.prints.items()}
        return Table(self.labels.take(np.arange(start, stop)), prints)


def slice_ids(rows: Prints, first_id: int, end_id: int) -> Prints:
    """The fingerprints of entries with first_id <= id < end_id."""
    start, stop = np.searchsorted(rows.ids, [first_id, end_id])
    return Prints(rows.ids[start:stop], rows.values[start:stop])


def own_ref(entry_id: int) -> str:
    """The identifier we give to an entry whose source gave none: from its number, never from its fingerprint."""
    return f"rempart-{entry_id}"


def no_prints() -> dict[Kind, Prints]:
    """Every kind, without rows."""
    return {kind: Prints(np.empty(0, np.int64), np.empty((0, size), np.uint8)) for kind, size in BYTES_OF_KIND.items()}


def join_prints(parts: Sequence[PrintsByKind]) -> dict[Kind, Prints]:
    """All fingerprints of the parts, in order."""
    if not parts:
        return no_prints()
    joined: dict[Kind, Prints] = {}
    for kind in KINDS_IN_ORDER:
        rows = [part[kind] for part in parts]
        joined[kind] = Prints(np.concatenate([row.ids for row in rows]), np.concatenate([row.values for row in rows]))
    return joined


def join_labels(parts: Sequence[Labels]) -> Labels:
    """All labels of the parts, in order."""
    if not parts:
        return Labels(np.empty(0, np.int64), np.empty((0, KEY_BYTES), np.uint8), Texts.of(()), Texts.of(()))
    return Labels(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.keys for part in parts]),
        join_texts([part.refs for part in parts]),
        join_texts([part.classes for part in parts]),
    )


def join_tables(parts: Sequence[Table]) -> Table:
    """All entries of the parts, in order."""
    return Table(join_labels([part.labels for part in parts]), join_prints([part.prints for part in parts]))


def pack_prints(prints: PrintsByKind) -> bytes:
    """The fingerprints as bytes, to be sealed."""
    return pack({f"{kind}.{part}": getattr(rows, part) for kind, rows in prints.items() for part in ("ids", "values")})


def unpack_prints(packed: bytes) -> dict[Kind, Prints]:
    """The fingerprints of `pack_prints`."""
    arrays = unpack(packed)
    empty = no_prints()
    return {
        kind: Prints(_ids(arrays[f"{kind}.ids"]), _bytes(arrays[f"{kind}.values"]))
        if f"{kind}.ids" in arrays
        else empty[kind]
        for kind in KINDS_IN_ORDER
    }


def pack_labels(labels: Labels) -> bytes:
    """The labels as bytes, to be sealed."""
    return pack(
        {
            "ids": labels.ids,
            "keys": labels.keys,
            "ref_ends": labels.refs.ends,
            "refs": labels.refs.data,
            "class_ends": labels.classes.ends,
            "classes": labels.classes.data,
        }
    )


def unpack_labels(packed: bytes) -> Labels:
    """The labels of `pack_labels`."""
    arrays = unpack(packed)
    return Labels(
        _ids(arrays["ids"]),
        _bytes(arrays["keys"]),
        Texts(_ids(arrays["ref_ends"]), _bytes(arrays["refs"])),
        Texts(_ids(arrays["class_ends"]), _bytes(arrays["classes"])),
    )


def _ascending(rows: Prints) -> Prints:
    return rows.take(np.argsort(rows.ids, kind="stable"))


def _ids(array: NDArray[np.generic]) -> Ids:
    return array.astype(np.int64, copy=False)


def _bytes(array: NDArray[np.generic]) -> Bytes:
    return array.astype(np.uint8, copy=False)
