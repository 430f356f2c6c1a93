"""Browsers and programmes that are signed in at a desk, for tests of pages and of the API."""

import warnings

from fastapi import FastAPI
from starlette.exceptions import StarletteDeprecationWarning

from rempart.facts.people import Role, Scope
from rempart.people import queries, sessions
from rempart.people.random_keys import hash_of, new_key, new_pseudonym
from rempart.people.records import Language, Person, Session, Stage
from rempart.people.tokens import PREFIX
from rempart.web.app import make_app
from rempart.web.arriving import cookie_name, session_times
from rempart.wiring.desk import Desk

with warnings.catch_warnings():  # the successor of httpx that it asks for is not released for general use
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from starlette.testclient import TestClient

__all__ = ["CODE_SECRET", "SignedIn", "TestClient", "browser", "make_person", "service", "signed_in", "web_app"]
# pyotp's own example; whoever signs in by hand in a test uses it.
CODE_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - a test's


class SignedIn(TestClient):
    """A browser with a session. Whatever it sends carries the form key; delete that header to leave it out."""

    def __init__(self, app: FastAPI, cookie: str, key: str, session: Session, person: Person) -> None:
        super().__init__(app, raise_server_exceptions=False, follow_redirects=False)
        self.cookies.set(cookie, key)
        self.headers["X-Form-Key"] = session.form_key
        self.form_key, self.session, self.person = session.form_key, session, person


def web_app(desk: Desk) -> FastAPI:
    """The app of this desk, with an organisation that everything belongs to."""
    with desk.database.writing() as writer:
        if not queries.organisations(writer):
            queries.add_organisation(writer, "desk", "Desk", desk.clock())
    return make_app(desk)


def browser(app: FastAPI) -> TestClient:
    """A browser in which nobody is signed in."""
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def make_person(
    desk: Desk, role: Role = "reviewer", organisation: int = 1, *, language: Language = "en", with_code: bool = True
) -> Person:
    """A new person. Nobody can sign in with their password: it was never set."""
    with desk.database.writing() as writer:
        pid = new_pseudonym(writer, "R")
        made = queries.add_person(
            writer,
            organisation=organisation,
            pid=pid,
            login=f"{pid.lower()}@desk.example",
            name_sealed=desk.fields.seal_text("name", f"Name of {pid}"),
            role=role,
            language=language,
            password_hash="",
            code_secret_sealed=desk.fields.seal_text("code", CODE_SECRET) if with_code else None,
            created_at=desk.clock(),
        )
        found = queries.person_by_id(writer, made)
    assert found is not None  # noqa: S101
    return found


def signed_in(
    app: FastAPI,
    desk: Desk,
    role: Role = "reviewer",
    organisation: int = 1,
    *,
    person: Person | None = None,
    stage: Stage = "full",
) -> SignedIn:
    """A browser in which a new person of this role, or the given person, is signed in. stage: how far."""
    serve = desk.settings.serve
    who = person or make_person(desk, role, organisation)
    with desk.database.writing() as writer:
        key, session = sessions.begin(
            writer,
            who,
            stage=stage,
            through="password",
            browser="test",
            times=session_times(serve),
            now=desk.clock(),
        )
    return SignedIn(app, cookie_name(serve), key, session, who)


def service(app: FastAPI, desk: Desk, *scopes: Scope, organisation: int = 1) -> TestClient:
    """A programme that sends a new service token with these scopes."""
    token = PREFIX + new_key()
    with desk.database.writing() as writer:
        pid = new_pseudonym(writer, "S")
        queries.add_token(
            writer,
            organisation=organisation,
            pid=pid,
            name=pid,
            token_hash=hash_of(token),
            scopes=list(scopes),
            created_at=desk.clock(),
        )
    client = browser(app)
    client.headers["Authorization"] = f"Bearer {token}"
    return client
