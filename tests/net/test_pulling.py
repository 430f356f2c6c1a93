"""Fetching a file: whole, or a sentence that says what to do."""

from dataclasses import replace

import pytest

from rempart.errors import NotAllowed, NotFound, Unavailable, UserMistake
from rempart.net import NoAnswer, read_allowed
from rempart.net.limits import Limits
from rempart.net.outbound import Outbound
from rempart.net.pulling import pulled
from rempart.testing.loopback import Door, Handle, door, ok, says

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
MOST = 1 << 20


def pull(server: Door) -> bytes:
    out = Outbound(read_allowed([f"127.0.0.1:{server.port}"]), Limits(2, 4), pause=lambda _: None)
    return pulled(out, f"{server.url}/list.pem?key=secret", MOST)


def test_a_file_comes_whole() -> None:
    content = b"a list" * 100_000
    with door(says(ok(content))) as server:
        assert pull(server) == content


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("301 Moved", UserMistake),
        ("302 Found", UserMistake),
        ("401 Who", NotAllowed),
        ("403 No", NotAllowed),
        ("404 Gone", NotFound),
        ("410 Gone", NotFound),
        ("418 Teapot", UserMistake),
        ("204 Nothing", UserMistake),
        ("429 Slow", Unavailable),
        ("500 Oops", Unavailable),
        ("503 Busy", Unavailable),
    ],
)
def test_anything_else_is_told_with_what_to_do(status: str, error: type[Exception]) -> None:
    head = "Location: http://127.0.0.1:1/secret"
    with door(says(ok(b"", head, status=status))) as server, pytest.raises(error) as told:
        pull(server)
    assert "secret" not in str(told.value)
    assert ";" in str(told.value)


@pytest.mark.parametrize(
    ("handle", "error"),
    [
        (says(ok(b"a" * (MOST + 1))), UserMistake),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), NoAnswer),
        (says(b""), NoAnswer),
    ],
)
def test_a_file_in_parts_is_no_file(handle: Handle, error: type[Exception]) -> None:
    with door(handle) as server, pytest.raises(error):
        pull(server)


def test_a_host_that_was_not_allowed_is_not_asked() -> None:
    with door(says(ok(b"x"))) as server:
        out = replace(Outbound(), pause=lambda _: None)
        with pytest.raises(NotAllowed, match="may not be called"):
            pulled(out, server.url, MOST)
        assert server.came == 0
