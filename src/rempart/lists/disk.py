"""One list's folder: the current signed manifest, older ones, and sealed files. One replace commits a change."""

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from rempart.errors import Broken, NotFound
from rempart.lists.manifest import BODY_TYPE, Manifest, SealedFile, Segment, from_body
from rempart.lists.tables import (
    Labels,
    PrintsByKind,
    Table,
    join_labels,
    join_tables,
    pack_labels,
    pack_prints,
    unpack_labels,
    unpack_prints,
)
from rempart.storage.atomic import TEMPORARY_PREFIX, make_folder, shred, sync_folder, write_atomically
from rempart.storage.keys import KeyRing
from rempart.storage.sealed import read_sealed, write_sealed
from rempart.storage.signed import sign_body, signed_body

CURRENT = "current.json"
LOCK = "lock"
VERSIONS = "versions"
SEALED = "sealed"
RECEIPTS = "receipts"
SEGMENT_ENTRIES = 131_072
SHREDDING_THREADS = 16
_PEEK_BYTES = 120


class Disk:
    """The folder of one list."""

    def __init__(self, folder: Path, keys: KeyRing) -> None:
        self.folder = folder
        self.keys = keys
        self.lock_path = folder / LOCK
        self._current = os.fspath(folder / CURRENT)

    def exists(self) -> bool:
        """Whether a first version was published, also when the current manifest was lost since."""
        return (self.folder / CURRENT).is_file() or self._has_versions()

    def _has_versions(self) -> bool:
        try:
            return any((self.folder / VERSIONS).iterdir()) or any((self.folder / SEALED).iterdir())
        except FileNotFoundError:
            return False

    def make(self) -> None:
        """Nothing; the folders are there."""
        for folder in (self.folder, *(self.folder / name for name in (VERSIONS, SEALED, RECEIPTS))):
            make_folder(folder)

    def peek(self) -> bytes:
        """The signature at the start of the current manifest: another version has another one. Empty: no list.

        Cost: one open and one short read, about 10 microseconds.
        """
        try:
            descriptor = os.open(self._current, os.O_RDONLY)
        except FileNotFoundError:
            return b""
        try:
            return os.read(descriptor, _PEEK_BYTES)
        finally:
            os.close(descriptor)

    def current(self) -> tuple[Manifest, str]:
        """(the current manifest, its SHA-256). Raises NotFound, or Broken when it is not what we signed."""
        try:
            stored = (self.folder / CURRENT).read_bytes()
        except FileNotFoundError:
            if self._has_versions():
                raise Broken(
                    f"list `{self.folder.name}` has lost its {CURRENT}; restore that file from a backup, "
                    f"or move the folder `{self.folder}` away and import the list anew"
                ) from None
            raise NotFound(f"there is no list `{self.folder.name}`; see `rempart lists ls`") from None
        return self.parsed(stored, CURRENT), sha256(stored).hexdigest()

    def version(self, number: int) -> tuple[Manifest, str]:
        """(the manifest of an older or the current version, its SHA-256). Raises NotFound or Broken."""
        manifest, digest = self.current()
        if manifest.version == number:
            return manifest, digest
        path = self.version_path(number)
        try:
            stored = path.read_bytes()
        except FileNotFoundError:
            raise NotFound(f"list `{manifest.name}` has no version {number} (it is at {manifest.version})") from None
        return self.parsed(stored, path.name), sha256(stored).hexdigest()

    def version_path(self, number: int) -> Path:
        """Where the manifest of a version is kept once a newer one is current."""
        return self.folder / VERSIONS / f"{number:08}.json"

    def parsed(self, stored: bytes, what: str) -> Manifest:
        """The manifest in these bytes. Raises Broken when they are not a manifest of this list signed by us."""
        body = signed_body(stored, self.keys.public_signing_key, BODY_TYPE)
        if body is None:
            raise Broken(
                f"{what} of list `{self.folder.name}` does not carry our signature: it was changed, or other keys "
                f"are in use; run `rempart lists verify {self.folder.name}`"
            )
        try:
            manifest = from_body(body)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Broken(f"{what} of list `{self.folder.name}` was written by another version of rempart") from None
        if manifest.name != self.folder.name:
            raise Broken(f"{what} of list `{self.folder.name}` belongs to list `{manifest.name}`; restore it")
        return manifest

    def digest(self, manifest: Manifest) -> str:
        """The SHA-256 that the manifest will have once it is published: Ed25519 signatures are deterministic."""
        return sha256(sign_body(manifest.to_body(), self.keys)).hexdigest()

    def publish(self, manifest: Manifest) -> None:
        """Nothing; the manifest is now the current one. The replace is the commit."""
        sync_folder(self.folder / SEALED)
        if manifest.version > 1:
            with suppress(FileExistsError):  # a change that was killed before its commit has kept it already
                self.version_path(manifest.version - 1).hardlink_to(self.folder / CURRENT)
            sync_folder(self.folder / VERSIONS)
        write_atomically(self.folder / CURRENT, sign_body(manifest.to_body(), self.keys))

    def write(self, label: str, plain: bytes) -> SealedFile:
        """A new sealed file holding the bytes; `publish` makes its name lasting."""
        name = f"{label}-{secrets.token_hex(8)}.age"
        return SealedFile(name, write_sealed(self.folder / SEALED / name, plain, self.keys, sync_name=False))

    def read(self, file: SealedFile) -> bytes:
        """The bytes in a sealed file that a manifest names. Raises Broken."""
        return read_sealed(self.folder / SEALED / file.name, self.keys, file.sha256)

    def prints(self, segment: Segment) -> PrintsByKind:
        """The fingerprints of a segment."""
        return unpack_prints(self.read(segment.prints))

    def labels(self, segment: Segment) -> Labels:
        """The labels of a segment."""
        return unpack_labels(self.read(segment.labels))

    def table(self, *segments: Segment) -> Table:
        """The entries of the segments."""
        return join_tables([Table(self.labels(segment), self.prints(segment)) for segment in segments])

    def write_segments(self, table: Table) -> tuple[Segment, ...]:
        """New segments holding the entries of the table, in order of id."""
        ids = table.labels.ids
        starts = ids[::SEGMENT_ENTRIES].tolist()
        ends = [*starts[1:], int(ids[-1]) + 1 if len(ids) else 0]
        return tuple(self._write_segment(table.between(start, end)) for start, end in zip(starts, ends, strict=False))

    def _write_segment(self, table: Table) -> Segment:
        ids = table.labels.ids
        return Segment(
            first_id=int(ids[0]),
            end_id=int(ids[-1]) + 1,
            entries=len(ids),
            prints=self.write("prints", pack_prints(table.prints)),
            labels=self.write("labels", pack_labels(table.labels)),
        )

    def removed(self, manifest: Manifest) -> Labels:
        """The labels of the entries that went with this version."""
        file = manifest.change.removed_file
        return unpack_labels(self.read(file)) if file else join_labels([])

    def receipt_path(self, version: int) -> Path:
        """Where the receipt of the withdrawal that made a version is kept."""
        return self.folder / RECEIPTS / f"{version:08}.json"

    def receipt_paths(self) -> list[Path]:
        """The files of all receipts, oldest first; see `withdrawing.receipts` for which of them count."""
        return sorted((self.folder / RECEIPTS).glob("[0-9]*.json"))

    def unnamed(self, manifest: Manifest) -> list[Path]:
        """Files that nothing names: what a killed change left, or a replaced segment that is not gone yet."""
        named = manifest.files()
        sealed = [path for path in (self.folder / SEALED).iterdir() if path.name not in named]
        loose = [path for path in sealed if not path.name.startswith("removed-")]
        loose += [path for path in self.receipt_paths() if int(path.stem) > manifest.version]
        folders = (self.folder, self.folder / VERSIONS, self.folder / RECEIPTS)
        return loose + [path for folder in folders for path in folder.glob(f"{TEMPORARY_PREFIX}*")]

    def sweep(self, manifest: Manifest) -> None:
        """Nothing; what the current version does not need can no longer be opened, and is gone."""
        unnamed = self.unnamed(manifest)
        if unnamed:
            with ThreadPoolExecutor(SHREDDING_THREADS) as pool:  # disks serve many waiting writers at the price of one
                list(pool.map(shred, unnamed))
            sync_folder(self.folder / SEALED)
