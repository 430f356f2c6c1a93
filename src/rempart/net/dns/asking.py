"""A question to one named server, over UDP, and over TCP when the answer is too long for that."""

import secrets
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rempart.errors import UserMistake
from rempart.net.addresses import Address, parsed
from rempart.net.connecting import Deadline, connected
from rempart.net.dns import wire
from rempart.net.places import host_of

PORT = 53
UDP_TRIES = 2
MOST_STRAYS = 8  # datagrams that are no answer to our question, before the server counts as silent
Outcome = Literal["found", "no_address", "no_such_name", "unavailable"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one server knows of a name. unavailable: it knows nothing for certain, now."""

    outcome: Outcome
    addresses: tuple[Address, ...] = ()


def ask(server: str, name: str, seconds: float) -> Lookup:
    """What this server says of the name. server: its address, or `address:port`, as the operator set it.

    A server that does not answer makes `unavailable`. Raises UserMistake for a server that is no address, or a name
    that is none.
    """
    address, port = _server(server)
    name = host_of(name)
    deadline = Deadline(seconds)
    kinds: tuple[wire.Type, ...] = (wire.A, wire.AAAA)
    try:
        replies = [_reply(address, port, name, kind, deadline) for kind in kinds]
    except (OSError, wire.Malformed):
        return Lookup("unavailable")
    found = tuple(one for reply in replies for one in reply.addresses)
    if found:
        return Lookup("found", found)
    if any(reply.code not in (0, 3) for reply in replies):
        return Lookup("unavailable")
    return Lookup("no_such_name" if any(reply.code == 3 for reply in replies) else "no_address")


def _reply(server: Address, port: int, name: str, kind: wire.Type, deadline: Deadline) -> wire.Reply:
    number = secrets.randbelow(1 << 16)
    question = wire.question(number, name, kind)
    told = _over_udp(server, port, question, lambda message: wire.reply(message, number, name, kind), deadline)
    if not told.truncated:
        return told
    return wire.reply(_over_tcp(server, port, question, deadline), number, name, kind)


def _over_udp(
    server: Address, port: int, question: bytes, read: Callable[[bytes], wire.Reply], deadline: Deadline
) -> wire.Reply:
    """The first datagram from the server that answers the question: others may be forged, and are passed over."""
    family = socket.AF_INET if server.version == 4 else socket.AF_INET6
    for left in range(UDP_TRIES, 0, -1):
        with socket.socket(family, socket.SOCK_DGRAM) as door:
            door.connect((str(server), port))
            door.send(question)
            share = Deadline(deadline.left() / left)
            try:
                for _ in range(MOST_STRAYS):
                    door.settimeout(share.left())
                    try:
                        return read(door.recv(4096))
                    except wire.Malformed:
                        continue
            except TimeoutError:
                continue
    raise TimeoutError


def _over_tcp(server: Address, port: int, question: bytes, deadline: Deadline) -> bytes:
    with connected([server], port, deadline.left(), deadline) as stream:
        stream.settimeout(deadline.left())
        stream.sendall(struct.pack("!H", len(question)) + question)
        (size,) = struct.unpack("!H", _whole(stream, 2, deadline))
        return _whole(stream, size, deadline)


def _whole(stream: socket.socket, size: int, deadline: Deadline) -> bytes:
    kept = b""
    while len(kept) < size:
        stream.settimeout(deadline.left())
        more = stream.recv(size - len(kept))
        if not more:
            raise ConnectionError("the answer ends too early")
        kept += more
    return kept


def _server(text: str) -> tuple[Address, int]:
    host, _, port = (text, "", "") if parsed(text) is not None else text.rpartition(":")
    address = parsed(host.removeprefix("[").removesuffix("]"))
    if address is None or not ((port.isascii() and port.isdigit()) or not port):
        raise UserMistake(f"the DNS server `{text}` is no address; write one such as 9.9.9.9, or address:port")
    return address, int(port or PORT)
