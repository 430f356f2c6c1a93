"""From words and files on the command line to values."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rempart.errors import UserMistake

if TYPE_CHECKING:
    from rempart.facts import Fingerprint


def mapping_of(columns: list[str] | None) -> dict[str, str]:
    """`["md5=MD5"]` as `{"md5": "MD5"}`. Raises UserMistake for a word without `=`."""
    pairs = [column.partition("=") for column in columns or []]
    for key, mark, value in pairs:
        if not (key and mark and value):
            raise UserMistake(f"`{key}` names no column; write --column md5=COLUMN")
    return {key: value for key, _, value in pairs}


def bytes_of(file: Path) -> bytes:
    """The bytes of a small file. Raises UserMistake when it cannot be read."""
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UserMistake(f"`{file}` cannot be read ({error.strerror}); check the path") from error


def fingerprints_of(file: Path | None) -> "list[Fingerprint]":
    """The fingerprints of a file with `kind hex` lines, `-` for standard input; none for no file.

    They come from a file and not from the command line, because a command line stays in the shell's history.
    """
    from rempart.fingerprints import KINDS

    found = []
    for number, line in enumerate(bytes_of(file).decode("utf-8", "replace").splitlines() if file else (), 1):
        kind, _, text = line.strip().partition(" ")
        if not line.strip():
            continue
        if kind not in KINDS:
            raise UserMistake(
                f"line {number} of `{file}` names no kind; write one of {', '.join(KINDS)}, a space, and hex"
            )
        found.append(KINDS[kind].parse(text))
    return found
