"""The compacted, readable index of a list: in memory-backed storage only, mapped by all processes of a machine."""

import os
import secrets
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rempart.errors import NotAllowed, Unavailable, UserMistake
from rempart.facts import BYTES_OF_KIND, Kind
from rempart.lists.arrays import Ids
from rempart.lists.manifest import Manifest
from rempart.lists.tables import PrintsByKind
from rempart.matching import ExactIndex, HammingIndex
from rempart.storage.atomic import OWNER_ONLY_FOLDER
from rempart.storage.locks import exclusive

MOUNTS = Path("/proc/mounts")
MEMORY_FILE_SYSTEMS = frozenset({"tmpfs", "ramfs"})
DIGEST_KINDS: tuple[Kind, ...] = tuple(kind for kind in BYTES_OF_KIND if kind != "pdq")
_UNFINISHED = ".building-"
_DIGITS_OF_SHA256 = 16


@dataclass(frozen=True, slots=True)
class Indexes:
    """The searchable entries of one list."""

    near: HammingIndex = field(repr=False)
    exact: dict[Kind, ExactIndex] = field(repr=False)

    @classmethod
    def build(cls, prints: PrintsByKind) -> "Indexes":
        """The indexes of these fingerprints."""
        exact = {kind: ExactIndex.build(prints[kind].values, prints[kind].ids) for kind in DIGEST_KINDS}
        return cls(HammingIndex.build(prints["pdq"].values, prints["pdq"].ids), exact)

    @classmethod
    def open(cls, folder: Path) -> "Indexes":
        """The indexes saved there, mapped."""
        exact = {kind: ExactIndex.open(folder / kind) for kind in DIGEST_KINDS}
        return cls(HammingIndex.open(folder / "pdq"), exact)

    def save(self, folder: Path) -> None:
        """Nothing; writes the indexes there."""
        self.near.save(folder / "pdq")
        for kind, index in self.exact.items():
            index.save(folder / kind)

    def changed(self, removed: Ids, added: PrintsByKind) -> "Indexes":
        """The indexes without the entries of these ids and with these fingerprints."""
        near, exact = self.near, dict(self.exact)
        if len(removed):
            near = near.withdraw(removed)
            exact = {kind: index.withdraw(removed) for kind, index in exact.items()}
        if len(added["pdq"].ids):
            near = near.append(added["pdq"].values, added["pdq"].ids)
        for kind, index in exact.items():
            rows = added[kind]
            exact[kind] = index.append(rows.values, rows.ids) if len(rows.ids) else index
        return Indexes(near, exact)


@dataclass(frozen=True, slots=True)
class Base:
    """A folder of indexes in memory, and the version of the list it stands for."""

    folder: Path
    version: int
    sha256_start: str


class Memory:
    """The memory-backed folder of all lists."""

    def __init__(self, folder: Path, mounts: Path = MOUNTS) -> None:
        """Raises UserMistake when the folder is on disk, NotAllowed when others can read it."""
        folder = folder.absolute()
        self.folder = folder
        if not is_memory_backed(folder, mounts):
            raise UserMistake(
                f"the memory folder {folder} is not in memory (tmpfs): readable fingerprints must not reach a disk; "
                "set REMPART_MEMORY_FOLDER to a folder under /dev/shm, or mount one with `mount -t tmpfs tmpfs FOLDER`"
            )
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid() or state.st_mode & 0o077:
            raise NotAllowed(
                f"the memory folder {folder} belongs to, or is open to, other users; run `chmod 700 {folder}` "
                "or set REMPART_MEMORY_FOLDER to a folder of your own"
            )

    def bases(self, uid: str) -> list[Base]:
        """What stands ready for a list, newest first."""
        found = []
        for path in self.folder.glob(f"{uid}-*-*"):
            _, version, start = path.name.rsplit("-", 2)
            found.append(Base(path, int(version), start))
        return sorted(found, key=lambda base: base.version, reverse=True)

    def build(self, manifest: Manifest, sha256: str, make: Callable[[], Indexes]) -> Base:
        """The base for this version, made once by whoever comes first; others wait. Older ones are removed.

        A crash half-way leaves an unfinished folder that no one opens; the next builder removes it.
        """
        start = sha256[:_DIGITS_OF_SHA256]
        folder = self.folder / f"{manifest.uid}-{manifest.version:08}-{start}"
        with exclusive(self.folder / f"{manifest.uid}.lock"):
            if not folder.is_dir():
                self._clear(f"{_UNFINISHED}{manifest.uid}-*")
                unfinished = self.folder / f"{_UNFINISHED}{manifest.uid}-{secrets.token_hex(8)}"
                unfinished.mkdir(mode=OWNER_ONLY_FOLDER)
                try:
                    make().save(unfinished)
                    _close_to_others(unfinished)
                    unfinished.replace(folder)
                except OSError as error:
                    raise Unavailable(
                        f"the index of list `{manifest.name}` cannot be written to the memory folder {self.folder} "
                        f"({error.strerror}); make room there, or name a larger one in REMPART_MEMORY_FOLDER"
                    ) from None
                finally:
                    shutil.rmtree(unfinished, ignore_errors=True)
            for base in self.bases(manifest.uid):
                if base.version < manifest.version or (base.version == manifest.version and base.folder != folder):
                    shutil.rmtree(base.folder, ignore_errors=True)
        return Base(folder, manifest.version, start)

    def _clear(self, pattern: str) -> None:
        for path in self.folder.glob(pattern):
            shutil.rmtree(path, ignore_errors=True)


def is_memory_backed(folder: Path, mounts: Path = MOUNTS) -> bool:
    """Whether the file system that holds, or would hold, the folder lives in memory."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    real = folder.resolve()
    best, kind = -1, ""
    for line in lines:
        fields = line.split(" ")
        point = Path(fields[1].replace("\\040", " ")) if len(fields) > 2 else None
        # Later lines lie on top of earlier ones mounted at the same place.
        if point is not None and real.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind in MEMORY_FILE_SYSTEMS


def _close_to_others(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
