"""Names of hosts on loopback: DNS servers that say what they are told, so that hosts appear, move, hang and go away."""

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal

from rempart.testing.emulators.server import LOOPBACK

_HEADER = struct.Struct("!HHHHHH")
_ANSWERS, _NO_SUCH_NAME, _SERVER_FAILED = 0x8180, 0x8183, 0x8182
_A, _AAAA, _INTERNET, _SECONDS = 1, 28, 1, 1
_POINT_TO_QUESTION = 0xC00C
Fault = Literal["hangs", "fails"]


@dataclass(slots=True)
class Hosts:
    """What all the servers know. Change it while they run.

    addresses: name -> its addresses; a name that is missing does not exist. faults: name -> the server says nothing
    (`hangs`), or that it failed (`fails`).
    """

    addresses: dict[str, Sequence[str]] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, question: bytes) -> bytes | None:
        """What a server says, or None for silence."""
        number = struct.unpack_from("!H", question)[0]
        name, end = _name(question)
        kind = struct.unpack_from("!H", question, end)[0]
        self.asked.append(name)
        fault = self.faults.get(name)
        if fault == "hangs":
            return None
        if fault == "fails" or name not in self.addresses:
            code = _SERVER_FAILED if fault else _NO_SUCH_NAME
            return _HEADER.pack(number, code, 1, 0, 0, 0) + question[_HEADER.size : end + 4]
        packed = [ip_address(one).packed for one in self.addresses[name]]
        wanted = [one for one in packed if len(one) == {_A: 4, _AAAA: 16}.get(kind, 0)]
        records = b"".join(
            struct.pack("!HHHIH", _POINT_TO_QUESTION, kind, _INTERNET, _SECONDS, len(one)) + one for one in wanted
        )
        return _HEADER.pack(number, _ANSWERS, 1, len(wanted), 0, 0) + question[_HEADER.size : end + 4] + records


@contextmanager
def serving(hosts: Hosts, servers: int = 2, port: int = 0) -> Iterator[tuple[str, ...]]:
    """The addresses of DNS servers on loopback that know these hosts, until the block ends.

    port: of the first, the others on those after it; 0: any that are free.
    """
    stopping = threading.Event()
    doors = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(servers)]
    for number, door in enumerate(doors):
        door.bind((LOOPBACK, port + number if port else 0))
        door.settimeout(0.05)
    threads = [threading.Thread(target=_serve, args=(door, hosts, stopping), daemon=True) for door in doors]
    for thread in threads:
        thread.start()
    try:
        yield tuple(f"{LOOPBACK}:{door.getsockname()[1]}" for door in doors)
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
        for door in doors:
            door.close()


def _serve(door: socket.socket, hosts: Hosts, stopping: threading.Event) -> None:
    while not stopping.is_set():
        with suppress(TimeoutError, struct.error, IndexError, UnicodeDecodeError):
            question, caller = door.recvfrom(4096)
            said = hosts.answer(question)
            if said is not None:
                door.sendto(said, caller)


def _name(question: bytes) -> tuple[str, int]:
    labels, at = [], _HEADER.size
    while length := question[at]:
        labels.append(question[at + 1 : at + 1 + length].decode("ascii"))
        at += 1 + length
    return ".".join(labels).lower(), at + 1
