"""The stream behind VICS 2.0 JSON: records of media, one at a time, in bounded memory, whatever the file holds.

What a record keeps of its fields is up to who reads: the hash lists here, the partners' bundles elsewhere.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Protocol, TypeVar, cast

import ijson

from rempart.lists.bounded_text import BOM

CASE_NAMES = ("CaseID", "CaseNumber")
CASE_AT = frozenset({"value.item", "item", ""})
MEDIA_AT = frozenset({"value.item", "value.item.Media.item", "item", "item.Media.item", "Media.item"})
# The parser reports one chunk at a time, at a cost that grows with the square of the nesting inside a chunk:
# small chunks let MAX_DEPTH stop it early.
CHUNK_BYTES = 4096
MAX_DEPTH = 64
MAX_TOKEN_BYTES = 1 << 20
_SCALARS = ("string", "number", "boolean", "null")
# (where it stands, its place in the file) of the case that a record belongs to.
CasePlace = tuple[str, int]
Source = Callable[[], BinaryIO]


class Record(Protocol):
    """One record while it is read."""

    is_case: bool

    def take(self, name: str, value: object) -> None:
        """Nothing; keeps one value of the record, by its path below the record."""
        ...

    def end(self, name: str) -> None:
        """Nothing; one object below the record is complete."""
        ...


R = TypeVar("R", bound=Record)


class TooMuch(Exception):
    """The JSON asks for more memory than any real one."""


DAMAGE = (ijson.JSONError, ValueError, OverflowError, TooMuch)


def told(damage: Exception) -> str:
    """What is wrong with the file, in words that quote nothing of it."""
    return f"{damage if isinstance(damage, TooMuch) else 'the JSON is damaged here'}; the rest of the file was not read"


class Cases:
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
            if place in self._at and name in CASE_NAMES and text_of(value):
                self._names[self._at[place]][name] = text_of(value)

    def holding(self, prefix: str) -> CasePlace | None:
        """The case whose media stand at this prefix."""
        place = "" if prefix == "Media.item" else prefix.removesuffix(".Media.item")
        return None if place == prefix or place not in self._at else (place, self._at[place])

    def name(self, number: int) -> str:
        """The best name of a case that is known so far, or nothing."""
        names = self._names.get(number, {})
        return next((names[name] for name in CASE_NAMES if name in names), "")

    def name_for(self, case: CasePlace | None, late: "LateNames") -> str | None:
        """The name of a record's case, empty when it has none; None when the record belongs to a hash set."""
        if case is None:
            return None
        place, number = case
        return self.name(number) or late.name(number) or ("" if place else None)


class LateNames:
    """The names of cases that stand after their media: found in a second reading, when one is missed."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._cases: Cases | None = None

    def name(self, number: int) -> str:
        """The name of the case, or nothing."""
        if self._cases is None:
            self._cases = Cases()
            with self._source() as file, suppress(*DAMAGE):
                for event in _events(file):
                    self._cases.see(*event)
        return self._cases.name(number)


def records(file: BinaryIO, cases: Cases, begin: Callable[[CasePlace | None], R]) -> Iterator[R]:
    """Every object that stands where media stand, unless it is a case that has media of its own.

    begin: a new record of this case. Raises one of DAMAGE where the file cannot be read any further.
    """
    open_records: dict[str, R] = {}
    for prefix, event, value in _events(file):
        cases.see(prefix, event, value)
        if event == "start_map" and prefix in MEDIA_AT:
            open_records[prefix] = begin(cases.holding(prefix))
        elif event == "end_map":
            yield from _ended(prefix, open_records)
        elif event in _SCALARS and prefix in MEDIA_AT:
            yield begin(cases.holding(prefix))  # no object: a row without a fingerprint, and counted as one
        elif event not in ("start_map", "start_array", "end_array"):
            _take(prefix, event, value, open_records)


def text_of(value: object) -> str:
    """A plain value as text, empty for anything else."""
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


class _Guarded:
    """The file without its byte order mark; a token without end raises TooMuch instead of filling the memory."""

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
            raise TooMuch("one value is too large")
        return chunk


def _events(file: BinaryIO) -> Iterator[tuple[str, str, object]]:
    """(prefix, event, value) of the JSON, which may not be nested too deep."""
    depth = 0
    for prefix, event, value in ijson.parse(cast(Any, _Guarded(file)), use_float=True, buf_size=CHUNK_BYTES):
        if event in ("start_map", "start_array"):
            depth += 1
            if depth > MAX_DEPTH:
                raise TooMuch("the JSON is nested too deep")
        elif event in ("end_map", "end_array"):
            depth -= 1
        yield prefix, event, value


def _ended(prefix: str, open_records: dict[str, R]) -> Iterator[R]:
    """The record that ends here, if one does; an object below a record is ended in it."""
    if prefix in open_records:
        record = open_records.pop(prefix)
        if not record.is_case:
            yield record
        return
    place = _owner(prefix, open_records)
    if place is not None:
        open_records[place].end(_below(prefix, place))


def _take(prefix: str, event: str, value: object, open_records: dict[str, R]) -> None:
    """Nothing; the value is kept by the record that it belongs to."""
    if event == "map_key":
        if value == "Media" and prefix in open_records:
            open_records[prefix].is_case = True
        return
    place = _owner(prefix, open_records)
    if place is not None:
        open_records[place].take(_below(prefix, place), value)


def _owner(prefix: str, open_records: dict[str, R]) -> str | None:
    """Where the innermost record stands that this prefix belongs to."""
    return next((place for place in reversed(open_records) if prefix.startswith(f"{place}.")), None)


def _below(prefix: str, place: str) -> str:
    return prefix[len(place) + 1 :]
