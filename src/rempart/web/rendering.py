"""Pages: a template, the visitor's language, and the frame with the menu."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, RedirectResponse

from rempart.people.records import Language
from rempart.web.visitor import VISITOR, Visitor, language_of
from rempart.web.words import known, say, told

TEMPLATES = Path(__file__).parent / "templates"
NOTE_COOKIE = "rempart_note"


def page(request: Request, visitor: Visitor, template: str, status_code: int = 200, **values: Any) -> HTMLResponse:
    """The page. In the template: the values, and what the frame gives.

    t(key, **values) a text; named(prefix, codes) the codes with their texts; told(message) an error's words;
    moment(at) a time; visitor, language; key_field for forms (the macros of `parts.html` put it in).
    """
    shown: Iterable[tuple[str, str]] = request.app.state.navigation(visitor)
    return _draw(request, visitor, template, status_code, visitor.language, tuple(shown), values)


def plain_page(request: Request, template: str, status_code: int, **values: Any) -> HTMLResponse:
    """The page for whoever it is, known or not: after an error nothing more is looked up."""
    visitor: Visitor | None = request.scope.get(VISITOR)
    if visitor is not None:
        return page(request, visitor, template, status_code, **values)
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
    language: Language,
    navigation: tuple[tuple[str, str], ...],
    values: dict[str, Any],
) -> HTMLResponse:
    note = request.cookies.get(NOTE_COOKIE, "")
    form_key = visitor.form_key if visitor else ""
    frame = {
        "t": partial(_said, language),
        "named": partial(_named, language),
        "told": partial(told, language),
        "moment": moment,
        "visitor": visitor,
        "language": language,
        "form_key": form_key,
        "key_field": Markup('<input type="hidden" name="form_key" value="{}">').format(form_key),
        "navigation": navigation,
        "here": request.url.path,
        "return_to": _return_to(request),
        "note": note if known(note) else "",
        "known": known,
    }
    response = HTMLResponse(_environment().get_template(template).render(frame | values), status_code)
    if note:
        response.delete_cookie(NOTE_COOKIE)
    return response


def moment(at: datetime | None) -> Markup:
    """A time as pages show it, in UTC, such as 2026-11-22 09:30; nothing for no time."""
    if at is None:
        return Markup("")
    return Markup('<time datetime="{}">{} UTC</time>').format(at.isoformat(), f"{at:%Y-%m-%d %H:%M}")


def _said(language: Language, key: str, **values: Any) -> str:
    """The text. A value that is markup, such as a `moment`, stays markup; every other is text."""
    if any(isinstance(value, Markup) for value in values.values()):
        return escape(say(language, key)).format(**values)
    return say(language, key, **values)


def _named(language: Language, prefix: str, codes: Iterable[str]) -> list[tuple[str, str]]:
    """Each code with its text, as a choice among them wants it."""
    return [(code, say(language, prefix + code)) for code in codes]


def _return_to(request: Request) -> str:
    """Where a change of language leads back to: this page, or, behind a form, the pages it belongs to."""
    if request.method != "GET":
        return "/" + request.url.path.split("/")[1]
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
