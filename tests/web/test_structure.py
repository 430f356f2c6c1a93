"""Every page, for every role, in both languages, can be read by everybody. Made from the router."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from rempart.facts.people import ROLES
from rempart.people.records import LANGUAGES, Language
from rempart.settings import Settings
from rempart.testing.desk import make_desk
from rempart.testing.desk_ground import Ground
from rempart.testing.desk_routes import Call, calls, sent
from rempart.testing.desk_web import SignedIn, TestClient, browser, make_person, signed_in, web_app
from rempart.testing.structure import problems
from rempart.web.visitor import LANGUAGE_COOKIE
from rempart.wiring.desk import Desk


@pytest.fixture
def desk(settings: Settings, empty_sqlite: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk on SQLite only: no page is written differently on another database."""
    path = tmp_path / "desk.sqlite3"
    shutil.copyfile(empty_sqlite, path)
    with make_desk(settings, f"sqlite:///{path}") as made:
        yield made


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """The app of that desk."""
    return web_app(desk)


def client_of(app: FastAPI, desk: Desk, who: str, language: Language) -> TestClient:
    if who == "nobody":
        client = browser(app)
        client.cookies.set(LANGUAGE_COOKIE, language)
    else:
        person = make_person(desk, who, language=language)  # type: ignore[arg-type]
        client = signed_in(app, desk, person=person)
    client.headers["Accept"] = "text/html"
    return client


def is_open(call: Call, who: str) -> bool:
    return call.access.anyone or who in call.access.roles


def wrong_with(client: TestClient, call: Call, ground: Ground, language: Language) -> list[str]:
    """What is wrong with the page that comes back, if one does."""
    answer = client.request(call.method, call.filled(ground), **sent(call, ground))
    if answer.status_code >= 500:
        return [f"{call.method} {call.path}: {answer.status_code}"]
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return []
    found = problems(answer.text)
    if f'<html lang="{language}">' not in answer.text:
        found.append("the page is in the other language")
    return [f"{call.method} {call.path} ({answer.status_code}): {one}" for one in found]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["nobody", *ROLES])
def test_every_page_can_be_read_by_everybody(app: FastAPI, desk: Desk, who: str, language: Language) -> None:
    wrong = []
    for call in (one for one in calls(app) if is_open(one, who)):
        client = client_of(app, desk, who, language)
        caller = client.person.pid if isinstance(client, SignedIn) else "public"
        wrong += wrong_with(client, call, Ground(desk, 1, caller), language)
        app.state.buckets = type(app.state.buckets)()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_errors_can_be_read_by_everybody(app: FastAPI, desk: Desk, language: Language) -> None:
    for who, path, status in (("nobody", "/nowhere", 404), ("reviewer", "/people", 403), ("admin", "/people/x", 404)):
        answer = client_of(app, desk, who, language).get(path)
        assert answer.status_code == status
        assert problems(answer.text) == []


def test_every_role_reaches_pages(app: FastAPI, desk: Desk) -> None:
    pages = {who: [call for call in calls(app) if call.method == "GET" and is_open(call, who)] for who in ROLES}
    assert all(len(found) > 5 for found in pages.values())
