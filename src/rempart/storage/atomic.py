"""Writing and removing files so that a crash at any moment leaves the old state or the new one."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

OWNER_ONLY_FILE = 0o600
OWNER_ONLY_FOLDER = 0o700
TEMPORARY_PREFIX = ".part-"
SHRED_BYTES = 4096


def make_folder(folder: Path) -> Path:
    """The folder, made with its parents if needed, and readable by its owner only when made here."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
        sync_folder(folder.parent)
    return folder


def write_atomically(path: Path, content: bytes, *, sync_name: bool = True) -> None:
    """Nothing; the file holds the whole content, on disk, or what it held before. See `written_atomically`."""
    with written_atomically(path, sync_name=sync_name) as file:
        file.write(content)


@contextmanager
def written_atomically(path: Path, *, sync_name: bool = True, mode: int = OWNER_ONLY_FILE) -> Iterator[BinaryIO]:
    """A binary stream whose whole content is the file's, on disk, once the block ends well; else nothing changes.

    sync_name: the new name survives a loss of power, too. Turn it off for several files of one folder, and call
    `sync_folder` once before anything refers to them. mode: the permissions of the file, less the process's umask.
    A kill half-way leaves a file that begins with TEMPORARY_PREFIX, which nobody reads.
    """
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise
    if sync_name:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Nothing; the names in the folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def shred(path: Path) -> None:
    """Nothing; the file is gone, and its beginning was overwritten on disk first.

    A sealed file keeps the wrapped key of its content in its first bytes: without them the rest cannot be
    opened even by who holds our key. (Copies below the file system, such as snapshots or the spare blocks of
    a flash disk, are out of reach from here.)
    """
    try:
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(min(SHRED_BYTES, path.stat().st_size)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    except FileNotFoundError:
        return
