"""Tables of text: comma, semicolon, tab or bar between columns, names of columns in the first line."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rempart.errors import UserMistake
from rempart.facts import BYTES_OF_KIND
from rempart.lists.bounded_text import TOO_LONG, head_lines, is_hex, lines
from rempart.lists.delimited import check_names, delimiter_of, listed, records, shown, split
from rempart.lists.rows import ROLES, Mapped, Refusal, Row


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A mapping such as `md5=MD5,id=Image ID` names the columns; without one they are found by the roles' names."""

    name: str = "csv"

    def claims(self, head: bytes) -> bool:
        """Whether the first line has several columns and no fingerprint, or is a column named like a kind."""
        found = head_lines(head)
        if not found or found[0].startswith(("{", "[")):
            return False
        names = [name.strip() for name in split(found[0], delimiter_of(found[0]))]
        if any(is_hex(name) for name in names):
            return False
        return len(names) > 1 or names[0].lower() in BYTES_OF_KIND

    def rows(self, path: Path, mapping: Mapped) -> Iterator[Row | Refusal]:
        """Every record after the first line. Raises UserMistake naming the columns when one does not exist."""
        found = iter(lines(path))
        header = next((line for _, line in found if line is None or line.strip()), None)
        if header is None:
            raise UserMistake("the table has no line with the names of its columns; add one")
        delimiter = delimiter_of(header)
        names = [name.strip() for name in split(header, delimiter)]
        check_names(names)
        columns = _columns(names, mapping)
        for number, record in records(found, delimiter, len(names)):
            if record is None:
                yield Refusal(number, TOO_LONG)
            elif any(cell.strip() for cell in record):
                yield _row(number, record, columns)


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
        raise UserMistake(f"the table has no column `{shown(unknown)}`; it has {listed(names)}")
    if not BYTES_OF_KIND.keys() & mapping.keys():
        raise UserMistake(
            f"no column of fingerprints is named; map one, such as `md5=COLUMN`; the table has {listed(names)}"
        )
    return {role: place for role, place in places.items() if place is not None}


def _place(names: list[str], column: str) -> int | None:
    """Where the column stands: of this very name, or else of this name in other letter case."""
    lowered = [name.lower() for name in names]
    if column in names:
        return names.index(column)
    return lowered.index(column.lower()) if column.lower() in lowered else None


def _row(number: int, record: list[str], columns: dict[str, int]) -> Row | Refusal:
    said = {role: record[place].strip() for role, place in columns.items() if place < len(record)}
    texts = tuple((kind, said[kind]) for kind in BYTES_OF_KIND if said.get(kind))
    ref = said.get("id", "")
    if not texts:
        return Refusal(number, "no fingerprint in the row", ref)
    return Row(number, texts, ref, said.get("classification", ""), said.get("quality", ""))


CSV = CsvTable()
