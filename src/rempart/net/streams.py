"""The connection of one request, as the HTTP library wants it. Every wait ends in time; there is no second look-up."""

import socket
from collections.abc import Callable, Iterable, Sequence
from ssl import SSLContext
from typing import Any, TypeVar

from httpcore import (
    ConnectError,
    ConnectTimeout,
    NetworkBackend,
    NetworkStream,
    ReadError,
    ReadTimeout,
    WriteError,
    WriteTimeout,
)

from rempart.net.addresses import Address
from rempart.net.connecting import Deadline, connected

Done = TypeVar("Done")


class Checked(NetworkBackend):
    """Connects to these addresses, whatever the name in the request would mean by now."""

    def __init__(self, addresses: Sequence[Address], deadline: Deadline, silence_seconds: float) -> None:
        self._addresses, self._deadline, self._silence = addresses, deadline, silence_seconds
        self.address = ""

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - the name was resolved and checked before
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> NetworkStream:
        """The stream of the first address that answers."""
        seconds = timeout or self._silence
        made = _told(lambda: connected(self._addresses, port, seconds, self._deadline), ConnectTimeout, ConnectError)
        self.address = str(made.getpeername()[0])
        return _Timed(made, self._deadline, self._silence)


class _Timed(NetworkStream):
    """A stream on which nothing takes longer than the silence that is borne, or than the whole call may."""

    def __init__(self, connection: socket.socket, deadline: Deadline, silence_seconds: float) -> None:
        self._connection, self._deadline, self._silence = connection, deadline, silence_seconds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - ours is shorter
        """Some bytes; none at the end."""

        def receive() -> bytes:
            self._connection.settimeout(self._deadline.within(self._silence))
            return self._connection.recv(max_bytes)

        return _told(receive, ReadTimeout, ReadError)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Nothing; everything was handed over."""

        def send() -> None:
            rest = memoryview(buffer)
            while rest:
                self._connection.settimeout(self._deadline.within(self._silence))
                rest = rest[self._connection.send(rest) :]

        _told(send, WriteTimeout, WriteError)

    def close(self) -> None:
        """Nothing; it is closed."""
        self._connection.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        """The stream, encrypted, once the certificate was found to be the host's."""

        def shake_hands() -> socket.socket:
            self._connection.settimeout(self._deadline.within(timeout or self._silence))
            return ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)

        try:
            encrypted = _told(shake_hands, ConnectTimeout, ConnectError)
        except BaseException:
            self.close()
            raise
        return _Timed(encrypted, self._deadline, self._silence)

    def get_extra_info(self, info: str) -> Any:  # noqa: ARG002
        """None: nobody here asks for more."""
        return None


def _told(do: Callable[[], Done], timed_out: type[Exception], failed: type[Exception]) -> Done:
    """What came of it, its errors in the words of the HTTP library."""
    try:
        return do()
    except TimeoutError as error:
        raise timed_out(error) from error
    except OSError as error:
        raise failed(error) from error
