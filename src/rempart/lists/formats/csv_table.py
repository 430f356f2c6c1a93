"""Tables of text: comma, semicolon, tab or bar between columns, names of columns in the first line."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, takewhile
from pathlib import Path

from rempart.errors import UserMistake
from rempart.facts import BYTES_OF_KIND
from rempart.lists.bounded_text import TOO_LONG, head_lines, is_hex, lines
from rempart.lists.rows import ROLES, Mapped, Refusal, Row

DELIMITERS = (",", ";", "\t", "|")
MAX_RECORD_LINES = 64
MAX_COLUMNS_NAMED = 40
Line = tuple[int, str | None]


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A mapping such as `md5=MD5,id=Image ID` names the columns; without one they are found by the roles' names."""

    name: str = "csv"

    def claims(self, head: bytes) -> bool:
        """Whether the first line has several columns and no fingerprint, or is a column named like a kind."""
        found = head_lines(head)
        if not found or found[0].startswith(("{", "[")):
            return False
        names = [name.strip() for name in _split(found[0], _delimiter(found[0]))]
        if any(is_hex(name) for name in names):
            return False
        return len(names) > 1 or names[0].lower() in BYTES_OF_KIND

    def rows(self, path: Path, mapping: Mapped) -> Iterator[Row | Refusal]:
        """Every record after the first line. Raises UserMistake naming the columns when one does not exist."""
        found = iter(lines(path))
        header = next((line for _, line in found if line is None or line.strip()), None)
        if header is None:
            raise UserMistake("the table has no line with the names of its columns; add one")
        delimiter = _delimiter(header)
        names = [name.strip() for name in _split(header, delimiter)]
        _check_names(names)
        columns = _columns(names, mapping)
        for number, record in _records(found, delimiter, len(names)):
            if record is None:
                yield Refusal(number, TOO_LONG)
            elif any(cell.strip() for cell in record):
                yield _row(number, record, columns)


def _delimiter(header: str) -> str:
    """The delimiter that parts the header most; the first of equals."""
    return max(DELIMITERS, key=header.count)


def _split(text: str, delimiter: str) -> list[str]:
    """The cells of one line, which may be no flawless CSV."""
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return text.replace('"', "").split(delimiter)


def _columns(names: list[str], mapping: Mapped) -> dict[str, int]:
    """Role -> place. Raises UserMistake."""
    if not mapping:
        lowered = [name.lower() for name in names]
        mapping = {role: names[lowered.index(role)] for role in ROLES if role in lowered and role != "kind"}
    if "kind" in mapping:
        raise UserMistake("a table maps each kind to its column, such as `md5=MD5`; `kind=...` is for bare lines")
    places = {role: _place(names, column) for role, column in mapping.items()}
    unknown = next((mapping[role] for role, place in places.items() if place is None), None)
    if unknown is not None:
        raise UserMistake(f"the table has no column `{_shown(unknown)}`; it has {_listed(names)}")
    if not BYTES_OF_KIND.keys() & mapping.keys():
        raise UserMistake(
            f"no column of fingerprints is named; map one, such as `md5=COLUMN`; the table has {_listed(names)}"
        )
    return {role: place for role, place in places.items() if place is not None}


def _check_names(names: list[str]) -> None:
    """Nothing. Raises UserMistake when two columns of one name would make one of them disappear."""
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise UserMistake(f"the table has two columns called `{_shown(twice)}`; rename one")


def _place(names: list[str], column: str) -> int | None:
    """Where the column stands: of this very name, or else of this name in other letter case."""
    lowered = [name.lower() for name in names]
    if column in names:
        return names.index(column)
    return lowered.index(column.lower()) if column.lower() in lowered else None


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{_shown(name)}`" for name in names[:MAX_COLUMNS_NAMED])
    return f"{shown} and more" if len(names) > MAX_COLUMNS_NAMED else shown


def _shown(name: str) -> str:
    """The name of a column, unless it may be a value: then the table has no line of names."""
    letters = "".join(character for character in name if character.isalnum())
    return "(a value, not a name)" if len(letters) >= 32 else name


def _records(found: Iterator[Line], delimiter: str, width: int) -> Iterator[tuple[int, list[str] | None]]:
    """(first line number, cells) of each record; None for a line that is too long.

    A quoted cell may hold line ends. A stray quote must not swallow the rows after it: lines are put together only
    when they are flawless CSV within a few lines and make a record of the right width.
    """
    ahead: deque[Line] = deque()
    while (line := ahead.popleft() if ahead else next(found, None)) is not None:
        number, text = line
        if text is None or '"' not in text:
            yield number, None if text is None else text.split(delimiter)
            continue
        ahead.extend(islice(found, MAX_RECORD_LINES - len(ahead)))
        taken, record = _joined(text, ahead, delimiter, width)
        for _ in range(taken):
            ahead.popleft()
        yield number, record


def _joined(text: str, ahead: Iterable[Line], delimiter: str, width: int) -> tuple[int, list[str]]:
    """(how many lines ahead belong to the record, its cells)."""
    whole = (f"{line}\n" for line in chain((text,), takewhile(_is_text, (line for _, line in ahead))))
    reader = csv.reader(whole, delimiter=delimiter, strict=True)
    try:
        cells = next(reader, [])
    except csv.Error:
        cells = []
    if cells and (reader.line_num == 1 or len(cells) == width):
        return reader.line_num - 1, cells
    return 0, _split(text, delimiter)


def _is_text(line: str | None) -> bool:
    return line is not None


def _row(number: int, record: list[str], columns: dict[str, int]) -> Row | Refusal:
    said = {role: record[place].strip() for role, place in columns.items() if place < len(record)}
    texts = tuple((kind, said[kind]) for kind in BYTES_OF_KIND if said.get(kind))
    ref = said.get("id", "")
    if not texts:
        return Refusal(number, "no fingerprint in the row", ref)
    return Row(number, texts, ref, said.get("classification", ""), said.get("quality", ""))


CSV = CsvTable()
