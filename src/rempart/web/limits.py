"""Limits of what one address may send: how much at once, and how often."""

import threading
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rempart.errors import Unavailable
from rempart.settings import Settings
from rempart.web.visitor import the_desk

Budget = Literal["public", "sign_in", "hook"]
MOST_ADDRESSES = 50_000
SIGN_IN_FACTOR = 4  # several people behind one address sign in, some of them with a typing mistake


class TooOften(Unavailable):
    """The address has spent its budget for now."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime


class Buckets:
    """Token buckets by budget and address, in the memory of this process; the longest unused go first."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, name: str, address: str, size: int, seconds: float, now: datetime) -> float:
        """0 when one was left, else how many seconds until there is one. A full bucket of `size` fills in `seconds`."""
        with self._lock:
            bucket = self._buckets.pop((name, address), None) or _Bucket(size, now)
            passed = max((now - bucket.at).total_seconds(), 0.0)
            bucket.tokens, bucket.at = min(size, bucket.tokens + passed * size / seconds), now
            missing = max(1 - bucket.tokens, 0.0)
            bucket.tokens -= 0 if missing else 1
            self._buckets[name, address] = bucket
            if len(self._buckets) > MOST_ADDRESSES:
                del self._buckets[next(iter(self._buckets))]
            return missing * seconds / size


def spend(request: Request, budget: Budget, address: str) -> None:
    """Nothing; one is taken off the budget. Raises TooOften when it is spent."""
    desk = the_desk(request)
    size, seconds = _size_of(budget, desk.settings)
    buckets: Buckets = request.app.state.buckets
    wait = buckets.take(budget, address, size, seconds, desk.clock())
    if wait:
        raise TooOften("too much was sent from this address; wait and send it again", max(wait, 1.0))


def _size_of(budget: Budget, settings: Settings) -> tuple[int, float]:
    serve = settings.serve
    if budget == "hook":
        return settings.hooks.requests_per_hour, 3600.0
    if budget == "sign_in":
        return serve.sign_in_attempts * SIGN_IN_FACTOR, serve.lock_minutes * 60.0
    return serve.public_requests_per_hour, 3600.0


class SizeCap:
    """Refuses a request larger than `max_bytes`: by its own word at once, else when it has come so far."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app, self.max_bytes = app, max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, counting."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        arrived = 0
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        too_large = announced.isdigit() and int(announced[:20]) > self.max_bytes

        async def counted() -> Message:
            nonlocal arrived
            if too_large:
                raise HTTPException(413)
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > self.max_bytes:
                raise HTTPException(413)
            return message

        await self.app(scope, counted, send)
