"""What the operator named, as a stream of plan rows: every file, and every reason why something is not one."""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rempart.errors import UserMistake
from rempart.facts import Fingerprint, Kind, reasons
from rempart.fingerprints import KINDS

_NAME_KEYS = ("name", "url", "path")
_LONGEST_LINE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to examine: a file, a row that only carries fingerprints, or something refused with its reason."""

    name: str
    path: str | None = None
    known: dict[Kind, str] = field(default_factory=dict, repr=False)
    refused: str | None = None

    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """The fingerprints that came with the row."""
        return tuple(KINDS[kind].parse(text) for kind, text in self.known.items())


def shown(path: str) -> str:
    """A path as text that any terminal, page or file can hold, and that says without doubt which path it was.

    Control characters, invisible ones, odd bytes and the backslash itself are escaped.
    """
    return "".join(_escaped(letter) for letter in path)


def _escaped(letter: str) -> str:
    code = ord(letter)
    if 0xDC80 <= code <= 0xDCFF:  # an odd byte, as the file system gave it
        return f"\\x{code - 0xDC00:02x}"
    if letter == "\\":
        return "\\\\"
    if letter.isprintable():
        return letter
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def from_paths(paths: list[str], leave_out: Path | None = None) -> Iterator[Row]:
    """Rows for files and folders, in a stable order. A path that does not exist is one refused row.

    leave_out: a folder that is not walked into: the job's own.
    """
    own = os.path.realpath(leave_out) if leave_out else None
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - a named link to a folder is followed: the operator asked for it
            yield from _walk(path, own)
            continue
        try:
            os.lstat(path)
        except FileNotFoundError:
            yield Row(shown(path), refused=reasons.reason(reasons.UNREADABLE, "missing"))
        except (OSError, ValueError) as error:
            yield Row(shown(path), refused=_why(error))
        else:
            yield Row(shown(path), path=os.path.realpath(path))


def _walk(top: str, own: str | None) -> Iterator[Row]:
    """Rows of a folder of any depth, in a stable order."""
    waiting: list[Iterator[os.DirEntry[str]]] = [iter(())]
    yield from _enter(top, waiting)
    while waiting:
        entry = next(waiting[-1], None)
        if entry is None:
            waiting.pop()
        elif _is_folder(entry):
            if own is None or os.path.realpath(entry.path) != own:
                yield from _enter(entry.path, waiting)
        else:
            yield _file_row(entry)


def _enter(folder: str, waiting: list[Iterator["os.DirEntry[str]"]]) -> Iterator[Row]:
    """One refused row when the folder cannot be listed; else its entries come next."""
    try:
        with os.scandir(folder) as listing:
            waiting.append(iter(sorted(listing, key=lambda entry: os.fsencode(entry.name))))
    except OSError as error:
        yield Row(shown(folder), refused=_why(error))


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    with suppress(OSError):
        return entry.is_dir(follow_symlinks=False)
    return False


def _file_row(entry: "os.DirEntry[str]") -> Row:
    try:
        if entry.is_symlink():
            return Row(shown(entry.path), refused=reasons.LINK)
        if entry.is_file(follow_symlinks=False):
            return Row(shown(entry.path), path=entry.path)
    except OSError as error:
        return Row(shown(entry.path), refused=_why(error))
    return Row(shown(entry.path), refused=reasons.NOT_A_FILE)


def _why(error: OSError | ValueError) -> str:
    if isinstance(error, PermissionError):
        return reasons.reason(reasons.UNREADABLE, "permission")
    if isinstance(error, FileNotFoundError):
        return reasons.VANISHED
    return reasons.reason(reasons.UNREADABLE, "system error")


def from_file_list(listing: Path) -> Iterator[Row]:
    """Rows for a text file with one path per line. Relative paths start at the working folder."""
    for number, line in _lines(listing, "file list"):
        if line is None:
            yield Row(shown(f"{listing}:{number}"), refused=reasons.BAD_ROW)
        elif line.strip(b"\r\n"):
            yield from from_paths([os.fsdecode(line.strip(b"\r\n"))])


def _lines(file: Path, what: str) -> Iterator[tuple[int, bytes | None]]:
    """(number, line) of a file of any size; None for a line too long to be meant. Raises UserMistake."""
    try:
        with file.open("rb") as stream:
            number = 0
            while line := stream.readline(_LONGEST_LINE_BYTES):
                number += 1
                whole_line = line.endswith(b"\n") or len(line) < _LONGEST_LINE_BYTES
                yield number, line if whole_line else None
                while not whole_line:
                    rest = stream.readline(_LONGEST_LINE_BYTES)
                    whole_line = rest.endswith(b"\n") or len(rest) < _LONGEST_LINE_BYTES
    except OSError as error:
        raise UserMistake(f"{what} `{file}` cannot be read ({error.strerror}); check the path") from error


def from_manifest(manifest: Path) -> Iterator[Row]:
    """Rows for an NDJSON manifest: `{"path"|"url"|"name", "sha256", "sha1", "md5", "pdq"}` on each line.

    Relative paths start at the manifest's folder. A line that cannot be understood is one refused row.
    """
    for number, line in _lines(manifest, "manifest"):
        if line is None or line.strip():
            yield _manifest_row(manifest, number, line or b"")


def _manifest_row(manifest: Path, number: int, line: bytes) -> Row:
    bad = Row(shown(f"{manifest}:{number}"), refused=reasons.BAD_ROW)
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return bad
    name = next((record[key] for key in _NAME_KEYS if record.get(key)), None) if isinstance(record, dict) else None
    if not isinstance(name, str) or "\0" in name:
        return bad
    return _checked(record, name, manifest)


def _checked(record: dict[str, Any], name: str, manifest: Path) -> Row:
    known: dict[Kind, str] = {}
    for kind, spec in KINDS.items():
        if record.get(kind):
            try:
                known[kind] = spec.parse(str(record[kind])).value.hex()
            except UserMistake:
                return Row(shown(name), refused=reasons.BAD_ROW)
    path = record.get("path")
    if path is None and not known:
        return Row(shown(name), refused=reasons.NO_FINGERPRINT)
    return Row(shown(name), path=str(manifest.parent / str(path)) if path is not None else None, known=known)
