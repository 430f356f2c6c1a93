"""The cookie of a session, and what is noted of the browser that has it."""

from typing import Final

from fastapi import Request
from starlette.responses import Response

from rempart.settings import ServeSettings
from rempart.web.arriving import cookie_name

# In this order: each browser also names those whose pages it wants to be shown.
BROWSERS: Final = (
    ("Firefox/", "Firefox"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def give(response: Response, serve: ServeSettings, key: str) -> None:
    """Nothing; the browser gets the key. It ends with the browser: the server decides how long it lasts."""
    response.set_cookie(cookie_name(serve), key, path="/", httponly=True, secure=serve.secure_cookies, samesite="lax")


def take_away(response: Response, serve: ServeSettings) -> None:
    """Nothing; the browser forgets the key."""
    response.delete_cookie(cookie_name(serve), path="/", httponly=True, secure=serve.secure_cookies, samesite="lax")


def browser_of(request: Request) -> str:
    """Such as `Firefox, Linux`; empty for a browser that does not say. No version: people are not to be tracked."""
    agent = request.headers.get("user-agent", "")
    return ", ".join(
        word for words in (BROWSERS, SYSTEMS) if (word := next((name for mark, name in words if mark in agent), ""))
    )
