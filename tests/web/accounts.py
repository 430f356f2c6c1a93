"""Somebody who signs in by hand."""

from datetime import timedelta
from typing import Any

import pyotp
from fastapi import FastAPI
from lxml import html

from rempart.people import passwords, queries
from rempart.people.records import Person
from rempart.testing.desk import Hands
from rempart.testing.desk_web import CODE_SECRET, TestClient, browser, make_person
from rempart.wiring.desk import Desk

PASSWORD = "purple dragons rarely sleep"  # noqa: S105 - a test's
HASHED = passwords.hashed(PASSWORD)
HTML = {"Accept": "text/html"}


def somebody(desk: Desk, role: str = "reviewer", *, with_code: bool = False, organisation: int = 1) -> Person:
    """A person who has the password."""
    person = make_person(desk, role, organisation, with_code=with_code)  # type: ignore[arg-type]
    with desk.database.writing() as writer:
        queries.change_person(writer, person.id, password_hash=HASHED)
    return person


def later(desk: Desk, **passed: float) -> None:
    """Nothing; so much time has passed."""
    clock = desk.clock
    assert isinstance(clock, Hands)
    clock.now += timedelta(**passed)


def code_now(desk: Desk) -> str:
    """The one-time code that the telephone shows."""
    return pyotp.TOTP(CODE_SECRET).at(desk.clock())


def sent(client: TestClient, page: str, action: str, **filled: str) -> Any:
    """The answer to the form of a page, filled in by hand: what the page hides in it goes along."""
    form = html.fromstring(client.get(page, headers=HTML).text).xpath("//form[@action=$action]", action=action)[0]
    hidden = {field.get("name"): field.get("value", "") for field in form.xpath(".//input[@type='hidden'][@name]")}
    return client.post(action, data=hidden | filled, headers=HTML)


def come_in(app: FastAPI, desk: Desk, person: Person) -> TestClient:
    """A browser in which the person signed in by hand."""
    client = browser(app)
    client.post("/sign-in", data={"login": person.login, "password": PASSWORD})
    if person.has_code:
        key = html.fromstring(client.get("/sign-in/code").text).xpath("//main//input[@name='form_key']/@value")[0]
        client.post("/sign-in/code", data={"code": code_now(desk), "form_key": key})
    return client
