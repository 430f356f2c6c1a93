"""Asking a named DNS server: honest, lying, slow and hostile ones."""

import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.errors import NotAllowed, UserMistake
from rempart.net.dns import Lookup, ask, wire

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
NAME = "dragon.example"
FOUR, SIX = b"\x09\x09\x09\x09", ip_address("2606:4700::1111").packed


def named(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def record(owner: bytes, kind: int, data: bytes, *, class_: int = 1) -> bytes:
    return owner + struct.pack("!HHIH", kind, class_, 60, len(data)) + data


def answer(question: bytes, *records: bytes, code: int = 0, flags: int = 0x8180) -> bytes:
    """An answer to the question, whose name the records can point to with POINT."""
    return question[:2] + struct.pack("!HHHHH", flags | code, 1, len(records), 0, 0) + question[12:] + b"".join(records)


POINT = b"\xc0\x0c"
Server = Callable[[bytes], list[bytes]]


def kind_of(question: bytes) -> int:
    return int(struct.unpack("!H", question[-4:-2])[0])


@contextmanager
def serving(handle: Server, tcp: Server | None = None) -> Iterator[str]:
    """A DNS server on loopback. handle: the datagrams that it sends for a question."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as stream:
        udp.bind(("127.0.0.1", 0))
        port = udp.getsockname()[1]
        stream.bind(("127.0.0.1", port))
        stream.listen()
        stopping = threading.Event()
        threads = [
            threading.Thread(target=_datagrams, args=(udp, handle, stopping)),
            threading.Thread(target=_streams, args=(stream, tcp or handle, stopping)),
        ]
        for thread in threads:
            thread.start()
        try:
            yield f"127.0.0.1:{port}"
        finally:
            stopping.set()
            for thread in threads:
                thread.join()


def _datagrams(udp: socket.socket, handle: Server, stopping: threading.Event) -> None:
    udp.settimeout(0.02)
    while not stopping.is_set():
        with suppress(TimeoutError):
            question, caller = udp.recvfrom(4096)
            for message in handle(question):
                udp.sendto(message, caller)


def _streams(stream: socket.socket, handle: Server, stopping: threading.Event) -> None:
    stream.settimeout(0.02)
    while not stopping.is_set():
        with suppress(TimeoutError):
            connection, _ = stream.accept()
            with connection:
                question = connection.recv(4096)[2:]
                for message in handle(question):
                    connection.sendall(struct.pack("!H", len(message)) + message)


def both(question: bytes) -> list[bytes]:
    data = FOUR if kind_of(question) == wire.A else SIX
    return [answer(question, record(POINT, kind_of(question), data))]


def test_the_addresses_of_a_name_are_found() -> None:
    with serving(both) as server:
        found = ask(server, "Dragon.Example.", 5)
    assert found == Lookup("found", (ip_address("9.9.9.9"), ip_address("2606:4700::1111")))


def test_a_name_that_stands_for_another_is_followed() -> None:
    def linked(question: bytes) -> list[bytes]:
        first = record(POINT, wire.CNAME, named("a.example"))
        second = record(named("A.example"), wire.CNAME, named("b.example"))
        last = record(named("b.example"), kind_of(question), FOUR if kind_of(question) == wire.A else SIX)
        return [answer(question, last, second, first)]

    with serving(linked) as server:
        assert len(ask(server, NAME, 5).addresses) == 2


def test_addresses_of_other_names_are_not_taken() -> None:
    def other(question: bytes) -> list[bytes]:
        return [answer(question, record(named("cat.example"), kind_of(question), FOUR))]

    with serving(other) as server:
        assert ask(server, NAME, 5) == Lookup("no_address")


@pytest.mark.parametrize(
    ("code", "outcome"), [(0, "no_address"), (3, "no_such_name"), (2, "unavailable"), (5, "unavailable")]
)
def test_nothing_there_is_told_apart_from_a_server_that_fails(code: int, outcome: str) -> None:
    with serving(lambda question: [answer(question, code=code)]) as server:
        assert ask(server, NAME, 5) == Lookup(outcome)  # type: ignore[arg-type]


def test_an_answer_too_long_for_a_datagram_is_fetched_over_tcp() -> None:
    with serving(lambda question: [answer(question, flags=0x8380)], both) as server:
        assert len(ask(server, NAME, 5).addresses) == 2


def test_a_server_that_is_silent_is_unavailable_in_time() -> None:
    with serving(lambda _: []) as server:
        assert ask(server, NAME, 0.2) == Lookup("unavailable")


def test_a_lost_datagram_is_asked_for_again() -> None:
    came: list[int] = []

    def loses_the_first(question: bytes) -> list[bytes]:
        came.append(1)
        return [] if len(came) == 1 else both(question)

    with serving(loses_the_first) as server:
        assert ask(server, NAME, 1.5).outcome == "found"


def test_a_forged_datagram_is_passed_over_for_the_answer() -> None:
    def forged(question: bytes) -> list[bytes]:
        wrong = bytes([question[0] ^ 1, question[1]]) + answer(question, record(POINT, wire.A, b"\x01\x02\x03\x04"))[2:]
        other = question[:12] + named("cat.example") + question[-4:]
        return [b"", b"?", wrong, answer(other), *both(question)]

    with serving(forged) as server:
        assert ask(server, NAME, 5).addresses[0] == ip_address("9.9.9.9")


def test_a_server_that_only_forges_is_unavailable() -> None:
    with serving(lambda question: [b"x" * 20] * 20) as server:
        assert ask(server, NAME, 0.5) == Lookup("unavailable")


def test_a_tcp_server_that_breaks_off_is_unavailable() -> None:
    with serving(lambda question: [answer(question, flags=0x8380)], lambda _: []) as server:
        assert ask(server, NAME, 2) == Lookup("unavailable")


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with serving(lambda _: []) as server:
        pass
    assert ask(server, NAME, 0.2) == Lookup("unavailable")


@pytest.mark.parametrize("server", ["dns.example", "", "127.0.0.1:x", "127.1", "9.9.9.9:53:53"])
def test_a_server_is_named_by_its_address(server: str) -> None:
    with pytest.raises(UserMistake, match="is no address"):
        ask(server, NAME, 1)


@pytest.mark.parametrize("name", ["", "a..b", "a" * 64, "dragon example", "127.1", "dräche.example"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(NotAllowed):
        ask("127.0.0.1:1", name, 1)


def test_a_name_that_leads_to_itself_ends() -> None:
    question = wire.question(7, NAME, wire.A)
    for records in (
        [record(b"\xc0\x20", wire.A, FOUR)],  # points to itself
        [record(POINT, wire.CNAME, b"\xc0\x2c")],
        [record(POINT, wire.CNAME, POINT)],  # stands for itself
    ):
        with pytest.raises(wire.Malformed):
            wire.reply(answer(question, *records), 7, NAME, wire.A)


def test_more_records_than_anybody_needs_are_refused() -> None:
    question = wire.question(7, NAME, wire.A)
    with pytest.raises(wire.Malformed):
        wire.reply(answer(question, *[record(POINT, wire.A, FOUR)] * 257), 7, NAME, wire.A)


@given(st.binary(max_size=600))
def test_bytes_that_mean_nothing_are_malformed_or_an_answer(message: bytes) -> None:
    _survives(message)
    _survives(wire.question(7, NAME, wire.A)[:2] + message)
    _survives(answer(wire.question(7, NAME, wire.A)) + message)


def test_mutated_answers_are_malformed_or_an_answer() -> None:
    dice = random.Random(20261122)
    question = wire.question(7, NAME, wire.A)
    links = [record(POINT, wire.CNAME, named("a.example")), record(named("a.example"), wire.A, FOUR)]
    whole = answer(question, *links, record(POINT, 16, b"\x04text"))
    for _ in range(5_000):
        message = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            message[dice.randrange(len(message))] = dice.randrange(256)
        _survives(bytes(message[: dice.randint(0, len(message))]))


def _survives(message: bytes) -> None:
    try:
        found = wire.reply(message, 7, NAME, wire.A)
    except wire.Malformed:
        return
    assert all(address.version == 4 for address in found.addresses)
