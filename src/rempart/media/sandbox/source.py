"""Opening what is to be examined, in the parent, without being led astray."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from rempart.facts import reasons
from rempart.media.not_examinable import NotExaminable

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_REASON_OF_ERRNO = {
    errno.ENOENT: reasons.VANISHED,
    errno.ENOTDIR: reasons.VANISHED,
    errno.ESTALE: reasons.VANISHED,
    errno.ELOOP: reasons.LINK,
    errno.EACCES: reasons.reason(reasons.UNREADABLE, "permission"),
    errno.EPERM: reasons.reason(reasons.UNREADABLE, "permission"),
    errno.ENXIO: reasons.NOT_A_FILE,  # a socket
    errno.ENODEV: reasons.NOT_A_FILE,
    errno.ENAMETOOLONG: reasons.reason(reasons.UNREADABLE, "name too long"),
    errno.EIO: reasons.reason(reasons.UNREADABLE, "input/output error"),
}


class Blob:
    """Bytes behind an open descriptor, mostly in memory: a member of an archive, on no disk. Close it after use."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def of(cls, data: bytes) -> "Blob":
        """A blob that holds the bytes."""
        descriptor = os.memfd_create("item", os.MFD_CLOEXEC)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        return cls(descriptor)

    @property
    def size_bytes(self) -> int:
        """How many bytes there are."""
        return os.fstat(self.descriptor).st_size

    def close(self) -> None:
        """The memory goes back. Closing twice does no harm."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __enter__(self) -> "Blob":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


Source = Path | bytes | Blob


@contextmanager
def held(source: Source) -> Iterator[Blob]:
    """The source opened once, to be read again and again as the same file; closed afterwards unless it was a blob.

    Raises NotExaminable. What kind of file it is and how large is checked by `opened`.
    """
    if isinstance(source, Blob):
        yield source
        return
    with Blob(_open(source)) if isinstance(source, Path) else Blob.of(source) as blob:
        yield blob


@contextmanager
def opened(source: Source, max_bytes: int) -> Iterator[tuple[int, int]]:
    """An open descriptor and its size in bytes, closed afterwards unless it is the blob's own. Raises NotExaminable."""
    if isinstance(source, Blob):
        yield source.descriptor, _checked_size(source.descriptor, max_bytes)
        return
    descriptor = _open(source) if isinstance(source, Path) else _hold(source, max_bytes)
    try:
        yield descriptor, _checked_size(descriptor, max_bytes)
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """A descriptor that follows no link in the last component and never waits for the other end of a pipe."""
    try:
        return os.open(path, _FLAGS)
    except ValueError as error:  # a null byte in the name
        raise NotExaminable(reasons.VANISHED) from error
    except OSError as error:
        raise NotExaminable(_REASON_OF_ERRNO.get(error.errno or 0, reasons.UNREADABLE)) from error


def _hold(data: bytes, max_bytes: int) -> int:
    if len(data) > max_bytes:
        raise NotExaminable(reasons.reason(reasons.LIMIT, "bytes"))
    with Blob.of(data) as blob:
        return os.dup(blob.descriptor)


def _checked_size(descriptor: int, max_bytes: int) -> int:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise NotExaminable(reasons.NOT_A_FILE)
    if status.st_size == 0:
        raise NotExaminable(reasons.EMPTY)
    if status.st_size > max_bytes:
        raise NotExaminable(reasons.reason(reasons.LIMIT, "bytes"))
    return status.st_size
