"""A table whose first line names fields of the schema: comma, semicolon, tab or bar between the cells."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rempart.cases.bundles.bundle_format import Source
from rempart.cases.bundles.profiles import Profile
from rempart.cases.bundles.records import Read, Refused
from rempart.cases.bundles.rows import row_of
from rempart.cases.bundles.schema import FIELDS, OWN_PREFIX
from rempart.errors import UserMistake
from rempart.lists.bounded_text import TOO_LONG, lines_of
from rempart.lists.delimited import delimiter_of, records, split

WIDTH = "the row has more or fewer cells than the table has columns"


@dataclass(frozen=True, slots=True)
class CsvTable:
    """Empty rows are passed over; an empty cell says nothing."""

    name: str = "csv"
    needs_profile: bool = False

    def rows(self, source: Source, profile: Profile | None) -> Iterator[Read]:  # noqa: ARG002
        """Every record after the first line. Raises UserMistake for a column that is not in the schema."""
        with source() as file:
            found = lines_of(file)
            header = next((line for _, line in found if line is None or line.strip()), None)
            if header is None:
                raise UserMistake("the table has no line with the names of its columns; add one")
            delimiter = delimiter_of(header)
            names = [name.strip().lower() for name in split(header, delimiter)]
            check_columns(names)
            for number, cells in records(found, delimiter, len(names)):
                if cells is None:
                    yield Refused(number, TOO_LONG)
                elif any(cell.strip() for cell in cells):
                    yield _row(number, names, cells)


def check_columns(names: Sequence[str]) -> None:
    """Nothing. Raises UserMistake: a column misspelt must not be lost in silence. Quotes none: it may be a value."""
    unknown = [at for at, name in enumerate(names, 1) if name not in FIELDS and not name.startswith(OWN_PREFIX)]
    if unknown:
        raise UserMistake(
            f"column {unknown[0]} of the table is not in the schema; "
            f"name it as in docs/reference/bundles.md, or begin its name with `{OWN_PREFIX}`"
        )
    if len(set(names)) != len(names):
        raise UserMistake("the table has two columns of one name; rename one")


def _row(number: int, names: Sequence[str], cells: Sequence[str]) -> Read:
    if len(cells) != len(names):
        return Refused(number, WIDTH)
    said = {name: cell.strip() for name, cell in zip(names, cells, strict=True)}
    return row_of(number, {name: cell for name, cell in said.items() if cell})


CSV = CsvTable()
