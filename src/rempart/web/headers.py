"""The headers of every answer: what browsers may do with it, and that they keep nothing."""

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rempart.settings import ServeSettings

NOTHING = "accelerometer=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"

OWN = "'self'"


def policy(serve: ServeSettings) -> str:
    """The content security policy of pages: nothing but what this server sends."""
    pictures = f"img-src 'self' {serve.media_origin}".rstrip()
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
        f"{pictures}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def framing_policy(serve: ServeSettings) -> str:
    """The policy of a page that may show an original in a frame: from the origin of originals, and no other."""
    return f"{policy(serve)}; frame-src {serve.media_origin or OWN}"


def defaults(serve: ServeSettings) -> dict[str, str]:
    """Header -> value, unless the answer has its own."""
    return {
        "Content-Security-Policy": policy(serve),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": NOTHING,
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store",
        **({"Strict-Transport-Security": "max-age=31536000"} if serve.secure_cookies else {}),
    }


def put_on(headers: MutableHeaders, serve: ServeSettings) -> None:
    """Nothing; the headers stand, those that were there already kept."""
    for name, value in defaults(serve).items():
        headers.setdefault(name, value)


class SafeHeaders:
    """Puts the headers on every answer."""

    def __init__(self, app: ASGIApp, serve: ServeSettings) -> None:
        self.app, self.serve = app, serve

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                put_on(MutableHeaders(scope=message), self.serve)
                if self.serve.secure_cookies:
                    message["headers"] = [_over_https_only(*header) for header in message["headers"]]
            await send(message)

        await self.app(scope, receive, secured if scope["type"] == "http" else send)


def _over_https_only(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """The header; a cookie whose maker did not know how the desk is served goes over HTTPS only, too."""
    bare = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if bare else value


def wants_page(request: Request) -> bool:
    """Whether the request comes from somebody who reads pages."""
    accepted = request.headers.get("accept", "")
    return "text/html" in accepted and not request.url.path.startswith("/v1/")
