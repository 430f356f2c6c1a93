"""Digests in the parent: hashing parses nothing, so it is safe there, and a child could lie about them."""

import time
from collections.abc import Callable
from typing import BinaryIO, cast

from rempart.facts import Fingerprint, Limits, reasons
from rempart.fingerprints import digests
from rempart.media import NotExaminable
from rempart.media.sandbox.reading import stream_of

_SLOWEST_BYTES_PER_SECOND = 20 * 10**6  # a slow disk; hashing itself is ten times as fast

Hashed = tuple[tuple[Fingerprint, ...], tuple[str, ...]]


def never() -> bool:
    """False: nobody wants to stop."""
    return False


def hashed(descriptor: int, size_bytes: int, limits: Limits, stop: Callable[[], bool] = never) -> Hashed:
    """The sha256, sha1 and md5 of the bytes and no gap; or no digest, and the reason as the gap.

    Never raises for what the file system does. A file may be as large as an archive may be, and takes as long as its
    size warrants. stop: asked between two reads.
    """
    if size_bytes > max(limits.max_bytes, limits.max_archive_bytes):
        return (), (reasons.reason(reasons.LIMIT, "bytes"),)
    seconds = limits.max_seconds + size_bytes / _SLOWEST_BYTES_PER_SECOND
    try:
        return digests(cast("BinaryIO", _Watched(descriptor, size_bytes, seconds, stop))), ()
    except NotExaminable as error:
        return (), (error.reason,)


class _Watched:
    """The bytes behind a descriptor, until the time is over or somebody wants to stop. Reading raises NotExaminable."""

    def __init__(self, descriptor: int, size_bytes: int, seconds: float, stop: Callable[[], bool]) -> None:
        self._stream = stream_of(descriptor, size_bytes)
        self._stop_at = time.monotonic() + seconds
        self._stop = stop

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end."""
        if self._stop() or time.monotonic() > self._stop_at:
            raise NotExaminable(reasons.TIMEOUT)
        return self._stream.read(size)
