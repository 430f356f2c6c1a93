"""The operator's allow-list."""

from ipaddress import ip_address

import pytest

from rempart.errors import NotAllowed, UserMistake
from rempart.net.allowed import check_look, check_public, check_scheme, read_allowed
from rempart.net.places import place_of


def test_nothing_is_allowed_by_default() -> None:
    with pytest.raises(NotAllowed, match="may not be called; allow it"):
        read_allowed(()).named("desk.example", 443)


def test_a_host_is_allowed_at_its_port_and_at_no_other() -> None:
    allowed = read_allowed(["Desk.Example", "idp.example:8443", " mail.example:25 "])
    assert allowed.named("desk.example", 443) is None
    assert allowed.named("idp.example", 8443) is None
    assert allowed.named("mail.example", 25) is None
    for host, port in (("desk.example", 8443), ("idp.example", 443), ("a.desk.example", 443), ("example", 443)):
        with pytest.raises(NotAllowed):
            allowed.named(host, port)


def test_an_inner_address_is_named_itself_with_its_port() -> None:
    allowed = read_allowed(["127.0.0.1:8080", "[::1]:8080", "mail.example:25=10.0.0.5", "9.9.9.9", "2606:4700::1111"])
    assert allowed.named("127.0.0.1", 8080) == ip_address("127.0.0.1")
    assert allowed.named("::1", 8080) == ip_address("::1")
    assert allowed.named("mail.example", 25) == ip_address("10.0.0.5")
    assert allowed.named("9.9.9.9", 443) == ip_address("9.9.9.9")
    assert allowed.named("2606:4700::1111", 443) == ip_address("2606:4700::1111")
    with pytest.raises(NotAllowed):
        allowed.named("localhost", 8080)


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "*",
        "*.example",
        "https://desk.example",
        "desk.example/path",
        "desk.example:",
        "desk.example:x",
        "desk.example:0",
        "desk.example:70000",
        "desk.example=",
        "desk.example=mail.example",
        "10.0.0.5:25=10.0.0.6",
        "127.1:80",
        "ada@desk.example",
        "127.0.0.1",
        "mail.example=10.0.0.5",
        "169.254.169.254:80",
        "mail.example:25=169.254.169.254",
        "[::ffff:127.0.0.1]:80",
        "0.0.0.0:80",
    ],
)
def test_an_entry_that_cannot_be_meant_is_told(entry: str) -> None:
    with pytest.raises(UserMistake, match="REMPART_NET__ALLOWED_HOSTS"):
        read_allowed([entry])


def test_without_encryption_only_a_named_loopback_address_is_called() -> None:
    place = place_of("http://desk.example/")
    check_scheme(place_of("https://desk.example/"), None)
    check_scheme(place_of("http://127.0.0.1:80/"), ip_address("127.0.0.1"))
    for named in (None, ip_address("10.0.0.5"), ip_address("9.9.9.9")):
        with pytest.raises(NotAllowed, match="without encryption"):
            check_scheme(place, named)


def test_a_name_that_leads_inside_with_one_of_its_addresses_is_refused_as_a_whole() -> None:
    check_public([ip_address("9.9.9.9"), ip_address("2606:4700::1111")])
    with pytest.raises(NotAllowed):
        check_public([ip_address("9.9.9.9"), ip_address("10.0.0.1")])


@pytest.mark.parametrize("url", ["http://9.9.9.9/", "https://dragon.example/", "http://dragon.example:8080/"])
def test_public_web_servers_are_looked_at(url: str) -> None:
    check_look(place_of(url))


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://dragon.example:22/", "http://dragon/", "http://[::1]/"])
def test_what_is_no_public_web_server_is_not_looked_at(url: str) -> None:
    with pytest.raises(NotAllowed):
        check_look(place_of(url))
