"""From rows to columns: parse, refuse, and gather entries so that a million of them fit in little memory."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from rempart.facts import BYTES_OF_KIND, Entry, Fingerprint, Kind
from rempart.fingerprints import KINDS, NotAFingerprint
from rempart.lists.arrays import Texts, as_words, group
from rempart.lists.rows import Refusal, Row
from rempart.lists.tables import KEY_BYTES, Labels, Prints, Table

MAX_REF_CHARACTERS = 200
MAX_TEXT_CHARACTERS = 1000
SHORTEST_HEX = 2 * min(BYTES_OF_KIND.values())
OWN_PREFIX = "rempart-"
_OURS = re.compile(r"rempart-\d+")


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

    def table(self) -> tuple[Table, int]:
        """(entries with ids 0.. in order of first appearance, rows merged into an earlier row)."""
        keys = np.frombuffer(bytes(self._keys), np.uint8).reshape(-1, KEY_BYTES)
        entry_of_row, first = group(as_words(keys))
        prints = {kind: self._column(kind, entry_of_row) for kind in KINDS}
        refs = Texts.of(self._refs).take(first)
        classes = Texts.of(self._classes).take(first)
        labels = Labels(np.arange(len(first), dtype=np.int64), keys[first], refs, classes)
        return Table(labels, prints), self._taken - len(first)

    def _column(self, kind: Kind, entry_of_row: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Prints:
        values = np.frombuffer(bytes(self._values[kind]), np.uint8).reshape(-1, BYTES_OF_KIND[kind])
        ids = entry_of_row[np.frombuffer(self._rows[kind], np.int64)]
        return unique_prints(Prints(ids, values))

    def _take(self, prints: Iterable[Fingerprint], ref: str, classification: str) -> None:
        prints = list(prints)
        ref = usable_ref(ref, prints)
        self._keys += key_of(ref, prints)
        self._refs.append(ref)
        self._classes.append(clean(classification))
        for one in prints:
            self._rows[one.kind].append(self._taken)
            self._values[one.kind] += one.value
        self._taken += 1

    def _refuse(self, position: int, reason: str, ref: str) -> None:
        self.refused[reason] += 1
        self.quarantine.append((position, reason))
        if ref:
            self.mentioned.add(key_of(usable_ref(ref, ()), ()))


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


def key_of(ref: str, prints: Iterable[Fingerprint]) -> bytes:
    """What makes an entry the same one in the next import: its ref, or else its fingerprints."""
    if ref:
        return blake2b(b"ref:" + ref.encode(), digest_size=KEY_BYTES).digest()
    parts = sorted(one.kind.encode() + one.value for one in set(prints))
    return blake2b(b"prints:" + b"".join(parts), digest_size=KEY_BYTES).digest()


def usable_ref(ref: str, prints: Iterable[Fingerprint]) -> str:
    """The ref, or nothing when it may not be shown: too long, spelling a fingerprint, or posing as one of ours."""
    ref = clean(ref)
    if len(ref) < SHORTEST_HEX:
        return "" if ref.startswith(OWN_PREFIX) and _OURS.fullmatch(ref) else ref
    if len(ref) > MAX_REF_CHARACTERS or _OURS.fullmatch(ref):
        return ""
    spelled = ref.lower().replace("-", "").replace(":", "").replace(" ", "")
    return "" if any(one.value.hex() in spelled for one in prints) else ref


def clean(text: str) -> str:
    """The text without control characters and without blanks around it, at most 1,000 characters."""
    if len(text) > MAX_TEXT_CHARACTERS or not text.isprintable():
        text = "".join(filter(str.isprintable, text[:MAX_TEXT_CHARACTERS]))
    return text.strip()


def unique_prints(prints: Prints) -> Prints:
    """Each (entry, value) once, ids ascending."""
    _, first = group(np.column_stack([prints.ids.astype(np.uint64), as_words(prints.values)]))
    return prints.take(first[np.argsort(prints.ids[first], kind="stable")])


def _why(one: Fingerprint) -> str:
    return f"{one.kind}: {KINDS[one.kind].refuse(one)}"


def _quality(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None
