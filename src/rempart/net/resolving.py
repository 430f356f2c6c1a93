"""From a name to its addresses, once for each call, within a time."""

import queue
import socket
import threading
from collections.abc import Callable
from typing import Final

from rempart.net.addresses import Address, parsed
from rempart.net.answers import NotSent

Resolve = Callable[[str, float], tuple[Address, ...]]
"""name, seconds -> its addresses, best first. Raises NotSent. A test passes its own."""

# The system's own look-up knows no time limit, so it happens in a thread that may outlive the call. No more than these.
_PLACES: Final = threading.BoundedSemaphore(16)
RETRY_AFTER_SECONDS: Final = 30.0


def system_resolve(name: str, seconds: float) -> tuple[Address, ...]:
    """The addresses that this machine finds for the name. Raises NotSent when there is none in time."""
    if not _PLACES.acquire(blocking=False):
        raise NotSent("too many names are being looked up; try again", RETRY_AFTER_SECONDS)
    answer: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(name, answer), name="resolve", daemon=True).start()
    try:
        texts = answer.get(timeout=seconds)
    except queue.Empty:
        texts = []
    found = tuple(address for text in texts if (address := parsed(text)) is not None)
    if not found or len(found) < len(texts):
        raise NotSent("a host has no address that could be found; check its name and this machine's resolver")
    return found


def _look_up(name: str, answer: "queue.SimpleQueue[list[str]]") -> None:
    texts: list[str] = []
    try:
        rows = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        texts = list(dict.fromkeys(str(row[4][0]) for row in rows))
    except (OSError, UnicodeError):
        pass
    finally:
        _PLACES.release()
        answer.put(texts)
