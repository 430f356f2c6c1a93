"""The one way out, against real servers on loopback."""

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from ipaddress import ip_address

import pytest

from rempart.errors import Broken, NotAllowed, Unavailable
from rempart.net.addresses import Address
from rempart.net.allowed import Allowed, read_allowed
from rempart.net.answers import Answer, NoAnswer, NotSent
from rempart.net.limits import Limits
from rempart.net.outbound import Outbound, believing
from rempart.testing.loopback import Door, OwnAuthority, door, ok, request_on, says

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
HERE = ip_address("127.0.0.1")
Resolver = Callable[[str, float], tuple[Address, ...]]


def to(server: Door, **changes: object) -> Outbound:
    """A way out to this very server, that waits for nothing."""
    named = Outbound(read_allowed([f"127.0.0.1:{server.port}"]), pause=lambda _: None)
    return replace(named, **changes)  # type: ignore[arg-type]


def get(server: Door, path: str = "/", **changes: object) -> Answer:
    return to(server, **changes).request("GET", server.url + path)


def test_an_answer_has_status_headers_and_body() -> None:
    with door(says(ok(b"a dragon", "Request-ID: 7", "X-A: 1", "x-a: 2", "Set-Cookie: a=b", status="418 No"))) as server:
        answer = get(server)
    assert (answer.status, answer.body, answer.whole) == (418, b"a dragon", True)
    assert answer.headers["request-id"] == "7"
    assert answer.headers["x-a"] == "1, 2"
    assert "set-cookie" not in answer.headers
    assert answer.address == "127.0.0.1"
    assert "dragon" not in repr(answer)


def test_what_is_said_is_ours_and_nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:1")
    came: list[tuple[str, dict[str, str], bytes]] = []

    def handle(connection: socket.socket) -> None:
        came.append(request_on(connection))
        connection.sendall(ok())

    with door(handle) as server:
        sent = to(server).request("POST", f"{server.url}/a?b=c#d", headers={"X-A": "1"}, body=b"12345")
        assert sent.status == 200
    ((first, headers, body),) = came
    assert (first, body) == ("POST /a?b=c HTTP/1.1", b"12345")
    assert headers.pop("user-agent").startswith("Rempart/")
    assert headers == {
        "host": f"127.0.0.1:{server.port}",
        "accept-encoding": "identity",
        "connection": "close",
        "content-length": "5",
        "x-a": "1",
    }


def test_a_form_is_sent_url_encoded() -> None:
    came: list[tuple[str, dict[str, str], bytes]] = []

    def handle(connection: socket.socket) -> None:
        came.append(request_on(connection))
        connection.sendall(ok())

    with door(handle) as server:
        to(server).post_form(server.url, {"a": "b c&", "é": "1"}, headers={"Authorization": "Basic x"})
    ((_, headers, body),) = came
    assert body == b"a=b+c%26&%C3%A9=1"
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert headers["authorization"] == "Basic x"


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with door(says(ok(b"", "Location: http://127.0.0.1:1/elsewhere", status="302 Found"))) as server:
        answer = get(server)
        assert server.came == 1
    assert (answer.status, answer.headers["location"]) == (302, "http://127.0.0.1:1/elsewhere")


# what may be called


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{other}/",
        "http://localhost:{port}/",
        "http://127.1:{port}/",
        "http://2130706433:{port}/",
        "http://0x7f.0.0.1:{port}/",
        "http://[::1]:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://127.0.0.2:{port}/",
        "http://0.0.0.0:{port}/",
        "http://ada@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}@desk.example/",
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:{port}.desk.example/",
        "http:127.0.0.1:{port}/",
        "ftp://127.0.0.1:{port}/",
        "https://desk.example/",
    ],
)
def test_what_was_not_named_is_not_called(url: str, never_resolves: Resolver) -> None:
    with door(says(ok())) as server:
        out = to(server, resolve=never_resolves)
        with pytest.raises(NotAllowed):
            out.request("GET", url.format(port=server.port, other=server.port - 1))
        assert server.came == 0


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "0.0.0.0",  # noqa: S104
    ],
)
def test_an_allowed_name_that_leads_inside_is_not_called(address: str) -> None:
    with door(says(ok())) as server:
        out = Outbound(
            read_allowed([f"desk.example:{server.port}", f"127.0.0.1:{server.port}"]),
            resolve=lambda name, seconds: (ip_address("9.9.9.9"), ip_address(address)),
        )
        with pytest.raises(NotAllowed, match="not public"):
            out.request("GET", f"https://desk.example:{server.port}/")
        assert server.came == 0


def test_an_allowed_name_is_not_called_without_encryption(never_resolves: Resolver) -> None:
    with pytest.raises(NotAllowed, match="without encryption"):
        Outbound(read_allowed(["desk.example:80"]), resolve=never_resolves).request("GET", "http://desk.example/")


def test_a_name_without_an_address_is_not_sent_to() -> None:
    def nothing(name: str, seconds: float) -> tuple[Address, ...]:
        raise NotSent("a host has no address that could be found")

    with pytest.raises(NotSent):
        Outbound(read_allowed(["desk.example"]), resolve=nothing).request("GET", "https://desk.example/")


@pytest.mark.parametrize(
    "header", ["Host", "content-length", "Transfer-Encoding", "Cookie", "Connection", "Proxy-Authorization", "Expect"]
)
def test_headers_that_are_ours_cannot_be_set(header: str) -> None:
    with door(says(ok())) as server, pytest.raises(Broken):
        to(server).request("GET", server.url, headers={header: "x"})


@pytest.mark.parametrize(
    ("name", "value"), [("X-A", "a\r\nX-B: b"), ("X-A\r\nX-B", "b"), ("X A", "b"), ("X-A", "\u20ac")]
)
def test_no_header_can_be_smuggled_in(name: str, value: str) -> None:
    with door(says(ok())) as server, pytest.raises(Broken):
        to(server).request("GET", server.url, headers={name: value})


def test_only_known_methods_are_sent() -> None:
    with door(says(ok())) as server, pytest.raises(Broken):
        to(server).request("TRACE", server.url)


# encryption


def tls_out(server: Door, authority: OwnAuthority, **changes: object) -> Outbound:
    return Outbound(
        Allowed({("desk.example", server.port): HERE}),
        tls=partial(believing, authority.ca_file),
        pause=lambda _: None,
        **changes,  # type: ignore[arg-type]
    )


def test_the_certificate_is_checked_for_the_name_at_the_checked_address(authority: OwnAuthority) -> None:
    came: list[str] = []

    def handle(connection: socket.socket) -> None:
        came.append(request_on(connection)[1]["host"])
        connection.sendall(ok(b"in private"))

    with door(handle, authority.server("desk.example")) as server:
        answer = tls_out(server, authority).request("GET", f"https://desk.example:{server.port}/")
    assert answer.body == b"in private"
    assert came == [f"desk.example:{server.port}"]


@pytest.mark.parametrize(("name", "valid"), [("dragon.example", True), ("127.0.0.1", True), ("desk.example", False)])
def test_a_certificate_of_another_name_or_time_is_not_believed(name: str, valid: bool, authority: OwnAuthority) -> None:
    server_tls, told = authority.server(name, valid=valid), "no certificate that is to be believed"
    with door(says(ok()), server_tls) as server, pytest.raises(NotSent, match=told):
        tls_out(server, authority).request("GET", f"https://desk.example:{server.port}/?secret")


def test_an_authority_that_nobody_named_is_not_believed(authority: OwnAuthority) -> None:
    with door(says(ok()), authority.server("desk.example")) as server:
        out = Outbound(Allowed({("desk.example", server.port): HERE}))
        with pytest.raises(NotSent, match="certificate"):
            out.request("GET", f"https://desk.example:{server.port}/")


def test_a_server_that_speaks_no_tls_is_not_sent_to(authority: OwnAuthority) -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

    with door(handle) as server, pytest.raises(NotSent):
        tls_out(server, authority).request("GET", f"https://desk.example:{server.port}/")


def test_a_file_of_authorities_that_is_none_is_told(tmp_path: object) -> None:
    from pathlib import Path

    from rempart.errors import UserMistake

    wrong = Path(str(tmp_path)) / "a.pem"
    with pytest.raises(UserMistake, match="CA_FILE"):
        believing(wrong)
    wrong.write_text("no certificate")
    with pytest.raises(UserMistake, match="CA_FILE"):
        believing(wrong)


def test_the_connection_goes_where_the_check_went_and_the_name_is_looked_up_once(
    authority: OwnAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere the second time it is asked for is asked for once."""
    answers: Iterator[tuple[Address, ...]] = iter([(HERE,)])
    monkeypatch.setattr("rempart.net.allowed.is_public", lambda address: address == HERE)
    with door(says(ok(b"checked")), authority.server("desk.example")) as server:
        out = Outbound(
            read_allowed([f"desk.example:{server.port}"]),
            resolve=lambda name, seconds: next(answers),
            tls=partial(believing, authority.ca_file),
        )
        assert out.request("GET", f"https://desk.example:{server.port}/").body == b"checked"


def test_an_address_that_refuses_is_passed_over_for_the_next(
    authority: OwnAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with door(says(ok(b"second")), authority.server("desk.example")) as server:
        monkeypatch.setattr("rempart.net.allowed.is_public", lambda address: True)
        out = Outbound(
            read_allowed([f"desk.example:{server.port}"]),
            resolve=lambda name, seconds: (ip_address("127.0.0.3"), HERE),
            tls=partial(believing, authority.ca_file),
        )
        monkeypatch.setattr("rempart.net.connecting._connected", _refusing_the_first())
        assert out.request("GET", f"https://desk.example:{server.port}/").body == b"second"


def _refusing_the_first() -> Callable[[Address, int, float], socket.socket]:
    from rempart.net import connecting

    really = connecting._connected

    def connect(address: Address, port: int, seconds: float) -> socket.socket:
        if address != HERE:
            raise ConnectionRefusedError
        return really(address, port, seconds)

    return connect


# what servers may do to us


def silent(connection: socket.socket) -> None:
    request_on(connection)
    connection.recv(1)  # until the caller leaves


def drips(head: bytes) -> Callable[[socket.socket], None]:
    def handle(connection: socket.socket) -> None:
        request_on(connection)
        connection.sendall(head)
        while True:
            connection.sendall(b"a")
            threading.Event().wait(0.02)

    return handle


def floods(piece: bytes, head: bytes) -> Callable[[socket.socket], None]:
    def handle(connection: socket.socket) -> None:
        request_on(connection)
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return handle


@pytest.mark.parametrize(
    "handle",
    [
        silent,
        drips(b""),
        drips(b"HTTP/1.1 200 OK\r\nX-A: "),
        floods(b"HTTP/1.1 100 Continue\r\n\r\n", b""),
        floods(b"X-A: " + b"a" * 4000 + b"\r\n", b"HTTP/1.1 200 OK\r\n"),
        floods(b"a" * 65_536, b""),
        says(b""),
        says(b"\r\n\r\n"),
        says(b"SSH-2.0-OpenSSH\r\n"),
        says(b"HTTP/1.1 200"),
        says(b"HTTP/x 200 OK\r\n\r\n"),
        says(b"HTTP/1.1 abc OK\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        says(b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n"),
        says(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    ],
)
def test_whoever_gives_no_answer_is_left_in_time(handle: Callable[[socket.socket], None], quick: Limits) -> None:
    began = time.monotonic()
    with door(handle) as server:
        with pytest.raises(NoAnswer) as told:
            get(server, "/?secret", limits=quick)
        assert time.monotonic() - began < 5
    assert "secret" not in str(told.value)
    assert told.value.exit_code == 3


def test_a_body_that_drips_is_cut_in_time(quick: Limits) -> None:
    began = time.monotonic()
    with door(drips(b"HTTP/1.1 200 OK\r\nRequest-ID: 7\r\n\r\n")) as server:
        answer = get(server, limits=quick)
        assert time.monotonic() - began < 5
    assert (answer.status, answer.cut, answer.headers["request-id"]) == (200, "time", "7")


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"],
)
def test_an_endless_body_is_cut_at_the_limit(head: bytes, quick: Limits) -> None:
    with door(floods(b"a" * 65_536, head)) as server:
        answer = get(server, limits=quick)
    assert (answer.cut, len(answer.body)) == ("size", 100_000)
    with pytest.raises(ValueError, match="cut"):
        answer.json()


def test_endless_chunks_are_cut_at_the_limit(quick: Limits) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with door(floods(b"4000\r\n" + b"a" * 0x4000 + b"\r\n", head)) as server:
        assert get(server, limits=quick).cut == "size"


def test_a_body_that_ends_early_is_told() -> None:
    with door(says(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")) as server:
        answer = get(server)
    assert (answer.body, answer.cut) == (b"abc", "broken")


def test_a_body_as_long_as_the_limit_is_whole() -> None:
    with door(says(ok(b"12345"))) as server:
        out = to(server)
        assert out.request("GET", server.url, max_answer_bytes=5).whole
        assert out.request("GET", server.url, max_answer_bytes=4).cut == "size"
        assert out.request("GET", server.url, max_answer_bytes=4).body == b"1234"


@pytest.mark.parametrize("packing", ["gzip", "deflate", "X-GZIP"])
def test_a_packed_answer_is_unpacked_although_nobody_asked(packing: str) -> None:
    content = b"a dragon " * 100
    packed = zlib.compress(content) if packing == "deflate" else gzip.compress(content)
    with door(says(ok(packed, f"Content-Encoding: {packing}"))) as server:
        answer = get(server)
    assert (answer.body, answer.whole) == (content, True)


def test_a_bomb_goes_off_no_further_than_the_limit(quick: Limits) -> None:
    bomb = gzip.compress(b"\0" * 100_000_000)
    with door(says(ok(bomb, "Content-Encoding: gzip"))) as server:
        answer = get(server, limits=replace(quick, silence_seconds=10, total_seconds=20))
    assert (answer.cut, len(answer.body)) == ("size", 100_000)


@pytest.mark.parametrize("packing", ["br", "zstd", "gzip, gzip", "compress", "x"])
def test_a_packing_that_nobody_here_knows_is_told(packing: str) -> None:
    with door(says(ok(b"abc", f"Content-Encoding: {packing}"))) as server:
        assert get(server).cut == "broken"


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(b"a dragon")[:-4], gzip.compress(b"a" * 1000)[:15]])
def test_packed_bytes_that_are_damaged_are_told(content: bytes) -> None:
    with door(says(ok(content, "Content-Encoding: gzip"))) as server:
        assert get(server).cut == "broken"


def test_a_head_has_no_body_however_it_is_packed() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nContent-Encoding: gzip\r\n\r\n"
    with door(says(head)) as server:
        answer = to(server).request("HEAD", server.url)
    assert (answer.status, answer.body, answer.whole) == (200, b"", True)


def test_a_door_that_nobody_opens_is_not_sent_to(quick: Limits) -> None:
    with door(says(ok())) as server:
        pass
    with pytest.raises(NotSent, match="cannot be reached"):
        get(server, limits=quick)


# large bodies


def test_a_large_body_is_sent_in_pieces_and_never_held() -> None:
    size, piece = 64 << 20, b"a" * (1 << 20)
    came: list[int] = []
    ahead: list[int] = []

    def handle(connection: socket.socket) -> None:
        got = 0
        while got < size:
            more = len(connection.recv(1 << 20))
            if not more:
                return
            got += more
        came.append(got)
        connection.sendall(ok())

    def pieces() -> Iterator[bytes]:
        for number in range(64):
            ahead.append(number)
            yield piece

    with door(handle) as server:
        answer = to(server).request("POST", server.url, body=pieces(), size_bytes=size)
    assert answer.status == 200
    assert came[0] >= size
    assert len(ahead) == 64


class FileGone(Exception):
    """A test's own error."""


@pytest.mark.parametrize("size", [2, 4])
def test_a_body_of_another_size_is_never_completed(size: int) -> None:
    whole: list[bool] = []

    def handle(connection: socket.socket) -> None:
        request_on(connection)
        whole.append(True)

    with door(handle) as server, pytest.raises(Broken, match="another size"):
        to(server).request("POST", server.url, body=iter([b"ab", b"c"]), size_bytes=size)
    assert whole == ([] if size == 4 else whole)


def test_an_error_of_the_pieces_passes_through() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"a"
        raise FileGone

    with door(says(ok())) as server, pytest.raises(FileGone):
        to(server).request("POST", server.url, body=pieces(), size_bytes=2)


def test_pieces_need_their_size_and_are_sent_once() -> None:
    with door(says(ok())) as server:
        with pytest.raises(Broken):
            to(server).request("POST", server.url, body=iter([b"a"]))
        with pytest.raises(Broken):
            to(server).request("POST", server.url, body=iter([b"a"]), size_bytes=1, again=True)
        assert server.came == 0


def test_a_server_that_refuses_before_it_has_read_everything_is_heard() -> None:
    def handle(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(ok(b"", status="413 Too Large"))
        while connection.recv(65_536):
            pass

    with door(handle) as server:
        assert to(server).request("POST", server.url, body=b"a" * 1_000_000).status == 413


def test_a_server_that_reads_nothing_is_left_in_time(quick: Limits) -> None:
    left = threading.Event()

    def handle(connection: socket.socket) -> None:
        left.wait(20)

    began = time.monotonic()
    with door(handle) as server:
        with pytest.raises(NoAnswer):
            to(server, limits=quick).request("POST", server.url, body=b"a" * 50_000_000)
        left.set()
    assert time.monotonic() - began < 10


# trying again


def in_turn(*answers: bytes) -> Callable[[socket.socket], None]:
    rest = iter(answers)

    def handle(connection: socket.socket) -> None:
        request_on(connection)
        connection.sendall(next(rest))

    return handle


def test_what_may_be_asked_twice_is_asked_again_with_doubling_pauses() -> None:
    pauses: list[float] = []
    busy = ok(b"", status="503 Busy")
    with door(in_turn(busy, b"", ok(b"at last"))) as server:
        answer = to(server, pause=pauses.append).request("GET", server.url, again=True)
        assert server.came == 3
    assert answer.body == b"at last"
    assert pauses == [0.5, 1.0]


def test_the_last_answer_is_the_answer() -> None:
    with door(says(ok(b"", status="502 Bad"))) as server:
        assert to(server).request("GET", server.url, again=True).status == 502
        assert server.came == 3


@pytest.mark.parametrize("status", ["200 OK", "400 Bad", "404 Gone", "500 Oops", "302 Found"])
def test_an_answer_that_another_try_would_not_change_is_taken(status: str) -> None:
    with door(says(ok(b"", status=status))) as server:
        to(server).request("GET", server.url, again=True)
        assert server.came == 1


def test_what_was_not_marked_is_sent_once() -> None:
    with door(says(ok(b"", status="503 Busy"))) as server:
        assert to(server).request("POST", server.url, body=b"a").status == 503
        assert server.came == 1
    with door(says(b"")) as server:
        with pytest.raises(NoAnswer):
            to(server).request("POST", server.url, body=b"a")
        assert server.came == 1


def test_a_server_that_asks_for_a_pause_gets_it() -> None:
    pauses: list[float] = []
    with door(in_turn(ok(b"", "Retry-After: 7", status="429 Slow"), ok(b"now"))) as server:
        assert to(server, pause=pauses.append).request("GET", server.url, again=True).body == b"now"
    assert pauses == [7.0]


def test_a_server_that_asks_for_a_long_pause_is_left_to_the_caller() -> None:
    with door(says(ok(b"", "Retry-After: 3600", status="503 Busy"))) as server:
        answer = to(server).request("GET", server.url, again=True)
        assert server.came == 1
    assert answer.status == 503


def test_a_place_that_is_not_allowed_is_not_tried_again(never_resolves: Resolver) -> None:
    pauses: list[float] = []
    out = Outbound(pause=pauses.append, resolve=never_resolves)
    with pytest.raises(NotAllowed):
        out.request("GET", "https://desk.example/", again=True)
    assert pauses == []


# looking


def test_looking_is_off_unless_the_operator_allows_it(never_resolves: Resolver) -> None:
    with pytest.raises(NotAllowed, match="REMPART_NET__LOOK"):
        Outbound(resolve=never_resolves).head("https://dragon.example/")


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:9.9.9.9"])
def test_a_look_never_leads_inside_even_where_the_operator_allowed_calls(address: str) -> None:
    with door(says(ok())) as server:
        inside = read_allowed([f"127.0.0.1:{server.port}", "127.0.0.1:80", "dragon.example"])
        out = Outbound(inside, looks=True, resolve=lambda name, seconds: (ip_address(address),))
        host = f"[{address}]" if ":" in address else address
        for url in ("https://dragon.example/", "http://dragon.example/", f"http://{host}/", server.url):
            with pytest.raises(NotAllowed):
                out.head(url)
        assert server.came == 0


def test_a_look_asks_for_no_content_and_names_no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[str] = []

    def handle(connection: socket.socket) -> None:
        came.append(request_on(connection)[0])
        connection.sendall(ok(b"", "Server: x", status="404 Gone"))

    monkeypatch.setattr("rempart.net.allowed.is_public", lambda address: True)
    with door(handle) as server:
        monkeypatch.setattr("rempart.net.allowed.LOOK_PORTS", {server.port})
        out = Outbound(looks=True, resolve=lambda name, seconds: (HERE,))
        url = f"http://dragon.example:{server.port}/a"
        answer = out.head(url)
    assert (answer.status, answer.body, came) == (404, b"", ["HEAD /a HTTP/1.1"])
    with pytest.raises(Unavailable) as told:
        out.head(url)
    assert "dragon" not in str(told.value)
