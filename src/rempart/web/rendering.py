"""Pages: a template, the visitor's language, and the frame with the menu."""

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from rempart.web.visitor import Visitor, language_of
from rempart.web.words import known, say

TEMPLATES = Path(__file__).parent / "templates"
NOTE_COOKIE = "rempart_note"


def page(request: Request, visitor: Visitor, template: str, status_code: int = 200, **values: Any) -> HTMLResponse:
    """The page. In the template: `t(key, **values)` a text, `visitor`, `language`, `form_key`, and the values."""
    shown: Iterable[tuple[str, str]] = request.app.state.navigation(visitor)
    return _draw(request, visitor, template, status_code, visitor.language, tuple(shown), values)


def plain_page(request: Request, template: str, status_code: int, **values: Any) -> HTMLResponse:
    """The page for somebody of whom nothing is known, such as after an error."""
    return _draw(request, None, template, status_code, language_of(request), (), values)


def back_to(path: str, note: str = "") -> RedirectResponse:
    """Sends the browser to a page of ours. note: the key of a text that the next page shows once."""
    response = RedirectResponse(path, 303)
    if note:
        response.set_cookie(NOTE_COOKIE, note, max_age=60, httponly=True, samesite="strict")
    return response


def local_path(path: str, otherwise: str = "/") -> str:
    """The path, if it leads nowhere but to this server."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if plain and len(path) <= 2000 else otherwise


def _draw(
    request: Request,
    visitor: Visitor | None,
    template: str,
    status_code: int,
    language: Any,
    navigation: tuple[tuple[str, str], ...],
    values: dict[str, Any],
) -> HTMLResponse:
    note = request.cookies.get(NOTE_COOKIE, "")
    frame = {
        "t": partial(say, language),
        "visitor": visitor,
        "language": language,
        "form_key": visitor.form_key if visitor else "",
        "navigation": navigation,
        "here": request.url.path,
        "note": note if known(note) else "",
    }
    response: Response = HTMLResponse(_environment().get_template(template).render(frame | values), status_code)
    if note:
        response.delete_cookie(NOTE_COOKIE)
    assert isinstance(response, HTMLResponse)  # noqa: S101
    return response


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
