"""Signing in and out: a password, then a one-time code."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from rempart.people import codes, passwords, queries, sessions, signing_in
from rempart.people.records import Person, Stage, Through
from rempart.settings import ServeSettings
from rempart.web import sign_in_cookies as cookies
from rempart.web.access import Visitor, everyone, people
from rempart.web.arriving import session_times
from rempart.web.rendering import back_to, local_path, page
from rempart.web.visitor import TheDesk
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
HalfIn = Annotated[Visitor, Depends(people(step="password"))]


@router.get("/sign-in")
def ask_password(request: Request, visitor: Annotated[Visitor, Depends(everyone())], next: str = "/") -> Response:  # noqa: A002
    """The form for login and password."""
    if visitor.person is not None:
        return RedirectResponse(local_path(next), 303)
    return _password_form(request, visitor, next)


@router.post("/sign-in")
def check_password(
    request: Request,
    visitor: Annotated[Visitor, Depends(everyone("sign_in"))],
    desk: TheDesk,
    login: Text = "",
    password: Text = "",
    next: Text = "/",  # noqa: A002
) -> Response:
    """A session when login and password are right; it still lacks the code when the person has codes."""
    now, guessing = desk.clock(), guessing_of(desk.settings.serve)
    with desk.database.reading() as reader:
        known = signing_in.look_up(reader, login)
    right = passwords.holds(known.password_hash if known else None, password)
    with desk.database.writing() as writer:
        person = signing_in.settle_password(writer, known, right=right, guessing=guessing, now=now)
    if person is None or known is None:
        return _password_form(request, visitor, next, status_code=403, login=login, refused=True)
    if passwords.is_old(known.password_hash):
        renewed = passwords.hashed(password)
        with desk.database.writing() as writer:
            queries.change_person(writer, person.id, password_hash=renewed)
    if person.has_code:
        return begin(request, desk, person, "password", f"/sign-in/code?next={quote(local_path(next))}")
    first = person.role in codes.OBLIGATORY  # nothing else is open to them before
    return begin(request, desk, person, "full", "/account/code" if first else local_path(next))


@router.get("/sign-in/code")
def ask_code(request: Request, visitor: HalfIn, next: str = "/") -> Response:  # noqa: A002
    """The form for the one-time code."""
    if visitor.session is None or visitor.session.stage != "password":
        return RedirectResponse(local_path(next), 303)
    return page(request, visitor, "people/code.html", next=local_path(next), refused=False)


@router.post("/sign-in/code")
def check_code(
    request: Request,
    visitor: Annotated[Visitor, Depends(people(step="password", budget="sign_in"))],
    desk: TheDesk,
    code: Text = "",
    next: Text = "/",  # noqa: A002
) -> Response:
    """A whole session, with a new key, when the code is right."""
    person, session, now = visitor.person, visitor.session, desk.clock()
    if person is None or session is None or session.stage != "password":
        return RedirectResponse(local_path(next), 303)
    with desk.database.writing() as writer:
        guessing = guessing_of(desk.settings.serve)
        right = signing_in.settle_code(writer, desk.fields, person, code, guessing, now)
    if not right:
        return page(request, visitor, "people/code.html", 403, next=local_path(next), refused=True)
    return begin(request, desk, person, "full", local_path(next), instead_of=session.key_hash)


@router.post("/sign-out")
def sign_out(visitor: HalfIn, desk: TheDesk) -> Response:
    """The session has ended, here and on the server."""
    if visitor.session is not None:
        with desk.database.writing() as writer:
            sessions.end(writer, visitor.actor, visitor.session.key_hash, desk.clock())
    response = back_to("/sign-in", "sign_in.signed_out")
    cookies.take_away(response, desk.settings.serve)
    return response


def guessing_of(serve: ServeSettings) -> signing_in.Guessing:
    """How often somebody may guess here."""
    return signing_in.Guessing(serve.sign_in_attempts, timedelta(minutes=serve.lock_minutes))


def begin(
    request: Request,
    desk: Desk,
    person: Person,
    stage: Stage,
    path: str,
    *,
    instead_of: str = "",
    note: str = "",
    through: Through = "password",
) -> Response:
    """Sends the browser on, with the key of a new session. instead_of: the key hash of the one that it replaces."""
    now = desk.clock()
    with desk.database.writing() as writer:
        queries.end_session(writer, instead_of)
        key, _ = sessions.begin(
            writer,
            person,
            stage=stage,
            through=through,
            browser=cookies.browser_of(request),
            times=session_times(desk.settings.serve),
            now=now,
        )
        if stage == "full":
            code = through == "password" and person.has_code
            signing_in.note_success(writer, person, through=through, code=code, now=now)
    response = back_to(path, note)
    cookies.give(response, desk.settings.serve, key)
    return response


def _password_form(
    request: Request, visitor: Visitor, next_: str, *, status_code: int = 200, login: str = "", refused: bool = False
) -> Response:
    values = {"next": local_path(next_), "login": login[:120], "refused": refused, "oidc": _offers_oidc(request)}
    return page(request, visitor, "people/sign_in.html", status_code, **values)


def _offers_oidc(request: Request) -> bool:
    desk: Desk = request.app.state.desk
    return bool(desk.settings.oidc.issuer)
