"""What the operator named, as a stream of plan rows: every file, and every reason why something is not one."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rempart.errors import UserMistake
from rempart.facts import Fingerprint, Kind, reasons
from rempart.fingerprints import KINDS

_NAME_KEYS = ("name", "url", "path")


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
    """A path as text that any terminal, page or file can hold: control characters and odd bytes escaped."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)


def from_paths(paths: list[str]) -> Iterator[Row]:
    """Rows for files and folders, in a stable order. A path that does not exist is one refused row."""
    for path in paths:
        if os.path.isdir(path):  # noqa: PTH112 - a named link to a folder is followed: the operator asked for it
            yield from _walk(path)
        elif not os.path.lexists(path):
            yield Row(shown(path), refused=reasons.reason(reasons.UNREADABLE, "missing"))
        else:
            yield Row(shown(path), path=os.path.realpath(path))


def _walk(folder: str) -> Iterator[Row]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield Row(shown(folder), refused=_why(error))
        return
    for entry in entries:
        yield from _walk_entry(entry)


def _walk_entry(entry: "os.DirEntry[str]") -> Iterator[Row]:
    try:
        if entry.is_symlink():
            yield Row(shown(entry.path), refused=reasons.LINK)
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
        elif entry.is_file(follow_symlinks=False):
            yield Row(shown(entry.path), path=entry.path)
        else:
            yield Row(shown(entry.path), refused=reasons.NOT_A_FILE)
    except OSError as error:
        yield Row(shown(entry.path), refused=_why(error))


def _why(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return reasons.reason(reasons.UNREADABLE, "permission")
    if isinstance(error, FileNotFoundError):
        return reasons.VANISHED
    return reasons.reason(reasons.UNREADABLE, "system error")


def from_file_list(listing: Path) -> Iterator[Row]:
    """Rows for a text file with one path per line. Relative paths start at the working folder."""
    try:
        lines = listing.read_bytes().split(b"\n")
    except OSError as error:
        raise UserMistake(f"file list `{listing}` cannot be read ({error.strerror}); check the path") from error
    for line in lines:
        if line.strip(b"\r"):
            yield from from_paths([os.fsdecode(line.strip(b"\r"))])


def from_manifest(manifest: Path) -> Iterator[Row]:
    """Rows for an NDJSON manifest: `{"path"|"url"|"name", "sha256", "sha1", "md5", "pdq"}` on each line.

    Relative paths start at the manifest's folder. A line that cannot be understood is one refused row.
    """
    try:
        with manifest.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield _manifest_row(manifest, number, line)
    except OSError as error:
        raise UserMistake(f"manifest `{manifest}` cannot be read ({error.strerror}); check the path") from error


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
