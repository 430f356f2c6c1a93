"""A connection to addresses that were checked, in time."""

import socket
import time
from collections.abc import Sequence
from typing import Final

from rempart.net.addresses import Address

MOST_ADDRESSES: Final = 4


class Deadline:
    """The moment after which nothing is waited for."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def within(self, seconds: float) -> float:
        """At most so many seconds, and no more than are left. Raises TimeoutError when none is."""
        return min(seconds, self.left())

    def left(self) -> float:
        """How many seconds are left. Raises TimeoutError when none is."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def connected(addresses: Sequence[Address], port: int, seconds: float, deadline: Deadline) -> socket.socket:
    """A connection to the first of these addresses that answers. Raises OSError."""
    tried, problem = addresses[:MOST_ADDRESSES], OSError("there is no address")
    for number, address in enumerate(tried):
        try:
            return _connected(address, port, deadline.within(seconds / (len(tried) - number)))
        except OSError as error:
            problem = error
    raise problem


def _connected(address: Address, port: int, seconds: float) -> socket.socket:
    made = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
    try:
        made.settimeout(seconds)
        made.connect((str(address), port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        made.close()
        raise
    return made
