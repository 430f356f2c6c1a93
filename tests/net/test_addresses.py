"""What is public, what an operator may name, and what nobody may."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.net.addresses import is_public, may_be_named, parsed

INSIDE = (
    "0.0.0.0",  # noqa: S104
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
)


@pytest.mark.parametrize("text", INSIDE)
def test_what_leads_inside_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "9.9.9.9", "151.101.1.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_what_everybody_reaches_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.ip_addresses())
def test_what_python_knows_to_be_inside_is_never_public(address: object) -> None:
    known = address.is_private or address.is_multicast or address.is_loopback or address.is_reserved  # type: ignore[attr-defined]
    assert not (known and is_public(address))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["127.0.0.1", "::1", "10.0.0.5", "192.168.1.1", "fd12::1", "100.64.0.1"])
def test_an_operator_may_name_their_own_addresses(text: str) -> None:
    assert may_be_named(ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "fd00:ec2::254",
        "192.0.0.192",
        "0.0.0.0",  # noqa: S104
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "fe80::1",
        "ff02::1",
    ],
)
def test_nobody_may_name_a_metadata_service_or_an_address_in_disguise(text: str) -> None:
    assert not may_be_named(ip_address(text))


@pytest.mark.parametrize(
    "text",
    ["localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1 ", "fe80::1%eth0", "", "１.1.1.1"],
)
def test_an_address_is_read_in_its_plain_form_only(text: str) -> None:
    assert parsed(text) is None
