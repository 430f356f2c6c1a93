"""Files that another server serves from a folder: opened so that no address leads out of it."""

import os
import stat
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

MOST_PATH_BYTES = 4096
MOST_REMEMBERED = 50_000
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class ServedFile:
    """One file as it lies there now. version: changes when the file does."""

    name: str = field(repr=False)
    version: tuple[int, ...]
    content: bytes | None = field(default=None, repr=False)


class NotServed(Exception):
    """No file of the folder is at this address; the text says why."""


def steps_of(uri: bytes, prefix: str) -> list[bytes]:
    """The names of folders and file that the address leads through. Raises NotServed for any that is not plain.

    uri: as it was asked for, with its escapes.

    Two servers that read an odd address differently would speak of two files: `..`, doubled slashes and the like are
    not resolved but refused.
    """
    path = unquote_to_bytes(uri.partition(b"?")[0].partition(b"#")[0])
    start = unquote_to_bytes(prefix)
    if len(path) > MOST_PATH_BYTES or not path.startswith(start):
        raise NotServed("the address is outside of the folder")
    steps = path[len(start) :].split(b"/")
    if any(step in (b"", b".", b"..") or b"\0" in step for step in steps):
        raise NotServed("the address is not plain")
    return steps


@contextmanager
def opened(folder: Path, steps: list[bytes]) -> Iterator[tuple[int, os.stat_result]]:
    """(descriptor, status) of the file, reached step by step and through no link. Raises NotServed."""
    held: list[int] = []
    try:
        held.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        for step in steps[:-1]:
            held.append(os.open(step, _FOLDER, dir_fd=held[-1]))
        held.append(os.open(steps[-1], _FILE, dir_fd=held[-1]))
        status = os.fstat(held[-1])
        if not stat.S_ISREG(status.st_mode):
            raise NotServed("there is no file there")
        yield held[-1], status
    except OSError:
        raise NotServed("there is no file there") from None
    finally:
        for descriptor in held:
            with suppress(OSError):
                os.close(descriptor)


def look_at(folder: Path, prefix: str, uri: bytes) -> ServedFile:
    """The file at the address, without its content. Raises NotServed."""
    steps = steps_of(uri, prefix)
    with opened(folder, steps) as (_, status):
        return ServedFile(_name(steps), _version(status))


def read(folder: Path, prefix: str, uri: bytes, max_bytes: int) -> ServedFile:
    """The file at the address, read whole. Raises NotServed, also when it is larger than `max_bytes`."""
    steps = steps_of(uri, prefix)
    with opened(folder, steps) as (descriptor, status):
        if status.st_size > max_bytes:
            raise NotServed("the file is too large")
        with os.fdopen(os.dup(descriptor), "rb") as file:
            content = file.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise NotServed("the file is too large")
        return ServedFile(_name(steps), _version(os.fstat(descriptor)), content)


class Remembered:
    """What was said of files, in the memory of this process; the longest unused go first."""

    def __init__(self) -> None:
        self._said: OrderedDict[Hashable, bool] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bool | None:
        """What was said, or None."""
        with self._lock:
            if key in self._said:
                self._said.move_to_end(key)
            return self._said.get(key)

    def keep(self, key: Hashable, said: bool) -> None:
        """Nothing; it is remembered."""
        with self._lock:
            self._said[key] = said
            if len(self._said) > MOST_REMEMBERED:
                self._said.popitem(last=False)


def _version(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _name(steps: list[bytes]) -> str:
    return "".join(letter for letter in steps[-1].decode("utf-8", "replace") if letter.isprintable())[:255] or "upload"
