"""VICS 2.0 JSON (Project VIC, CAID): cases with media, or a hash set with media directly under `value`. Streamed."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import ijson

from rempart.errors import UserMistake
from rempart.facts import Kind
from rempart.lists.bounded_text import BOM
from rempart.lists.rows import Mapped, Refusal, Row

CASE_NAMES = ("CaseID", "CaseNumber")
CASE_AT = frozenset({"value.item", "item", ""})
MEDIA_AT = frozenset({"value.item", "value.item.Media.item", "item", "item.Media.item", "Media.item"})
KIND_OF_FIELD: dict[str, Kind] = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256"}
UNUSABLE_FIELDS = {"PhotoDNA": "photodna"}
KIND_OF_HASH_NAME: dict[str, Kind] = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdq": "pdq"}
WANTED = KIND_OF_FIELD.keys() | UNUSABLE_FIELDS.keys() | {"MediaID", "Category"}
# The parser reports one chunk at a time, at a cost that grows with the square of the nesting inside a chunk:
# small chunks let MAX_DEPTH stop it early.
CHUNK_BYTES = 4096
MAX_DEPTH = 64
MAX_TOKEN_BYTES = 1 << 20
MAX_HASHES = 64
_CASE_OR_HASH_SET = re.compile(rb'"(value|Media|@odata\.context|odata\.metadata)"\s*:')


@dataclass(slots=True)
class Media:
    """One record while it is read. case: (where it stands, its place in the file) of the case it belongs to, if any."""

    case: tuple[str, int] | None = None

    said: dict[str, str] = field(default_factory=dict)
    others: list[tuple[str, str]] = field(default_factory=list)
    hash_name: str = ""
    hash_value: str = ""
    is_case: bool = False

    def take(self, name: str, value: object) -> None:
        """Nothing; keeps one value of the record, by its path below the record."""
        text = _text(value)
        if name == "AlternativeHashes.item.HashName":
            self.hash_name = text
        elif name == "AlternativeHashes.item.HashValue":
            self.hash_value = text
        elif text and name in WANTED:
            self.said[name] = text

    def end_hash(self) -> None:
        """Nothing; one alternative hash is complete."""
        if self.hash_name and self.hash_value and len(self.others) < MAX_HASHES:
            self.others.append((self.hash_name, self.hash_value))
        self.hash_name = self.hash_value = ""

    def row(self, position: int, case_name: str | None) -> Row | Refusal:
        """The record as a row. The category is kept as it stands: its meaning differs by country and by tool.

        case_name: MediaID starts anew in every case, so alone it names a record of a hash set only (None); in a case
        without a name (empty) it names nothing.
        """
        texts = [(kind, self.said[name]) for name, kind in KIND_OF_FIELD.items() if name in self.said]
        unusable = [kind for name, kind in UNUSABLE_FIELDS.items() if name in self.said]
        for name, value in self.others:
            kind = KIND_OF_HASH_NAME.get(re.sub(r"[^a-z0-9]", "", name.lower()))
            texts += [(kind, value)] if kind else []
            unusable += [] if kind else ["an alternative hash of another kind"]
        ref = self.said.get("MediaID", "")
        if ref and case_name is not None:
            ref = f"{case_name}/{ref}" if case_name else ""
        if not texts and not unusable:
            return Refusal(position, "no fingerprint in the row", ref)
        return Row(position, tuple(texts), ref, self.said.get("Category", ""), unusable=tuple(unusable))


@dataclass(frozen=True, slots=True)
class Vics:
    """Takes no mapping: the fields have fixed names."""

    name: str = "vics"

    def claims(self, head: bytes) -> bool:
        """Whether the file is JSON with a field that cases and hash sets have."""
        start = head.removeprefix(BOM).lstrip()
        return start.startswith((b"{", b"[")) and _CASE_OR_HASH_SET.search(start) is not None

    def rows(self, path: Path, mapping: Mapped) -> Iterator[Row | Refusal]:
        """Every media record; after damage one refusal says where, and that the rest cannot be read."""
        if mapping:
            raise UserMistake("the fields of VICS JSON have fixed names; leave the mapping out")
        count, late = 0, _LateNames(path)
        with path.open("rb") as file:
            try:
                cases = _Cases()
                for media in _media(file, cases):
                    count += 1
                    yield media.row(count, cases.name_for(media, late))
            except DAMAGE as damage:
                reason = str(damage) if isinstance(damage, _TooMuch) else "the JSON is damaged here"
                yield Refusal(count + 1, f"{reason}; the rest of the file was not read", ends_file=True)
                return
        if not count:
            raise UserMistake("the JSON holds no media under `value` or `Media`; is it VICS 2.0?")


class _TooMuch(Exception):
    """The JSON asks for more memory than any real one."""


class _Guarded:
    """The file without its byte order mark; a token without end raises _TooMuch instead of filling the memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._since_quote = 0
        if file.read(len(BOM)) != BOM:
            file.seek(0)

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        last = chunk.rfind(b'"')
        self._since_quote = self._since_quote + len(chunk) if last < 0 else len(chunk) - last
        if self._since_quote > MAX_TOKEN_BYTES:
            raise _TooMuch("one value is too large")
        return chunk


_SCALARS = ("string", "number", "boolean", "null")
DAMAGE = (ijson.JSONError, ValueError, OverflowError, _TooMuch)


class _Cases:
    """The cases of a file as they go by, and what is known of their names."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}
        self._names: dict[int, dict[str, str]] = {}

    def see(self, prefix: str, event: str, value: object) -> None:
        """Nothing; a case that begins is counted, its names are kept."""
        if event == "start_map" and prefix in CASE_AT:
            self._at[prefix] = len(self._names)
            self._names[len(self._names)] = {}
        elif prefix.endswith(CASE_NAMES):
            place, _, name = prefix.rpartition(".")
            if place in self._at and name in CASE_NAMES and _text(value):
                self._names[self._at[place]][name] = _text(value)

    def holding(self, prefix: str) -> tuple[str, int] | None:
        """The case whose media stand at this prefix."""
        place = "" if prefix == "Media.item" else prefix.removesuffix(".Media.item")
        return None if place == prefix or place not in self._at else (place, self._at[place])

    def name(self, number: int) -> str:
        """The best name of a case that is known so far, or nothing."""
        names = self._names.get(number, {})
        return next((names[name] for name in CASE_NAMES if name in names), "")

    def name_for(self, media: Media, late: "_LateNames") -> str | None:
        """The name of the record's case, empty when it has none; None when the record belongs to a hash set."""
        if media.case is None:
            return None
        place, number = media.case
        return self.name(number) or late.name(number) or ("" if place else None)


class _LateNames:
    """The names of cases that stand after their media: found in a second reading, when one is missed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cases: _Cases | None = None

    def name(self, number: int) -> str:
        """The name of the case, or nothing."""
        if self._cases is None:
            self._cases = _Cases()
            with self._path.open("rb") as file, suppress(*DAMAGE):
                for event in _events(file):
                    self._cases.see(*event)
        return self._cases.name(number)


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _events(file: BinaryIO) -> Iterator[tuple[str, str, object]]:
    """(prefix, event, value) of the JSON, which may not be nested too deep."""
    depth = 0
    for prefix, event, value in ijson.parse(cast(Any, _Guarded(file)), use_float=True, buf_size=CHUNK_BYTES):
        if event in ("start_map", "start_array"):
            depth += 1
            if depth > MAX_DEPTH:
                raise _TooMuch("the JSON is nested too deep")
        elif event in ("end_map", "end_array"):
            depth -= 1
        yield prefix, event, value


def _media(file: BinaryIO, cases: _Cases) -> Iterator[Media]:
    """Every object that stands where media stand, unless it is a case that has media of its own."""
    open_records: dict[str, Media] = {}
    for prefix, event, value in _events(file):
        cases.see(prefix, event, value)
        if event == "start_map" and prefix in MEDIA_AT:
            open_records[prefix] = Media(cases.holding(prefix))
        elif event == "end_map":
            yield from _ended(prefix, open_records)
        elif event in _SCALARS and prefix in MEDIA_AT:
            yield Media(cases.holding(prefix))  # no object: a row without a fingerprint, and counted as one
        elif event not in ("start_map", "start_array", "end_array"):
            _take(prefix, event, value, open_records)


def _ended(prefix: str, open_records: dict[str, Media]) -> Iterator[Media]:
    """The record that ends here, if one does."""
    if prefix in open_records:
        record = open_records.pop(prefix)
        if not record.is_case:
            yield record
    elif prefix.endswith(".AlternativeHashes.item"):
        owner = open_records.get(prefix.removesuffix(".AlternativeHashes.item"))
        if owner is not None:
            owner.end_hash()


def _take(prefix: str, event: str, value: object, open_records: dict[str, Media]) -> None:
    """Nothing; the value is kept by the record that it belongs to."""
    if event == "map_key":
        if value == "Media" and prefix in open_records:
            open_records[prefix].is_case = True
        return
    for place in reversed(open_records):
        if prefix.startswith(f"{place}."):
            open_records[place].take(prefix[len(place) + 1 :], value)
            return


VICS = Vics()
