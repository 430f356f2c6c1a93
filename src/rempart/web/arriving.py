"""From cookies and headers to a visitor."""

import base64
from datetime import timedelta
from typing import Literal

from fastapi import Request

from rempart.errors import NotAllowed, Unavailable
from rempart.facts.people import public
from rempart.people import queries, sessions, tokens
from rempart.people.codes import must_set_up
from rempart.people.records import ServiceToken
from rempart.settings import ServeSettings
from rempart.web.origins import address_of
from rempart.web.visitor import Visitor, language_of, the_desk
from rempart.wiring.desk import Desk

MOST_KEY_LETTERS = 200
# password: it was right. full: the one-time code, too, if there are codes. done: with all that the role asks for.
Step = Literal["password", "full", "done"]


class NotSignedIn(NotAllowed):
    """Nobody is signed in, and the route needs somebody."""


class Unfinished(NotAllowed):
    """The person has signed in, but for one step: `path` is where to take it."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.path = path


def cookie_name(serve: ServeSettings) -> str:
    """The name of the session's cookie. With its prefix, browsers take it from this very host over HTTPS only."""
    return "__Host-rempart" if serve.secure_cookies else "rempart"


def session_times(serve: ServeSettings) -> sessions.Times:
    """How long sessions last here."""
    return sessions.Times(timedelta(minutes=serve.session_minutes), timedelta(minutes=serve.idle_minutes))


def signed_in_person(request: Request) -> Visitor | None:
    """The person of the session, whatever step of signing in they have come to; None without a session."""
    desk = the_desk(request)
    key = request.cookies.get(cookie_name(desk.settings.serve), "")
    if not key or len(key) > MOST_KEY_LETTERS:
        return None
    now = desk.clock()
    with desk.database.reading() as reader:
        found = sessions.find(reader, key, session_times(desk.settings.serve), now)
    if found is None:
        return None
    session, person = found
    if sessions.is_due(session, now):
        with desk.database.writing() as writer:
            queries.touch_session(writer, session.key_hash, now)
    return Visitor(person.actor, language_of(request, person), session.form_key, address_of(request), person, session)


def require(visitor: Visitor, step: Step) -> None:
    """Nothing. Raises Unfinished when the person has not come so far with signing in."""
    if step != "password" and visitor.session and visitor.session.stage == "password":
        raise Unfinished("the one-time code is missing; enter it to go on", "/sign-in/code")
    if step == "done" and not finished(visitor):
        raise Unfinished("one-time codes are required for this role; set them up to go on", "/account/code")


def finished(visitor: Visitor) -> bool:
    """Whether the person has signed in with everything that their role asks for."""
    if visitor.person is None or visitor.session is None:
        return False
    return visitor.session.stage == "full" and not must_set_up(visitor.person, visitor.session)


def signed_in_service(request: Request, *, basic: bool = False) -> Visitor | None:
    """The service whose token the request carries; None without one that works.

    basic: the token may be the password of HTTP Basic, whatever the name before it.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if basic and scheme.lower() == "basic":
        token = _password(token)
    elif scheme.lower() != "bearer":
        return None
    if not 0 < len(token.strip()) <= MOST_KEY_LETTERS:
        return None
    desk = the_desk(request)
    with desk.database.reading() as reader:
        found = tokens.find(reader, token.strip())
    if found is None:
        return None
    _touch(desk, found)
    return Visitor(found.actor, language_of(request), address=address_of(request), token=found)


def _password(text: str) -> str:
    """The password of HTTP Basic; empty when there is none."""
    try:
        plain = base64.b64decode(text[: 4 * MOST_KEY_LETTERS].strip(), validate=True).decode()
    except ValueError:
        return ""
    return plain.partition(":")[2]


def anybody(request: Request) -> Visitor:
    """Somebody without an account, who deals with the organisation that was founded first."""
    return Visitor(public(_first_organisation(request)), language_of(request), address=address_of(request))


def _touch(desk: Desk, token: ServiceToken) -> None:
    now = desk.clock()
    if tokens.is_due(token, now):
        with desk.database.writing() as writer:
            queries.touch_token(writer, token.id, now)


def _first_organisation(request: Request) -> int:
    known: int | None = request.app.state.first_organisation
    if known is None:
        with the_desk(request).database.reading() as reader:
            found = queries.organisations(reader)
        if not found:
            raise Unavailable("no organisation is set up here yet; run `rempart organisations add`", 60)
        known = request.app.state.first_organisation = found[0].id
    return known
