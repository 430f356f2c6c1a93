"""Requests to the authority leave through the one way out."""

import socket
from hashlib import md5, sha256
from io import BytesIO

import pytest

from rempart.net import read_allowed
from rempart.net.outbound import Outbound
from rempart.reporting.cybertip.multipart import FileChanged, Upload
from rempart.reporting.cybertip.transport import Through
from rempart.testing.loopback import door, ok, request_on

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
CONTENT = b"a purple dragon" * 20_000


def upload(content: bytes, *, size: int | None = None) -> Upload:
    digest = sha256(CONTENT).hexdigest()
    return Upload({"id": "7"}, "dragon.png", size or len(CONTENT), digest, lambda: BytesIO(content))


def test_every_kind_of_request_carries_the_credentials() -> None:
    came: list[tuple[str, dict[str, str], bytes]] = []

    def handle(connection: socket.socket) -> None:
        came.append(request_on(connection))
        connection.sendall(ok(b"<a/>", "Request-ID: r-1"))

    with door(handle) as server:
        way = Through(Outbound(read_allowed([f"127.0.0.1:{server.port}"])), {"Authorization": "Basic eA=="})
        assert way.get(f"{server.url}/status").headers["request-id"] == "r-1"
        way.post_bytes(f"{server.url}/submit", b"<report/>", "text/xml; charset=utf-8")
        way.post_form(f"{server.url}/finish", {"id": "7"})
        one = upload(CONTENT)
        way.post_multipart(f"{server.url}/upload", one.content_type, one.body_bytes, one.chunks())
    assert [first.split()[1] for first, _, _ in came] == ["/status", "/submit", "/finish", "/upload"]
    assert {headers["authorization"] for _, headers, _ in came} == {"Basic eA=="}
    assert came[1][1]["content-type"] == "text/xml; charset=utf-8"
    assert came[2][2] == b"id=7"
    assert came[3][2].count(CONTENT) == 1
    assert one.md5 == md5(CONTENT, usedforsecurity=False).hexdigest()
    assert "Basic" not in repr(way)


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT + b"x", CONTENT[:-1] + b"x"])
def test_a_file_that_changed_never_arrives_whole(content: bytes) -> None:
    whole: list[int] = []

    def handle(connection: socket.socket) -> None:
        request_on(connection)
        whole.append(1)

    with door(handle) as server:
        way = Through(Outbound(read_allowed([f"127.0.0.1:{server.port}"])))
        one = upload(content)
        with pytest.raises(FileChanged):
            way.post_multipart(f"{server.url}/upload", one.content_type, one.body_bytes, one.chunks())
    assert whole == []
