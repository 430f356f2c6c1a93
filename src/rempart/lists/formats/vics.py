"""VICS 2.0 JSON (Project VIC, CAID): cases with media, or a hash set with media directly under `value`. Streamed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import ijson

from rempart.errors import UserMistake
from rempart.facts import Kind
from rempart.lists.bounded_text import BOM
from rempart.lists.rows import Mapped, Refusal, Row

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
    """One record while it is read."""

    said: dict[str, str] = field(default_factory=dict)
    others: list[tuple[str, str]] = field(default_factory=list)
    hash_name: str = ""
    hash_value: str = ""
    is_case: bool = False

    def take(self, name: str, value: object) -> None:
        """Nothing; keeps one value of the record, by its path below the record."""
        text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
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

    def row(self, position: int) -> Row | Refusal:
        """The record as a row. The category is kept as it stands: its meaning differs by country and by tool."""
        texts = [(kind, self.said[name]) for name, kind in KIND_OF_FIELD.items() if name in self.said]
        unusable = [kind for name, kind in UNUSABLE_FIELDS.items() if name in self.said]
        for name, value in self.others:
            kind = KIND_OF_HASH_NAME.get(re.sub(r"[^a-z0-9]", "", name.lower()))
            texts += [(kind, value)] if kind else []
            unusable += [] if kind else ["an alternative hash of another kind"]
        ref = self.said.get("MediaID", "")
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
        count = 0
        with path.open("rb") as file:
            try:
                for media in _media(file):
                    count += 1
                    yield media.row(count)
            except (ijson.JSONError, ValueError, OverflowError, _TooMuch) as damage:
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


def _media(file: BinaryIO) -> Iterator[Media]:
    """Every object that stands where media stand, unless it is a case that has media of its own."""
    open_records: dict[str, Media] = {}
    depth = 0
    for prefix, event, value in ijson.parse(cast(Any, _Guarded(file)), use_float=True, buf_size=CHUNK_BYTES):
        if event in ("start_map", "start_array"):
            depth += 1
            if depth > MAX_DEPTH:
                raise _TooMuch("the JSON is nested too deep")
            if event == "start_map" and prefix in MEDIA_AT:
                open_records[prefix] = Media()
        elif event in ("end_map", "end_array"):
            depth -= 1
            if event == "end_map":
                yield from _ended(prefix, open_records)
        else:
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
