"""VICS 2.0 JSON in, record by record, its seven known traps met in one place each.

1 a byte order mark, 2 booleans as text, 3 `IsPrecategorized` that contradicts `Category` (kept, never acted on),
4 totals that count different nouns (not read: what is counted is what was read), 5 several records of one file (each is
a record of its own), 6 names and units of EXIF that differ (kept as they stand), 7 times in several spellings.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from rempart.cases.bundles.values import loose_moment, whole, yes_or_no
from rempart.errors import UserMistake
from rempart.lists.vics_stream import DAMAGE, CasePlace, Cases, records, told
from rempart.reporting.vics.record import (
    FILE_MOMENTS,
    FILE_TEXTS,
    FILE_YES_OR_NO,
    TEXTS,
    YES_OR_NO,
    Media,
    MediaFile,
)

MOST_PARTS = 10_000
LONGEST_TEXT = 64 * 1024
_PARTS = ("MediaFiles.item", "AlternativeHashes.item", "Exifs.item")


@dataclass(slots=True)
class Unclear:
    """What could not be understood while reading: reason -> how often."""

    counts: dict[str, int] = field(default_factory=dict)

    def note(self, reason: str) -> None:
        """Nothing; counted."""
        self.counts[reason] = self.counts.get(reason, 0) + 1


@dataclass(slots=True)
class _Raw:
    """One record as it goes by: values by field, and the objects below it."""

    is_case: bool = False
    said: dict[str, object] = field(default_factory=dict)
    parts: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    _part: dict[str, object] = field(default_factory=dict)

    def take(self, name: str, value: object) -> None:
        """Nothing; keeps one value by its path below the record."""
        place, _, last = name.rpartition(".")
        if not place:
            self.said[name] = value
        elif place in _PARTS:
            self._part[last] = value

    def end(self, name: str) -> None:
        """Nothing; one object below the record is complete."""
        if name in _PARTS:
            found = self.parts.setdefault(name, [])
            if len(found) < MOST_PARTS:
                found.append(self._part)
            self._part = {}


def read(file: BinaryIO, unclear: Unclear) -> Iterator[Media]:
    """Every record of the file. Raises UserMistake where it is damaged; what was read before has been given.

    unclear: counts what could not be understood, and records without an MD5, which are none.
    """
    try:
        for raw in records(file, Cases(), _begin):
            media = _media(raw, unclear)
            if media is not None:
                yield media
    except DAMAGE as damage:
        raise UserMistake(f"{told(damage)}; ask for the file again") from None


def _begin(case: CasePlace | None) -> _Raw:  # noqa: ARG001 - the stream says which case it is; records are told apart by MD5
    return _Raw()


def _media(raw: _Raw, unclear: Unclear) -> Media | None:
    md5 = _text(raw.said.get("MD5"))
    if not md5:
        unclear.note("no MD5")
        return None
    values: dict[str, Any] = {ours: _text(raw.said.get(name)) for name, ours in TEXTS.items()}
    for name, ours in (YES_OR_NO | {"IsPrecategorized": "is_precategorized"}).items():
        values[ours] = _asked(yes_or_no, raw.said.get(name), name, unclear)
    return Media(
        md5=md5,
        media_id=_asked(whole, raw.said.get("MediaID"), "MediaID", unclear),
        media_size=_asked(whole, raw.said.get("MediaSize"), "MediaSize", unclear),
        date_updated=_asked(loose_moment, raw.said.get("DateUpdated"), "DateUpdated", unclear),
        alternative_hashes=_pairs(raw, "AlternativeHashes.item", "HashName", "HashValue"),
        exifs=_pairs(raw, "Exifs.item", "PropertyName", "PropertyValue"),
        media_files=tuple(_file(one, unclear) for one in raw.parts.get("MediaFiles.item", ())),
        **values,
    )


def _file(said: dict[str, object], unclear: Unclear) -> MediaFile:
    values: dict[str, Any] = {ours: _text(said.get(name)) for name, ours in FILE_TEXTS.items()}
    for name, ours in FILE_YES_OR_NO.items():
        values[ours] = _asked(yes_or_no, said.get(name), name, unclear)
    for name, ours in FILE_MOMENTS.items():
        values[ours] = _asked(loose_moment, said.get(name), name, unclear)
    return MediaFile(**values)


def _pairs(raw: _Raw, part: str, name: str, value: str) -> tuple[tuple[str, str], ...]:
    found = ((_text(one.get(name)), _text(one.get(value))) for one in raw.parts.get(part, ()))
    return tuple((key, said) for key, said in found if key and said is not None)


def _asked(understand: Any, value: object, name: str, unclear: Unclear) -> Any:
    try:
        return understand(value)
    except ValueError:
        unclear.note(f"{name} cannot be understood")
        return None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, bool):
        return None
    text = str(value).strip()[:LONGEST_TEXT]
    return text or None
