"""Whose an address is: the operator's files, in their formats, however broken."""

from ipaddress import ip_address
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
