"""From rows to columns: parse, refuse, and gather entries so that a million of them fit in little memory."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rempart.facts import BYTES_OF_KIND, Entry, Fingerprint, Kind
from rempart.fingerprints import KINDS, NotAFingerprint
from rempart.lists.arrays import Texts, as_words, group
from rempart.lists.identity import identifier, kept_apart, key_of, shown_ref, shown_text, torn, unique_prints
from rempart.lists.rows import Refusal, Row
from rempart.lists.tables import KEY_BYTES, Labels, Prints, Table


@dataclass
class Gathered:
    """Rows as they come, in growing columns. Row numbers stand for entry ids until `table` gives real ones."""

    rows_read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    quarantine: list[tuple[int, str]] = field(default_factory=list)
    mentioned: set[bytes] = field(default_factory=set, repr=False)
    incomplete: bool = False
    _taken: int = 0
    _keys: bytearray = field(default_factory=bytearray, repr=False)
    _refs: list[str] = field(default_factory=list, repr=False)
    _classes: list[str] = field(default_factory=list, repr=False)
    _rows: dict[Kind, "array[int]"] = field(default_factory=lambda: {kind: array("q") for kind in KINDS}, repr=False)
    _values: dict[Kind, bytearray] = field(default_factory=lambda: {kind: bytearray() for kind in KINDS}, repr=False)

    def add(self, row: Row | Refusal) -> None:
        """Nothing; the row is taken, or counted as refused."""
        self.rows_read += 1
        if isinstance(row, Refusal):
            self._refuse(row.position, row.reason, row.ref)
            self.incomplete |= row.ends_file
            return
        prints, reasons = parse(row)
        if prints:
            self.set_aside.update(reasons)
            self._take(prints, row.ref, row.classification)
        else:
            self._refuse(row.position, reasons[0] if reasons else "no fingerprint in the row", row.ref)

    def take(self, position: int, prints: Sequence[Fingerprint], ref: str, classification: str) -> None:
        """Nothing; an entry that is already parsed is taken, or counted as refused."""
        self.rows_read += 1
        good = [one for one in prints if KINDS[one.kind].refuse(one) is None]
        if good:
            self._take(good, ref, classification)
        else:
            self._refuse(position, next((_why(one) for one in prints), "no fingerprint in the row"), ref)

    @property
    def usable(self) -> int:
        """How many rows were taken."""
        return self._taken

    def table(self) -> tuple[Table, int]:
        """(entries with ids 0.. in order of first appearance, rows merged into an earlier row).

        Rows of one ref are one entry, unless two of them have different digests of one kind: then each is its own.
        """
        keys = np.frombuffer(bytes(self._keys), np.uint8).reshape(-1, KEY_BYTES)
        rows = {kind: self._column(kind) for kind in KINDS}
        entry_of_row, first = group(as_words(keys))
        several = torn({kind: Prints(entry_of_row[row.ids], row.values) for kind, row in rows.items()}, len(first))
        if several.any():
            keys = kept_apart(keys, rows, np.flatnonzero(several[entry_of_row]))
            entry_of_row, first = group(as_words(keys))
        prints = {kind: unique_prints(Prints(entry_of_row[row.ids], row.values)) for kind, row in rows.items()}
        refs = Texts.of(self._refs).take(first)
        classes = Texts.of(self._classes).take(first)
        labels = Labels(np.arange(len(first), dtype=np.int64), keys[first], refs, classes)
        return Table(labels, prints), self._taken - len(first)

    def _column(self, kind: Kind) -> Prints:
        """The fingerprints of one kind under the numbers of their rows."""
        values = np.frombuffer(bytes(self._values[kind]), np.uint8).reshape(-1, BYTES_OF_KIND[kind])
        return Prints(np.frombuffer(self._rows[kind], np.int64), values)

    def _take(self, prints: Iterable[Fingerprint], ref: str, classification: str) -> None:
        prints = list(prints)
        self._keys += key_of(identifier(ref), prints)
        self._refs.append(shown_ref(ref, prints))
        self._classes.append(shown_text(classification))
        for one in prints:
            self._rows[one.kind].append(self._taken)
            self._values[one.kind] += one.value
        self._taken += 1

    def _refuse(self, position: int, reason: str, ref: str) -> None:
        self.refused[reason] += 1
        self.quarantine.append((position, reason))
        if identifier(ref):
            self.mentioned.add(key_of(identifier(ref), ()))


def gather(rows: Iterable[Row | Refusal]) -> Gathered:
    """All rows, gathered."""
    gathered = Gathered()
    for row in rows:
        gathered.add(row)
    return gathered


def gather_entries(entries: Iterable[Entry]) -> Gathered:
    """All entries, gathered; entries of one ref become one entry."""
    gathered = Gathered()
    for position, entry in enumerate(entries, start=1):
        gathered.take(position, (entry.fingerprint,), entry.ref, entry.classification)
    return gathered


def parse(row: Row) -> tuple[list[Fingerprint], list[str]]:
    """(usable fingerprints of the row, a reason for every other one)."""
    prints: list[Fingerprint] = []
    reasons: list[str] = []
    quality = _quality(row.quality)
    for kind, text in row.texts:
        try:
            one = KINDS[kind].parse(text, quality)
        except NotAFingerprint as mistake:
            reasons.append(str(mistake))
            continue
        why = KINDS[kind].refuse(one)
        if why is None:
            prints.append(one)
        else:
            reasons.append(f"{kind}: {why}")
    return prints, [*reasons, *(f"unusable kind: {name}" for name in row.unusable)]


def _why(one: Fingerprint) -> str:
    return f"{one.kind}: {KINDS[one.kind].refuse(one)}"


def _quality(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None
