"""One line in the log, and one count, for every request."""

import secrets
import time

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rempart.web import metrics
from rempart.web.access import VISITOR
from rempart.wiring.logs import raised_at

HEADER = "X-Request-Id"
UNKNOWN = "-"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = structlog.get_logger("rempart.web")


class RequestLog:
    """Notes which route was asked, how it was answered, how long it took: never an address, a query or a body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, noting."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, started, number = 500, time.perf_counter(), secrets.token_hex(8)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        with structlog.contextvars.bound_contextvars(request=number):
            try:
                await self.app(scope, receive, noted)
            except Exception as error:
                log.error("request.broken", type=type(error).__name__, raised_at=raised_at(error), **_about(scope))
                raise
            finally:
                seconds = time.perf_counter() - started
                _note(scope, status, seconds)


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = _route(scope)
    metrics.count_request(_method(scope), route, status, seconds)
    if route == UNKNOWN and status < 400:  # style sheets and scripts
        return
    visitor = scope.get(VISITOR)
    organisation = visitor.actor.organisation if visitor is not None else None
    log.info("request", status=status, ms=round(seconds * 1000, 1), organisation=organisation, **_about(scope))


def _about(scope: Scope) -> dict[str, str]:
    return {"method": _method(scope), "route": _route(scope)}


def _method(scope: Scope) -> str:
    """The method, if it is one: what somebody made up is never noted."""
    return scope["method"] if scope["method"] in METHODS else UNKNOWN


def _route(scope: Scope) -> str:
    """The template of the route, such as `/cases/{case_id}`: what stands in its place is never noted."""
    return getattr(scope.get("route"), "path", None) or UNKNOWN
