"""A small HTTP server on loopback, for emulators: one request in, one answer out, in threads of its own."""

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOOPBACK = "127.0.0.1"
MOST_BODY_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. headers: names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """One answer. drop: the connection breaks instead, after the request took effect."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/xml"
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False


Answering = Callable[[Asked], Told]


@contextmanager
def running(answering: Answering, port: int = 0) -> Iterator[str]:
    """The address of a server that answers so, until the block ends. It listens on loopback only."""
    server = _Server((LOOPBACK, port), _Handler)
    server.answering = answering
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    answering: Answering

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing for a client that hangs up; an error of an emulator is told, or it would look like a fault."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _answer(self) -> None:
        told = self.server.answering(Asked(self.command, self.path, self._headers(), self._body()))
        if told.drop:
            self.close_connection = True
            return
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", told.content_type)
        self.send_header("Content-Length", str(len(told.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told.body)

    do_GET = do_POST = do_PUT = do_HEAD = _answer  # noqa: N815 - the names are the library's

    def _headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), MOST_BODY_BYTES))

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def log_message(self, *_: Any) -> None:
        """Nothing: what is sent here is not logged."""
