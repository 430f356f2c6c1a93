"""Near pictures among our own cases: the perceptual tie of a new medium, from an index in the memory of the process.

The first medium of its kind founds a tie; whatever is near to the founder gets its tie, and what is near to those only
does not: groups cannot grow by chains of likenesses. Fingerprints stand sealed in the database and open here only.
"""

import json
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np

from rempart.cases.triage.queries import prints as queries
from rempart.facts.fingerprint import Fingerprint
from rempart.matching import HammingIndex
from rempart.storage.database import Reader
from rempart.storage.fields import Fields
from rempart.thresholds import PDQ_MATCH_DISTANCE

# Rows may be committed out of the order of their ids; so many ids back are looked at again each time.
OVERLAP = 1000


class Nearest:
    """The founders of every organisation, one index each. Safe to use from several threads."""

    def __init__(self, fields: Fields, max_distance_bits: int = PDQ_MATCH_DISTANCE.value) -> None:
        self._fields, self._max_distance_bits = fields, max_distance_bits
        self._indexes: dict[int, HammingIndex] = {}
        self._keys: dict[int, list[str]] = {}
        self._last = 0
        self._recent: set[int] = set()
        self._lock = Lock()

    def key(self, reader: Reader, organisation: int, prints: Sequence[Fingerprint]) -> str | None:
        """The blind value of the perceptual tie: that of the nearest founder, else one of its own.

        prints: of one medium, the plainest view first. None when none of them is perceptual.
        """
        values = [one.value for one in prints if one.kind == "pdq"]
        if not values:
            return None
        self.refresh(reader)
        index = self._indexes.get(organisation)
        if index is not None:
            hits = index.search(_rows(values), self._max_distance_bits)
            if len(hits):
                return self._keys[organisation][int(hits.id[np.lexsort((hits.id, hits.distance))[0]])]
        return self._fields.blind("perceptual", values[0])

    def refresh(self, reader: Reader) -> int:
        """How many founders came in since the last time: all of them the first time, a few ever after."""
        with self._lock:
            fresh: dict[int, tuple[list[bytes], list[int]]] = {}
            for row in queries.tied_media(reader, self._last - OVERLAP):
                self._read(row, fresh)
            for organisation, (values, numbers) in fresh.items():
                index = self._indexes.get(organisation, HammingIndex())
                self._indexes[organisation] = index.append(_rows(values), np.array(numbers, np.int64))
            self._recent = {one for one in self._recent if one > self._last - OVERLAP}
            return sum(len(set(numbers)) for _, numbers in fresh.values())

    def _read(self, row: queries.Row, fresh: dict[int, tuple[list[bytes], list[int]]]) -> None:
        """Nothing; the medium is noted when it founded the tie that its case has."""
        if row["id"] in self._recent:
            return
        values = _perceptual(self._fields, row["fingerprints_sealed"])
        if values and self._fields.blind("perceptual", values[0]) == row["value_key"]:
            keys = self._keys.setdefault(row["organisation"], [])
            known, numbers = fresh.setdefault(row["organisation"], ([], []))
            known += values
            numbers += [len(keys)] * len(values)
            keys.append(row["value_key"])
            self._recent.add(row["id"])
        self._last = max(self._last, row["id"])


def _perceptual(fields: Fields, sealed: bytes) -> list[bytes]:
    rows: list[list[Any]] = json.loads(fields.unseal_text("fingerprints", sealed))
    return [bytes.fromhex(value) for kind, value, _ in rows if kind == "pdq"]


def _rows(values: Sequence[bytes]) -> Any:
    return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), 32)
