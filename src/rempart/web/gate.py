"""The gate before everything: requests for other hosts, or written to break what comes behind, go no further."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from rempart.settings import ServeSettings
from rempart.web.errors import answer

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_TARGET_LETTERS = 8_000


class Gate:
    """Refuses what no page of ours ever asks for."""

    def __init__(self, app: ASGIApp, serve: ServeSettings) -> None:
        self.app = app
        own = {urlsplit(url).hostname for url in (serve.public_url, serve.media_origin) if url}
        self.hosts = frozenset(own | LOOPBACK) if serve.public_url else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or says what is wrong with it."""
        wrong = self._wrong(scope) if scope["type"] == "http" else ""
        if wrong:
            await answer(Request(scope), 400, "mistake", wrong)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _wrong(self, scope: Scope) -> str:
        query: bytes = scope.get("query_string", b"")
        if "\0" in scope["path"] or b"\0" in query or b"%00" in query:
            return "the address holds a character that no text has; check how it is written"
        if len(scope["path"]) + len(query) > MOST_TARGET_LETTERS:
            return "the address is too long; check how it is written"
        host = _host_of(Headers(scope=scope).get("host", ""))
        if self.hosts is not None and host not in self.hosts:
            return "this server has another name; use the address that you were given"
        return ""


def _host_of(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
