"""Whose an address is: the operator's files, in their formats, however broken."""

import random
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.errors import UserMistake
from rempart.reporting.hosting.databases import MaxMind, Owner, opened, owner_of, ranges_of
from rempart.reporting.hosting.proxies import proxies, proxies_of

HEAD = "network,asn,organisation,country"
WIDE, NARROW = "192.0.2.0/24,AS64500,Wide Hosting,nl", "192.0.2.128/25,64501,Narrow Hosting,FR"


def test_the_smallest_network_wins_and_remarks_are_passed_over() -> None:
    found = ranges_of(["# made up", HEAD, WIDE, "", NARROW, "2001:db8::/32,,,DE"], "ours.csv")
    assert found.find(ip_address("192.0.2.7")) == Owner(64500, "Wide Hosting", "NL", "ours.csv")
    assert found.find(ip_address("192.0.2.200")) == Owner(64501, "Narrow Hosting", "FR", "ours.csv")
    assert found.find(ip_address("2001:db8::1")) == Owner(None, "", "DE", "ours.csv")
    assert found.find(ip_address("198.51.100.1")) is None


@pytest.mark.parametrize(
    "row", ["192.0.2.1/24,1,x,FR", "x,1,x,FR", "192.0.2.0/24,0,x,FR", "192.0.2.0/24,1,x,France", "192.0.2.0/24", ",,,"]
)
def test_a_broken_row_is_refused_with_its_number(row: str) -> None:
    with pytest.raises(UserMistake, match=r"row 2 of `ours\.csv`"):
        ranges_of([HEAD, WIDE, row], "ours.csv")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for lines in (text.splitlines(), [HEAD, *text.splitlines()]):
        try:
            ranges_of(lines, "any.csv").find(ip_address("192.0.2.1"))
        except UserMistake as refusal:
            assert "any.csv" in str(refusal)  # noqa: PT017 - both ends are right


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mmdb").write_bytes(b"purple dragon" * 100)
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe")
    for name in ("a.mmdb", "b.csv", "gone.mmdb", "gone.csv"):
        with pytest.raises(UserMistake, match=name):
            opened([tmp_path / name])


def test_several_files_complete_each_other_and_are_named() -> None:
    first = ranges_of([HEAD, "192.0.2.0/24,,,NL"], "countries.csv")
    second = ranges_of([HEAD, "192.0.2.0/24,64500,Example Hosting,DE"], "networks.csv")
    found = owner_of(ip_address("192.0.2.7"), [first, second])
    assert found == Owner(64500, "Example Hosting", "NL", "countries.csv, networks.csv")
    assert owner_of(ip_address("198.51.100.1"), [first, second]) == Owner()


def encoded(value: Any) -> bytes:
    """The value as MaxMind's format writes it: maps, lists, texts and numbers, as far as these tests need them."""
    if isinstance(value, dict):
        return bytes([7 << 5 | len(value)]) + b"".join(encoded(one) for pair in value.items() for one in pair)
    if isinstance(value, list):
        return bytes([len(value), 4]) + b"".join(map(encoded, value))
    if isinstance(value, str):
        head = [2 << 5 | len(value)] if len(value) < 29 else [2 << 5 | 29, len(value) - 29]
        return bytes(head) + value.encode()
    if isinstance(value, tuple):  # (number, bytes that it takes)
        number, size = value
        return (bytes([5 << 5 | 2]) if size == 2 else bytes([8, 2])) + number.to_bytes(size, "big")
    return bytes([6 << 5 | 4]) + int(value).to_bytes(4, "big")


def maxmind(network: str, record: dict[str, Any]) -> bytes:
    """A file in MaxMind's format that knows one network of version 4."""
    where = ip_network(network)
    bits = f"{int(where.network_address):032b}"[: where.prefixlen]
    nodes, tree = len(bits), b""
    for at, bit in enumerate(bits):
        further = at + 1 if at + 1 < nodes else nodes + 16
        pair = (further, nodes) if bit == "0" else (nodes, further)
        tree += b"".join(one.to_bytes(3, "big") for one in pair)
    about = {
        "node_count": nodes,
        "record_size": (24, 2),
        "ip_version": (4, 2),
        "database_type": "made up",
        "languages": ["en"],
        "binary_format_major_version": (2, 2),
        "binary_format_minor_version": (0, 2),
        "build_epoch": (1, 8),
        "description": {"en": "made up"},
    }
    return tree + bytes(16) + encoded(record) + b"\xab\xcd\xefMaxMind.com" + encoded(about)


def test_a_maxmind_file_is_read_and_whatever_is_broken_in_it_is_refused_or_unknown(tmp_path: Path) -> None:
    file, here = tmp_path / "made-up.mmdb", ip_address("192.0.2.7")
    record = {
        "autonomous_system_number": 64500,
        "autonomous_system_organization": "Far Hosting",
        "country": {"iso_code": "NL"},
    }
    whole = maxmind("192.0.2.0/24", record)
    file.write_bytes(whole)
    [database] = opened([file])
    assert database.find(here) == Owner(64500, "Far Hosting", "NL", "made-up.mmdb")
    assert database.find(ip_address("198.51.100.1")) is None
    assert database.find(ip_address("2001:db8::1")) is None
    chance = random.Random(7)
    for number in range(300):
        broken = bytearray(whole)
        broken[chance.randrange(len(broken))] = chance.randrange(256)
        other = tmp_path / f"{number}.mmdb"
        other.write_bytes(broken[: chance.randrange(len(broken))] if number % 3 else broken)
        try:
            owner_of(here, opened([other]))
        except UserMistake as refusal:
            assert other.name in str(refusal)  # noqa: PT017 - both ends are right


class Reader:
    """Stands for a MaxMind file."""

    def __init__(self, record: Any) -> None:
        self.record = record

    def get(self, _: str) -> Any:
        return self.record


@pytest.mark.parametrize(
    ("record", "owner"),
    [
        (None, None),
        ("odd", None),
        ({"registered_country": {"iso_code": "US"}}, Owner(source="m.mmdb")),
        (
            {"country": {"iso_code": "FR"}, "registered_country": {"iso_code": "US"}},
            Owner(country="FR", source="m.mmdb"),
        ),
        (
            {"autonomous_system_number": 64500, "autonomous_system_organization": "Example"},
            Owner(64500, "Example", "", "m.mmdb"),
        ),
    ],
)
def test_a_maxmind_record_says_where_the_machine_is_not_where_it_is_registered(
    record: Any, owner: Owner | None
) -> None:
    assert MaxMind(Reader(record), "m.mmdb").find(ip_address("192.0.2.7")) == owner


def test_proxies_are_known_by_system_and_by_network(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[[proxy]]\nnetwork = "203.0.113.0/24"\nname = "Dragon Shield"\nsource = "they say so"\n')
    known = proxies(own)
    assert known.has(ip_address("198.51.100.1"), 13335)
    assert known.has(ip_address("203.0.113.9"), None)
    assert not known.has(ip_address("198.51.100.1"), 64500)


@pytest.mark.parametrize("text", ["[[proxy]]\nasn = 1", "proxy = 3", "[[proxy]", '[[proxy]]\nname="a"\nsource="b"'])
def test_a_row_of_proxies_has_a_name_and_a_source(text: str) -> None:
    with pytest.raises(UserMistake):
        proxies_of([text])
