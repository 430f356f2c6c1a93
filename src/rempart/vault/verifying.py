"""Verifying the vault: every object has its file and a key that opens it, every purge its certificate."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rempart.errors import RempartError
from rempart.storage.database import Database, Reader
from rempart.vault import certificates, objects, queries
from rempart.vault.queries import Row
from rempart.vault.store import Vault

PAGE = 500
MOST_TOLD = 100
# A file is written before its row: one that is younger may still get it.
GRACE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one object. what: missing | damaged | key | certificate | left_over."""

    object: str
    what: str
    says: str


@dataclass(frozen=True, slots=True)
class Found:
    """What verification found.

    objects, purged: how many rows. orphans: files without a row that are older than an hour: nothing can open them.
    problems: the first ones. problem_count: all.
    """

    objects: int
    purged: int
    size_bytes: int
    orphans: int
    problems: tuple[Wrong, ...]
    problem_count: int

    @property
    def whole(self) -> bool:
        """Whether everything that should open opens, and everything else does not."""
        return not self.problem_count


def verify(
    database: Database,
    vault: Vault,
    now: datetime,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Found:
    """What holds of the whole vault, whoever's objects they are. No content is opened: sealed bytes are compared.

    Cost: reads every file once; memory for one of them.
    """
    counted = _Counted()
    with database.reading() as reader:
        total = queries.count(reader)
    for row in _rows(database):
        _check(vault, row, counted)
        progress(counted.rows, max(total, counted.rows))
    with database.reading() as reader:
        orphans = sum(1 for _ in orphaned(reader, vault, now))
    return Found(
        counted.rows - counted.purged, counted.purged, counted.size, orphans, tuple(counted.told), counted.wrong
    )


def missing(database: Database, vault: Vault) -> int:
    """How many objects have no file: a look at names only, cheap enough for every day."""
    return sum(
        1
        for row in _rows(database)
        if row.key_sealed is not None and not objects.path_of(vault.folder, row.id).exists()
    )


def orphaned(reader: Reader, vault: Vault, now: datetime) -> Iterator[str]:
    """The names of files older than an hour that no object of the database needs; relative to the vault's folder."""
    before = (now - GRACE).timestamp()
    for path in objects.files(vault.folder):
        try:
            old = path.stat().st_mtime < before
        except FileNotFoundError:
            continue
        object_id = objects.id_of(path)
        row = queries.of_any(reader, object_id) if old and object_id is not None else None
        if old and (row is None or row.key_sealed is None):
            yield str(path.relative_to(vault.folder))


class _Counted:
    def __init__(self) -> None:
        self.rows = self.purged = self.size = self.wrong = 0
        self.told: list[Wrong] = []

    def note(self, object_id: str, what: str, says: str) -> None:
        self.wrong += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(Wrong(object_id, what, says))


def _rows(database: Database) -> Iterator[Row]:
    after = ""
    while True:
        with database.reading() as reader:
            rows = queries.page(reader, after, PAGE)
        yield from rows
        if len(rows) < PAGE:
            return
        after = rows[-1].id


def _check(vault: Vault, row: Row, counted: _Counted) -> None:
    counted.rows += 1
    if row.key_sealed is None:
        counted.purged += 1
        _check_purged(vault, row, counted)
        return
    counted.size += row.size_bytes
    there = objects.path_of(vault.folder, row.id).exists()
    try:
        objects.read(vault.folder, row.id, row.sealed_sha256)
    except RempartError as error:
        counted.note(row.id, "damaged" if there else "missing", str(error))
    try:
        objects.identity_of(row.id, row.key_sealed, vault.keys)
    except RempartError as error:
        counted.note(row.id, "key", str(error))


def _check_purged(vault: Vault, row: Row, counted: _Counted) -> None:
    try:
        made = certificates.read(row.certificate or b"", vault.keys.public_signing_key)
    except RempartError as error:
        counted.note(row.id, "certificate", str(error))
        return
    if (made.object, made.sealed_sha256) != (row.id, row.sealed_sha256):
        counted.note(row.id, "certificate", f"the certificate of object `{row.id}` is another object's")
    if objects.path_of(vault.folder, row.id).exists():
        says = f"the file of the purged object `{row.id}` is still there; the worker removes it"
        counted.note(row.id, "left_over", says)
