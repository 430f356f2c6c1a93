"""Emulators without a network: what would be sent is handed to them as it is, for thousands of runs in a test."""

import base64
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode, urlsplit

from rempart.net import Answer, NoAnswer
from rempart.testing.emulators.cybertip import PASSWORD, USER, CyberTipline
from rempart.testing.emulators.server import Asked


class Direct:
    """A transport that reaches the emulated authority, with its credentials."""

    def __init__(self, emulated: CyberTipline, user: str = USER, password: str = PASSWORD) -> None:
        self._emulated = emulated
        self._token = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def get(self, url: str) -> Answer:
        """The answer to a GET."""
        return self._ask("GET", url, b"", "")

    def post_bytes(self, url: str, body: bytes, content_type: str) -> Answer:
        """The answer to a POST of these bytes."""
        return self._ask("POST", url, body, content_type)

    def post_form(self, url: str, fields: Mapping[str, str]) -> Answer:
        """The answer to a POST of form fields."""
        return self._ask("POST", url, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def post_multipart(self, url: str, content_type: str, size_bytes: int, chunks: Iterable[bytes]) -> Answer:
        """The answer to a POST whose body comes in chunks."""
        body = b"".join(chunks)
        assert len(body) == size_bytes  # noqa: S101 - what would be announced is what would be sent
        return self._ask("POST", url, body, content_type)

    def _ask(self, method: str, url: str, body: bytes, content_type: str) -> Answer:
        headers = {"authorization": self._token, "content-type": content_type}
        told = self._emulated.answer(Asked(method, urlsplit(url).path, headers, body))
        if told.drop:
            raise NoAnswer("the connection broke")
        return Answer(told.status, {name.lower(): value for name, value in told.headers.items()}, told.body)
