"""Errors as answers: the one shape `{"error","detail","help"}`, or a page for who reads pages."""

import math
from typing import Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match

from rempart.errors import Broken, Conflict, NotAllowed, NotFound, RempartError, Unavailable, UserMistake
from rempart.web.arriving import NotSignedIn, Unfinished
from rempart.web.headers import put_on, wants_page
from rempart.web.limits import TooOften
from rempart.web.rendering import back_to, plain_page
from rempart.web.visitor import the_desk

RETRY_AFTER_SECONDS = 10.0
# The first that fits counts: the narrow before the wide.
FAMILIES: Final[tuple[tuple[type[RempartError], int, str], ...]] = (
    (NotSignedIn, 401, "not_signed_in"),
    (NotAllowed, 403, "not_allowed"),
    (NotFound, 404, "not_found"),
    (Conflict, 409, "conflict"),
    (UserMistake, 400, "mistake"),
    (TooOften, 429, "too_often"),
    (Unavailable, 503, "unavailable"),
    (Broken, 500, "broken"),
    (RempartError, 500, "broken"),
)
BY_STATUS: Final[dict[int, tuple[str, str]]] = {
    400: ("mistake", "the request cannot be understood; check how it is written"),
    404: ("not_found", "there is nothing at this address; check its spelling"),
    405: ("not_possible", "this address does not take this method; see the documentation"),
    406: ("mistake", "this cannot be answered in the form that was asked for; ask for another"),
    413: ("too_large", "the request is larger than this server takes; send less at once"),
    422: ("mistake", "the request lacks something or says it in a way that is not understood; see the documentation"),
    500: ("broken", "something is broken on the server; tell its operator when this happened"),
}


def install(app: FastAPI) -> None:
    """Nothing; every error of the app is answered in the one shape."""
    app.add_exception_handler(RempartError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(Exception, _unexpected)


def answer(request: Request, status: int, error: str, message: str, headers: dict[str, str] | None = None) -> Response:
    """The error as JSON, or as a page. message: what happened; what follows its first `;` is the help."""
    detail, _, help_ = (part.strip() for part in message.partition(";"))
    if wants_page(request):
        response: Response = plain_page(request, "errors/error.html", status, status=status, parts=(detail, help_))
    else:
        response = JSONResponse({"error": error, "detail": detail, "help": help_}, status)
    response.headers.update(headers or {})
    return response


def retry_after(error: Unavailable) -> str:
    """The value of the header Retry-After: when it is worth trying again, in seconds."""
    return str(math.ceil(error.retry_after_seconds or RETRY_AFTER_SECONDS))


def _known(request: Request, error: Exception) -> Response:
    if isinstance(error, Unfinished | NotSignedIn) and wants_page(request):
        return _sent_away(request, error)
    status, name = next((status, name) for family, status, name in FAMILIES if isinstance(error, family))
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = retry_after(error)
    message = BY_STATUS[500][1] if status == 500 else str(error)
    return answer(request, status, name, message, headers)


def _sent_away(request: Request, error: Unfinished | NotSignedIn) -> Response:
    """To where the missing step is taken, and back from there; whose form came too late is told that it did nothing."""
    if isinstance(error, Unfinished):
        return RedirectResponse(error.path, 303)
    if request.method == "GET":
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
    return back_to(f"/sign-in?next={quote(_page_behind(request))}", "sign_in.ended")


def _page_behind(request: Request) -> str:
    """The page that a form belongs to: the nearest one above its address, such as `/cases/7` for its decision."""
    steps = request.url.path.strip("/").split("/")
    above = ("/" + "/".join(steps[:count]) for count in range(len(steps), 0, -1))
    return next((path for path in above if _is_page(request, path)), "/")


def _is_page(request: Request, path: str) -> bool:
    scope = {**request.scope, "path": path, "method": "GET"}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


def _invalid(request: Request, error: Exception) -> Response:
    """Names the places that are wrong, never what stood there."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    if all(one["loc"][:1] == ("path",) and one["type"] == "int_parsing" for one in error.errors()):
        return answer(request, 404, *BY_STATUS[404])  # an address like that leads nowhere
    places = sorted({".".join(str(step)[:40] for step in one["loc"]) for one in error.errors()})
    return answer(request, 422, "mistake", f"{', '.join(places[:8])}: missing or not understood; correct it")


def _by_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    name, message = BY_STATUS.get(error.status_code, BY_STATUS[400])
    return answer(request, error.status_code, name, message, dict(error.headers or {}))


def _unexpected(request: Request, _error: Exception) -> Response:
    """Says nothing of what happened. It is sent from outside of every middleware: it puts its headers on itself."""
    response = answer(request, 500, *BY_STATUS[500])
    put_on(response.headers, the_desk(request).settings.serve)
    return response
