"""Reading what the parent handed over, in the child: read and never mapped, for a mapped file that shrinks kills."""

import errno
import io
import os
from typing import TYPE_CHECKING

from rempart.facts import Limits, reasons
from rempart.media.not_examinable import NotExaminable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_READ_BYTES = 2**20
_BUFFER_BYTES = 2**16


def read_whole(descriptor: int, size: int, limits: Limits) -> bytes:
    """Every byte. Raises NotExaminable."""
    parts: list[bytes] = []
    length = 0
    while part := _read(descriptor, max(size + 1 - length, _READ_BYTES), length):
        parts.append(part)
        length += len(part)
        if length > limits.max_bytes:
            raise NotExaminable(reasons.reason(reasons.LIMIT, "bytes"))
    if length < size:
        raise NotExaminable(reasons.VANISHED)
    return b"".join(parts)


def stream_of(descriptor: int, size: int) -> io.BufferedReader:
    """The bytes as a seekable stream that holds no more than a buffer of them."""
    return io.BufferedReader(_Descriptor(descriptor, size), _BUFFER_BYTES)


class _Descriptor(io.RawIOBase):
    """A descriptor that somebody else closes, as far as it was measured. Reading raises NotExaminable."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if at < 0:
            raise OSError(errno.EINVAL, "before the start of the stream")  # as a file does: zipfile counts on it
        self._at = at
        return at

    def readinto(self, buffer: "WriteableBuffer") -> int:
        target = memoryview(buffer)
        wanted = min(len(target), self._size - self._at)
        if wanted <= 0:
            return 0
        part = _read(self._descriptor, wanted, self._at)
        if not part:
            raise NotExaminable(reasons.VANISHED)
        target[: len(part)] = part
        self._at += len(part)
        return len(part)


def _read(descriptor: int, length: int, at: int) -> bytes:
    try:
        return os.pread(descriptor, length, at)
    except OSError as error:
        if error.errno == errno.ESTALE:  # of a network share: the file is another one by now
            raise NotExaminable(reasons.VANISHED) from error
        detail = "input/output error" if error.errno == errno.EIO else ""
        raise NotExaminable(reasons.reason(reasons.UNREADABLE, detail)) from error
