"""A client that does what clients do: sends again when no answer came, with the same key, to whoever answers."""

import http.client
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from rempart.testing.serving import LOOPBACK

TIMEOUT_SECONDS = 30.0
PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 180.0
# Of those whose answer was lost so many in a hundred go away and never ask again.
GO_AWAY_PERCENT = 10
ASK_AGAIN = (429, 503)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def kept(self) -> bool:
        """Whether it says that the request was carried out."""
        return 200 <= self.status < 400


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, always the same."""

    method: str
    path: str
    body: bytes
    headers: Mapping[str, str]


class Client:
    """Sends to one of several servers that come and go."""

    def __init__(self, ports: Sequence[int], draw: Random, stopped: Callable[[], bool]) -> None:
        self._ports, self._draw, self._stopped = ports, draw, stopped

    def send(self, request: Request, *, again: bool = True) -> Answer | None:
        """The answer; None when it was lost and nobody asked again. again: whether asking again is harmless."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                answer = self.once(request)
            except ConnectionRefusedError:  # nobody was there: nothing can have happened
                time.sleep(PAUSE_SECONDS)
                continue
            except (OSError, http.client.HTTPException):
                if not again or self._draw.randrange(100) < GO_AWAY_PERCENT:
                    return None
                time.sleep(PAUSE_SECONDS)
                continue
            if answer.status not in ASK_AGAIN:
                return answer
            time.sleep(PAUSE_SECONDS)
        return None

    def once(self, request: Request) -> Answer:
        """The answer to this one sending. Raises OSError or HTTPException when there is none."""
        connection = http.client.HTTPConnection(LOOPBACK, self._draw.choice(self._ports), timeout=TIMEOUT_SECONDS)
        try:
            connection.request(request.method, request.path, request.body, dict(request.headers))
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
        finally:
            connection.close()


def form(path: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Request:
    """An ordinary form."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request("POST", path, urlencode(fields).encode(), {**headers, **kind})


def form_with_file(
    path: str, fields: Mapping[str, str], files: Mapping[str, bytes], headers: Mapping[str, str]
) -> Request:
    """A form with files."""
    mark = f"rempart-{secrets.token_hex(8)}"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts += [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="a.png"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, content in files.items()
    ]
    body = b"".join(parts) + f"--{mark}--\r\n".encode()
    return Request("POST", path, body, {**headers, "Content-Type": f"multipart/form-data; boundary={mark}"})


def as_json(path: str, value: object, headers: Mapping[str, str]) -> Request:
    """A JSON object."""
    return Request("POST", path, json.dumps(value).encode(), {**headers, "Content-Type": "application/json"})
