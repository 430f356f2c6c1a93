"""Web addresses are read strictly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.errors import NotAllowed
from rempart.net.places import host_of, place_of


@pytest.mark.parametrize(
    ("url", "host", "port", "target"),
    [
        ("https://Desk.Example/a?b=c#d", "desk.example", 443, "/a?b=c"),
        ("https://desk.example.", "desk.example", 443, "/"),
        ("https://desk.example:8443/", "desk.example", 8443, "/"),
        ("http://127.0.0.1:80/x", "127.0.0.1", 80, "/x"),
        ("HTTPS://[2606:4700:0:0::1111]:444/x", "2606:4700::1111", 444, "/x"),
        ("https://xn--bcher-kva.example/%0d%0a", "xn--bcher-kva.example", 443, "/%0d%0a"),
    ],
)
def test_a_web_address_is_taken_apart(url: str, host: str, port: int, target: str) -> None:
    place = place_of(url)
    assert (place.host, place.port, place.target) == (host, port, target)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "desk.example/a",
        "//desk.example/a",
        "ftp://desk.example/a",
        "file:///etc/passwd",
        "gopher://desk.example:25/_HELO",
        "javascript:alert(1)",
        "unix://desk.example",
        "https://",
        "https:///a",
        "https://:443/a",
        "https://ada@desk.example/",
        "https://ada:secret@desk.example/",
        "https://desk.example@127.0.0.1/",
        "https://desk.example\\@127.0.0.1/",
        "https://desk.example\t/a",
        "https://desk.example/a b",
        "https://desk.example/\r\nHost: x",
        "https://desk.example/\0",
        "https://desk.exämple/",
        "https://ⓓesk.example/",
        "https://desk%2eexample/",
        "https://desk..example/",
        "https://-desk.example/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 127 + "example/",
        "https://desk.example:0/",
        "https://desk.example:65536/",
        "https://desk.example:99999999999/",
        "https://desk.example:80:80/",
        "https://desk.example:+80/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.01/",
        "https://127.0.0.1.1/",
        "https://desk.example.0x1/",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://[desk.example]/",
        "https://desk.example/" + "a" * 9_000,
    ],
)
def test_what_could_mean_another_place_to_somebody_else_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed) as told:
        place_of(url)
    assert "secret" not in str(told.value)
    assert "desk" not in str(told.value)


def test_the_host_header_says_what_was_asked_for() -> None:
    assert place_of("https://desk.example:443/").authority == "desk.example"
    assert place_of("https://desk.example:444/").authority == "desk.example:444"
    assert place_of("http://[::1]:8080/").authority == "[::1]:8080"


def test_the_target_and_a_secret_host_stand_in_no_text() -> None:
    place = place_of("https://desk.example/path?query=1")
    assert "path" not in repr(place)
    assert "query" not in repr(place)


@given(st.text(max_size=60))
def test_whatever_is_written_is_a_place_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://{text}/", f"https://desk.example/{text}"):
        try:
            place = place_of(url)
        except NotAllowed:
            continue
        assert host_of(place.host) == place.host
        assert place.target.startswith("/")
        assert place.target.isascii()
