"""Names are looked up in time, or not at all."""

import socket
import threading
from ipaddress import ip_address
from typing import Any

import pytest

from rempart.net.answers import NotSent
from rempart.net.resolving import system_resolve


def rows(*addresses: str) -> list[Any]:
    return [(0, 0, 0, "", (address, 0)) for address in addresses]


def test_every_address_of_a_name_is_found_once_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    found = rows("2606:4700::1111", "9.9.9.9", "9.9.9.9")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert system_resolve("dragon.example", 5) == (ip_address("2606:4700::1111"), ip_address("9.9.9.9"))


@pytest.mark.parametrize("found", [[], rows("fe80::1%eth0"), rows("9.9.9.9", "fe80::1%eth0")])
def test_a_name_with_no_address_or_a_strange_one_is_not_sent_to(
    found: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(NotSent) as told:
        system_resolve("dragon.example", 5)
    assert "dragon" not in str(told.value)


@pytest.mark.parametrize("error", [socket.gaierror(), OSError(), UnicodeError()])
def test_a_resolver_that_fails_is_told(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(NotSent):
        system_resolve("dragon.example", 5)


def test_a_resolver_that_hangs_is_left_in_time_and_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang(*_: object, **__: object) -> list[Any]:
        released.wait(30)
        return rows("9.9.9.9")

    monkeypatch.setattr("rempart.net.resolving._PLACES", threading.BoundedSemaphore(2))
    monkeypatch.setattr(socket, "getaddrinfo", hang)
    for _ in range(2):
        with pytest.raises(NotSent, match="no address"):
            system_resolve("dragon.example", 0.01)
    with pytest.raises(NotSent, match="too many") as told:
        system_resolve("dragon.example", 0.01)
    assert told.value.retry_after_seconds
    released.set()
    for thread in threading.enumerate():
        if thread.name == "resolve":
            thread.join(30)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows("9.9.9.9"))
    assert system_resolve("dragon.example", 5) == (ip_address("9.9.9.9"),)
