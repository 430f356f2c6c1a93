"""What a search returns."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Every (query, entry) within the distance, sorted by query, then distance, then id.

    query: int32 row number among the queries. id: int64 entry id. distance: uint8 bits.
    """

    query: NDArray[np.int32]
    id: NDArray[np.int64]
    distance: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.query)

    @classmethod
    def none(cls) -> "Hits":
        """No hit at all."""
        return NONE

    @classmethod
    def joined(cls, parts: Sequence["Hits"]) -> "Hits":
        """The hits of all parts, sorted."""
        full = [part for part in parts if len(part.id)]
        if not full:
            return parts[0] if parts else cls.none()
        if len(full) == 1 and len(full[0].id) == 1:
            return full[0]
        query, entry, bits = full[0].query, full[0].id, full[0].distance
        if len(full) > 1:
            query = np.concatenate([part.query for part in full])
            entry = np.concatenate([part.id for part in full])
            bits = np.concatenate([part.distance for part in full])
        order = np.lexsort((entry, bits, query))
        return cls(query[order], entry[order], bits[order])


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Pairs of rows within the distance, left < right, each once, sorted by left then right."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    distance: NDArray[np.uint8] = field(repr=False)

    def __len__(self) -> int:
        return len(self.left)


NONE = Hits(np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.uint8))
