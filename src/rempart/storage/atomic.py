"""Writing and removing files so that a crash at any moment leaves the old state or the new one."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

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
    """Nothing; the file holds the whole content, on disk, or what it held before.

    sync_name: the new name survives a loss of power, too. Turn it off for several files of one folder, and call
    `sync_folder` once before anything refers to them.
    """
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY_FILE), "wb") as file:
            file.write(content)
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
