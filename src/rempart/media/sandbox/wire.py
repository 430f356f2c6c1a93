"""Messages between parent, nursery and child: a length, a JSON object, at most one file descriptor. No pickle."""

import contextlib
import json
import os
import socket
import struct
import time
from typing import Any

MAX_MESSAGE_BYTES = 16 * 2**20
_LENGTH = struct.Struct("!I")
_MOST_DESCRIPTORS = 4

Message = dict[str, Any]

STARTED: Message = {"started": True}  # what a child says once it is confined, before it is asked anything


class Garbled(Exception):
    """The other side sent something that is not a message."""


class Closed(Exception):
    """The other side is gone."""


def send(sock: socket.socket, message: Message, descriptor: int | None = None) -> None:
    """The message is on its way. Raises Closed, TimeoutError, ValueError for a message that is too long."""
    body = json.dumps(message, separators=(",", ":"), allow_nan=False).encode()
    if len(body) > MAX_MESSAGE_BYTES:
        raise ValueError("message too long")
    whole = _LENGTH.pack(len(body)) + body
    try:
        sent = socket.send_fds(sock, [whole], [] if descriptor is None else [descriptor])
        if sent < len(whole):  # sending nothing would still fail when the other side has answered and left by now
            sock.sendall(memoryview(whole)[sent:])
    except (BrokenPipeError, ConnectionError) as error:
        raise Closed from error


def receive(sock: socket.socket, deadline: float | None = None) -> tuple[Message, int | None]:
    """One message and the descriptor that came with it, which the caller owns.

    deadline: on the monotonic clock, for the whole message: the sender is not trusted and may send a byte a second.
    Raises Closed, Garbled, TimeoutError. Surplus descriptors are closed.
    """
    try:
        _wait_until(sock, deadline)
        head, descriptors, _, _ = socket.recv_fds(sock, _LENGTH.size, _MOST_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC)
    except ConnectionError as error:
        raise Closed from error
    try:
        message = _message(sock, head, deadline)
    except BaseException:
        _close(descriptors)
        raise
    _close(descriptors[1:])
    return message, descriptors[0] if descriptors else None


def _message(sock: socket.socket, head: bytes, deadline: float | None) -> Message:
    head += _exactly(sock, _LENGTH.size - len(head), deadline) if head else b""
    if not head:
        raise Closed
    (length,) = _LENGTH.unpack(head)
    if length > MAX_MESSAGE_BYTES:
        raise Garbled
    try:
        message = json.loads(_exactly(sock, length, deadline))
    except (ValueError, RecursionError) as error:
        raise Garbled from error
    if not isinstance(message, dict):
        raise Garbled
    return message


def _exactly(sock: socket.socket, length: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        try:
            _wait_until(sock, deadline)
            part = sock.recv(min(length - len(parts), 2**20))
        except ConnectionError as error:
            raise Closed from error
        if not part:
            raise Closed
        parts += part
    return bytes(parts)


def _wait_until(sock: socket.socket, deadline: float | None) -> None:
    """The next read waits no longer than the deadline. Raises TimeoutError when it has passed."""
    if deadline is None:
        return
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        raise TimeoutError
    sock.settimeout(remaining)


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        with contextlib.suppress(OSError):
            os.close(descriptor)
