"""The web application of one desk."""

import copy
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from rempart import __version__
from rempart.errors import Broken
from rempart.web import errors
from rempart.web.access import Access, access_of, with_public_budget
from rempart.web.api.described import describe
from rempart.web.arriving import finished
from rempart.web.gate import Gate
from rempart.web.headers import SafeHeaders
from rempart.web.limits import Buckets, SizeCap
from rempart.web.logs import RequestLog
from rempart.web.registry import NAVIGATION, ROUTERS
from rempart.web.visitor import VISITOR, Visitor
from rempart.wiring.desk import Desk

STATIC = Path(__file__).parent / "static"


def make_app(desk: Desk) -> FastAPI:
    """The app that serves this desk: every route of the registry behind the access it declares."""
    app = FastAPI(title="Rempart", version=__version__, docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")
    app.state.desk, app.state.buckets, app.state.first_organisation = desk, Buckets(), None
    routes = [_guarded(route) for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    app.router.routes.extend(routes)
    app.state.navigation = _Navigation(routes)
    app.mount("/static", _Static(directory=STATIC), name="static")
    errors.install(app)
    describe(app)
    serve = desk.settings.serve
    app.add_middleware(SizeCap, max_bytes=serve.max_request_bytes)
    app.add_middleware(Gate, serve=serve)
    app.add_middleware(SafeHeaders, serve=serve)
    app.add_middleware(RequestLog)
    return app


class _Navigation:
    """The entries of the menu that are open to a visitor, from what their pages declare."""

    def __init__(self, routes: list[APIRoute]) -> None:
        pages = {route.path: access_of(route) for route in routes if "GET" in (route.methods or ())}
        self._entries = [(path, text, pages[path]) for path, text in NAVIGATION if path in pages]

    def __call__(self, visitor: Visitor) -> list[tuple[str, str]]:
        role = visitor.actor.role if finished(visitor) else None
        return [(path, text) for path, text, access in self._entries if access and role in access.roles]


class _Static(StaticFiles):
    """Our own scripts and styles; browsers ask each time whether they are still the newest."""

    def file_response(self, *given: Any, **named: Any) -> Any:
        """The file."""
        response = super().file_response(*given, **named)
        response.headers["Cache-Control"] = "no-cache"
        return response


def _guarded(route: APIRoute) -> APIRoute:
    """The route, whose access is checked before anything of the request's body is read."""
    declared = access_of(route)
    if declared is None:
        raise Broken(f"the route {route.path} declares no access")
    guarded = copy.copy(route)
    guarded.app = _guard(route.app, with_public_budget(declared, route.methods))
    return guarded


def _guard(app: ASGIApp, access: Access) -> ASGIApp:
    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        scope[VISITOR] = await run_in_threadpool(access.admit, Request(scope))
        await app(scope, receive, send)

    return behind
