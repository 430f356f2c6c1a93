"""VICS 2.0 JSON (Project VIC, CAID): cases with media, or a hash set with media directly under `value`. Streamed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rempart.errors import UserMistake
from rempart.facts import Kind
from rempart.lists.bounded_text import BOM
from rempart.lists.rows import Mapped, Refusal, Row
from rempart.lists.vics_stream import DAMAGE, CasePlace, Cases, LateNames, records, text_of, told

KIND_OF_FIELD: dict[str, Kind] = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256"}
UNUSABLE_FIELDS = {"PhotoDNA": "photodna"}
KIND_OF_HASH_NAME: dict[str, Kind] = {"md5": "md5", "sha1": "sha1", "sha256": "sha256", "pdq": "pdq"}
WANTED = KIND_OF_FIELD.keys() | UNUSABLE_FIELDS.keys() | {"MediaID", "Category"}
MAX_HASHES = 64
_CASE_OR_HASH_SET = re.compile(rb'"(value|Media|@odata\.context|odata\.metadata)"\s*:')


@dataclass(slots=True)
class Media:
    """One record while it is read. case: (where it stands, its place in the file) of the case it belongs to, if any."""

    case: CasePlace | None = None
    said: dict[str, str] = field(default_factory=dict)
    others: list[tuple[str, str]] = field(default_factory=list)
    hash_name: str = ""
    hash_value: str = ""
    is_case: bool = False

    def take(self, name: str, value: object) -> None:
        """Nothing; keeps one value of the record, by its path below the record."""
        text = text_of(value)
        if name == "AlternativeHashes.item.HashName":
            self.hash_name = text
        elif name == "AlternativeHashes.item.HashValue":
            self.hash_value = text
        elif text and name in WANTED:
            self.said[name] = text

    def end(self, name: str) -> None:
        """Nothing; one alternative hash is complete."""
        if name != "AlternativeHashes.item":
            return
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
            kind = kind_of_name(name)
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
        count, late = 0, LateNames(lambda: path.open("rb"))
        with path.open("rb") as file:
            try:
                cases = Cases()
                for media in records(file, cases, Media):
                    count += 1
                    yield media.row(count, cases.name_for(media.case, late))
            except DAMAGE as damage:
                yield Refusal(count + 1, told(damage), ends_file=True)
                return
        if not count:
            raise UserMistake("the JSON holds no media under `value` or `Media`; is it VICS 2.0?")


def kind_of_name(name: str) -> Kind | None:
    """The kind of an alternative hash that calls itself so."""
    return KIND_OF_HASH_NAME.get(re.sub(r"[^a-z0-9]", "", name.lower()))


VICS = Vics()
