"""Near pictures among our own cases: the perceptual tie of a new medium, from an index in the memory of the process.

The first medium of its kind founds a tie; whatever is near to the founder gets its tie, and what is near to those only
does not: groups cannot grow by chains of likenesses. Fingerprints stand sealed in the database and open here only.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from rempart.audit.queries import head, subjects
from rempart.cases.triage.queries import prints as queries
from rempart.errors import Broken
from rempart.facts.fingerprint import Fingerprint
from rempart.matching import HammingIndex
from rempart.storage.database import Reader
from rempart.storage.fields import Fields
from rempart.thresholds import PDQ_MATCH_DISTANCE

# Media are kept behind the lock of the ledger, in the order of their ids; all the same, so many back are read again.
OVERLAP = 64
OPENED_AT_ONCE = 500
# What the ledger says of a medium whose fingerprints came after its row, perhaps long after.
SCREENED = "media.screened"


class Nearest:
    """The founders of every organisation, one index each. Safe to use from several threads."""

    def __init__(self, fields: Fields, max_distance_bits: int = PDQ_MATCH_DISTANCE.value) -> None:
        self._fields, self._max_distance_bits = fields, max_distance_bits
        self._indexes: dict[int, HammingIndex] = {}
        self._keys: dict[int, list[str]] = {}
        self._founded: set[tuple[int, str]] = set()
        self._last, self._entry = 0, -1
        # (medium, tie) that were looked at: a row that was rolled back gives its id to another one.
        self._seen: set[tuple[int, str]] = set()
        self._lock = Lock()

    def __repr__(self) -> str:
        return "Nearest(***)"

    def key(self, reader: Reader, organisation: int, prints: Sequence[Fingerprint]) -> str | None:
        """The blind value of the perceptual tie: that of the nearest founder, else one of its own.

        prints: of one medium, the plainest view first. None when none of them is perceptual.
        """
        return self.keys(reader, organisation, [prints])[0]

    def keys(self, reader: Reader, organisation: int, media: Sequence[Sequence[Fingerprint]]) -> list[str | None]:
        """The blind value of each medium's tie, as `key`: the first of them may be founders for the others."""
        values = [[one.value for one in prints if one.kind == "pdq"] for prints in media]
        if any(values):
            self.refresh(reader)
        known = _Founders(self._indexes.get(organisation, HammingIndex()), self._keys.get(organisation, []))
        fresh = _Founders(HammingIndex(), [])
        return [self._key(one, known, fresh) if one else None for one in values]

    def _key(self, values: Sequence[bytes], known: "_Founders", fresh: "_Founders") -> str:
        found = known.nearest(values, self._max_distance_bits) or fresh.nearest(values, self._max_distance_bits)
        if found is None:
            found = self._fields.blind("perceptual", values[0])
            fresh.add(values, found)
        return found

    def refresh(self, reader: Reader) -> int:
        """How many founders came in since the last time: all of them the first time, a few ever after."""
        with self._lock:
            now = head(reader)[0]
            tied = self._tied(reader, self._last - OVERLAP)
            fresh = [row for row in tied if (row["id"], row["value_key"]) not in self._seen]
            parts = (fresh[at : at + OPENED_AT_ONCE] for at in range(0, len(fresh), OPENED_AT_ONCE))
            founded = sum(self._read(reader, rows) for rows in parts)
            self._seen = {one for one in self._seen if one[0] > self._last - OVERLAP}
            self._entry = now
            return founded

    def _tied(self, reader: Reader, after: int) -> Sequence[queries.Row]:
        """Media that were kept since then, and those that were kept before and screened since the last time."""
        late = subjects(reader, SCREENED, self._entry) if self._entry >= 0 else ()
        return queries.tied_media(reader, after, [one for one in map(int, late) if one <= after])

    def _read(self, reader: Reader, rows: Sequence[queries.Row]) -> int:
        """How many of these media founded the tie that their case has; they are noted."""
        new = {row["id"] for row in rows if (row["organisation"], row["value_key"]) not in self._founded}
        sealed = queries.sealed_prints(reader, new)
        fresh: dict[int, dict[str, list[bytes]]] = {}
        for row in rows:
            self._last = max(self._last, row["id"])
            self._seen.add((row["id"], row["value_key"]))
            values = _perceptual(self._fields, sealed.get(row["id"]))
            if values and self._fields.blind("perceptual", values[0]) == row["value_key"]:
                fresh.setdefault(row["organisation"], {}).setdefault(row["value_key"], values)
        return sum(self._note(organisation, found) for organisation, found in fresh.items())

    def _note(self, organisation: int, found: Mapping[str, list[bytes]]) -> int:
        """How many of these are founders from now on: a tie is founded once."""
        new = [(key, values) for key, values in found.items() if (organisation, key) not in self._founded]
        founders = _Founders(self._indexes.get(organisation, HammingIndex()), self._keys.setdefault(organisation, []))
        founders.add_all(new)
        self._indexes[organisation] = founders.index
        self._founded.update((organisation, key) for key, _ in new)
        return len(new)


@dataclass(slots=True)
class _Founders:
    """An index whose ids are places in `keys`. The keys come first: an index never leads to one that is not there."""

    index: HammingIndex
    keys: list[str]

    def nearest(self, values: Sequence[bytes], max_distance_bits: int) -> str | None:
        """The key of the founder that is nearest to any of these, the oldest of several; None when none is near."""
        hits = self.index.search(_rows(values), max_distance_bits)
        return self.keys[int(hits.id[np.lexsort((hits.id, hits.distance))[0]])] if len(hits) else None

    def add(self, values: Sequence[bytes], key: str) -> None:
        """Nothing; there is one founder more."""
        self.add_all([(key, values)])

    def add_all(self, found: Sequence[tuple[str, Sequence[bytes]]]) -> None:
        """Nothing; there are so many founders more."""
        if not found:
            return
        numbers = [len(self.keys) + place for place, (_, values) in enumerate(found) for _ in values]
        self.keys.extend(key for key, _ in found)
        rows = _rows([value for _, values in found for value in values])
        self.index = self.index.append(rows, np.array(numbers, np.int64))


def _perceptual(fields: Fields, sealed: bytes | None) -> list[bytes]:
    if sealed is None:
        return []
    try:
        rows: list[list[Any]] = json.loads(fields.unseal_text("fingerprints", sealed))
    except Broken:  # it ties nothing then; one damaged field keeps nobody from giving notice
        return []
    return [bytes.fromhex(value) for kind, value, _ in rows if kind == "pdq"]


def _rows(values: Sequence[bytes]) -> Any:
    return np.frombuffer(b"".join(values), np.uint8).reshape(len(values), 32)
