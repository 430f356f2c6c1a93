"""One writer at a time, between threads and between processes."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rempart.storage.atomic import OWNER_ONLY_FILE


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Nothing; while it lasts no one else holds the lock of this path. It ends with the process, however that dies.

    Not re-entrant: a second hold in the same thread waits for ever.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, OWNER_ONLY_FILE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
