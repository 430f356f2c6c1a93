"""Lines of a hostile text file, in bounded memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

BOM = b"\xef\xbb\xbf"
MAX_LINE_BYTES = 1 << 20
TOO_LONG = f"the line is longer than {MAX_LINE_BYTES} bytes"


def lines(path: Path) -> Iterator[tuple[int, str | None]]:
    """The lines of the file at this path; see `lines_of`."""
    with path.open("rb") as file:
        yield from lines_of(file)


def lines_of(file: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """(line number from 1, the line without its end); None for a line that is too long, which is passed over.

    file: stands at its beginning. Bytes that are not UTF-8 become replacement characters: they cannot be part of a
    fingerprint, and the rest of the line can still be read.
    """
    if file.read(len(BOM)) != BOM:
        file.seek(0)
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 2):
        number += 1
        if len(line.rstrip(b"\r\n")) > MAX_LINE_BYTES:
            _pass_over(file, line)
            yield number, None
        else:
            yield number, line.rstrip(b"\r\n").decode("utf-8", "replace")


def head_lines(head: bytes) -> list[str]:
    """The whole lines at the beginning of a file that say something: no blank ones, no `#` comments."""
    text = head.removeprefix(BOM).decode("utf-8", "replace")
    whole = text.splitlines()[: -1 if len(head) > MAX_LINE_BYTES // 32 and not text.endswith("\n") else None]
    return [line.strip() for line in whole if line.strip() and not line.startswith("#")]


def is_hex(text: str) -> bool:
    """Whether the text is hexadecimal digits as long as some fingerprint."""
    return len(text) in (32, 40, 64) and text.isascii() and all(digit in "0123456789abcdefABCDEF" for digit in text)


def _pass_over(file: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(MAX_LINE_BYTES)
