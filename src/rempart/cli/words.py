"""From words and files on the command line to values."""

import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from rempart.errors import UserMistake

if TYPE_CHECKING:
    from rempart.facts import Fingerprint


def mapping_of(columns: list[str] | None, roles: Collection[str] | None = None) -> dict[str, str]:
    """`["md5=MD5"]` as `{"md5": "MD5"}`. Raises UserMistake for a word without `=`, or a role that is unknown or twice.

    roles: what may be mapped; when left out, all that lists or index tables know.
    """
    from rempart.lists.rows import ROLES

    known = (*ROLES, "url") if roles is None else roles
    mapping: dict[str, str] = {}
    for word in columns or []:
        role, mark, column = (part.strip() for part in word.partition("="))
        if not (role and mark and column):
            raise UserMistake(f"`{role}` names no column; write --column md5=COLUMN")
        if role not in known:
            raise UserMistake(f"there is no role `{role}`; roles are {', '.join(known)}")
        if role in mapping:
            raise UserMistake(f"the role `{role}` is mapped twice; write --column {role}=COLUMN once")
        mapping[role] = column
    return mapping


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
