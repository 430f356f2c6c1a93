"""What the verbs of this room give back: counts, refs and reasons, never a fingerprint."""

from collections.abc import Mapping
from dataclasses import dataclass

from rempart.facts import HashList


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with dry_run would do.

    rows == added + changed + unchanged + merged + sum(refused.values()).
    merged: rows that repeat an entry of an earlier row. changed: entries whose fingerprints or classification differ.
    removed: entries that the file no longer has. kept: entries that stay only because their row, or the rest of
        the file, could not be read. incomplete: the file broke off, so nothing was removed.
    refused: rows not taken, by reason. set_aside: fingerprints left out of rows that were taken, by reason.
    quarantine: (line or record number, reason) of each refused row.
    """

    list_name: str
    dry_run: bool
    format: str
    mode: str
    rows: int
    added: int
    changed: int
    unchanged: int
    merged: int
    removed: int
    kept: int
    incomplete: bool
    refused: Mapping[str, int]
    set_aside: Mapping[str, int]
    quarantine: tuple[tuple[int, str], ...]
    version_before: int
    version_after: int


@dataclass(frozen=True, slots=True)
class AppendReport:
    """What an append did: rows == added + merged + sum(refused.values())."""

    list_name: str
    rows: int
    added: int
    merged: int
    refused: Mapping[str, int]
    version_after: int


@dataclass(frozen=True, slots=True)
class WithdrawalPreview:
    """What a withdrawal would take away. fingerprints: how many of each kind. version: the list's, now."""

    list_name: str
    entries: int
    refs: tuple[str, ...]
    fingerprints: Mapping[str, int]
    version: int


@dataclass(frozen=True, slots=True)
class ListSummary:
    """One list in a listing.

    fingerprints: how many of each kind. stale: the source was last heard more than facts.max_age_days ago.
    quarantined: rows refused at the last import. held: entries held for review.
    """

    facts: HashList
    fingerprints: Mapping[str, int]
    age_days: float
    stale: bool
    held: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class ListDiff:
    """The refs that came and went between two versions."""

    list_name: str
    old: int
    new: int
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What is wrong with a list's files; nothing when `problems` is empty."""

    list_name: str
    version: int
    files_checked: int
    problems: tuple[str, ...]
