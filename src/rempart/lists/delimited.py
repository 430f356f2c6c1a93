"""Lines of a hostile table, put together to records: comma, semicolon, tab or bar between the cells."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, takewhile

from rempart.errors import UserMistake

DELIMITERS = (",", ";", "\t", "|")
MAX_RECORD_LINES = 64
MAX_COLUMNS_NAMED = 40
Line = tuple[int, str | None]


def delimiter_of(header: str) -> str:
    """The delimiter that parts the header most; the first of equals."""
    return max(DELIMITERS, key=header.count)


def split(text: str, delimiter: str) -> list[str]:
    """The cells of one line, which may be no flawless CSV."""
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return text.replace('"', "").split(delimiter)


def check_names(names: Sequence[str]) -> None:
    """Nothing. Raises UserMistake when two columns of one name would make one of them disappear."""
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise UserMistake(f"the table has two columns called `{shown(twice)}`; rename one")


def listed(names: Sequence[str]) -> str:
    """The names of the columns, as a message may show them."""
    told = ", ".join(f"`{shown(name)}`" for name in names[:MAX_COLUMNS_NAMED])
    return f"{told} and more" if len(names) > MAX_COLUMNS_NAMED else told


def shown(name: str) -> str:
    """The name of a column, unless it may be a value: then the table has no line of names."""
    letters = "".join(character for character in name if character.isalnum())
    return "(a value, not a name)" if len(letters) >= 32 else name


def records(found: Iterator[Line], delimiter: str, width: int) -> Iterator[tuple[int, list[str] | None]]:
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
    return 0, split(text, delimiter)


def _is_text(line: str | None) -> bool:
    return line is not None
