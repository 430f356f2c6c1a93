"""The pages of administrators: people, invitations, service tokens."""

import pytest
from fastapi import FastAPI
from lxml import html
from tests.web.accounts import HTML, PASSWORD, sent, somebody

from rempart.people import queries
from rempart.testing.desk_web import SignedIn, browser, make_person, signed_in
from rempart.wiring.desk import Desk


@pytest.fixture
def admin(app: FastAPI, desk: Desk) -> SignedIn:
    """A browser in which an administrator is signed in."""
    return signed_in(app, desk, "admin")


def rows(text: str) -> list[list[str]]:
    """What the first table of the page says."""
    table = html.fromstring(text).xpath("//table")[0]
    return [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath(".//tbody/tr")]


def test_everybody_is_listed_with_names_and_states(admin: SignedIn, desk: Desk) -> None:
    locked, left = make_person(desk, "senior"), make_person(desk, with_code=False)
    with desk.database.writing() as writer:
        queries.change_person(writer, locked.id, locked_until=desk.clock().replace(hour=12))
        queries.change_person(writer, left.id, active=False)
    found = {row[0]: row for row in rows(admin.get("/people").text)}
    assert found[admin.person.pid][1] == f"Name of {admin.person.pid}"
    assert found[admin.person.pid][3:6] == ["administrator", "set up", "active"]
    assert found[locked.pid][5] == "locked until 2026-11-22 12:00 UTC"
    assert found[left.pid][4:6] == ["none", "deactivated"]


def test_an_invitation_is_a_link_shown_once_that_lets_somebody_in(admin: SignedIn, app: FastAPI) -> None:
    page = sent(admin, "/people", "/people/invite", role="auditor")
    (link,) = html.fromstring(page.text).xpath("//*[@class='secret']/text()")
    assert link.startswith("http://testserver/join/")
    listed = admin.get("/people").text
    assert link.rsplit("/", 1)[1] not in listed
    wish = {"login": "ada@desk.example", "name": "Ada", "password": PASSWORD}
    assert browser(app).post(link, data=wish).status_code == 303
    assert "ada@desk.example" in admin.get("/people").text
    assert "There is none." in admin.get("/people").text


def test_an_invitation_can_be_withdrawn(admin: SignedIn, app: FastAPI) -> None:
    page = sent(admin, "/people", "/people/invite", role="reviewer")
    (link,) = html.fromstring(page.text).xpath("//*[@class='secret']/text()")
    (action,) = html.fromstring(admin.get("/people").text).xpath("//form[contains(@action, 'withdraw')]/@action")
    assert sent(admin, "/people", action).headers["Location"] == "/people"
    assert browser(app).get(link).status_code == 404


def test_a_role_that_does_not_exist_cannot_be_given(admin: SignedIn, desk: Desk) -> None:
    person = make_person(desk)
    assert admin.post("/people/invite", data={"role": "root"}).status_code == 400
    assert admin.post(f"/people/{person.pid}/role", data={"role": "root"}).status_code == 400


def test_a_person_is_looked_after_on_their_page(admin: SignedIn, desk: Desk, app: FastAPI) -> None:
    person = somebody(desk, "senior", with_code=True)
    here = f"/people/{person.pid}"
    assert f"Name of {person.pid}" in admin.get(here).text
    sent(admin, here, f"{here}/role", role="supervisor")
    assert "The role is changed." in admin.get(here).text
    sent(admin, here, f"{here}/reset-code")
    assert "/reset-code" not in admin.get(here).text
    page = sent(admin, here, f"{here}/new-password")
    (link,) = html.fromstring(page.text).xpath("//*[@class='secret']/text()")
    assert browser(app).get(link).status_code == 200
    sent(admin, here, f"{here}/deactivate")
    assert browser(app).post("/sign-in", data={"login": person.login, "password": PASSWORD}).status_code == 403
    sent(admin, here, f"{here}/reactivate")
    assert browser(app).post("/sign-in", data={"login": person.login, "password": PASSWORD}).status_code == 303


def test_on_ones_own_page_there_is_nothing_to_change(admin: SignedIn) -> None:
    here = f"/people/{admin.person.pid}"
    page = html.fromstring(admin.get(here).text)
    assert page.xpath("//main//form") == []
    for verb in ("deactivate", "role"):
        assert admin.post(f"{here}/{verb}", data={"role": "auditor"}).status_code == 409


def test_the_last_administrator_is_kept(admin: SignedIn, app: FastAPI, desk: Desk) -> None:
    other = signed_in(app, desk, "admin")
    assert admin.post(f"/people/{other.person.pid}/deactivate").status_code == 303
    assert other.get("/people").status_code == 401
    assert admin.post(f"/people/{admin.person.pid}/deactivate").status_code == 409


def test_a_name_that_looks_like_a_page_is_only_a_name(admin: SignedIn, desk: Desk) -> None:
    person = make_person(desk)
    with desk.database.writing() as writer:
        sealed = desk.fields.seal_text("name", "<script>alert(1)</script>")
        queries.change_person(writer, person.id, name_sealed=sealed)
    for path in ("/people", f"/people/{person.pid}"):
        text = admin.get(path).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_a_token_is_shown_once_and_works(admin: SignedIn, app: FastAPI) -> None:
    assert "There is no token yet." in admin.get("/tokens").text
    form = {"name": "a host", "scopes": ["figures", "items"]}
    page = html.fromstring(admin.post("/tokens", data=form, headers=HTML).text)
    (token,) = page.xpath("//*[@class='secret']/text()")
    client = browser(app)
    client.headers["Authorization"] = f"Bearer {token}"
    assert client.get("/metrics").status_code == 200
    listed = admin.get("/tokens").text
    assert token not in listed
    (row,) = rows(listed)
    assert (row[0], row[2], row[5]) == ("a host", "items, figures", "works")
    assert row[4] != "never"
    (action,) = html.fromstring(listed).xpath("//form[contains(@action, 'revoke')]/@action")
    sent(admin, "/tokens", action)
    assert client.get("/metrics").status_code == 401
    assert rows(admin.get("/tokens").text)[0][5].startswith("revoked 2026-11-22")


def test_a_token_that_makes_no_sense_is_told_and_the_form_comes_back(admin: SignedIn) -> None:
    for form in ({"name": "", "scopes": ["items"]}, {"name": "a host"}, {"name": "a host", "scopes": ["everything"]}):
        answer = admin.post("/tokens", data=form, headers=HTML)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
    answer = admin.post("/tokens", data={"name": "", "scopes": ["items"]}, headers=HTML)
    assert html.fromstring(answer.text).xpath("//input[@checked]/@value") == ["items"]


def test_a_token_is_no_key_after_a_slip_of_the_pen(admin: SignedIn, app: FastAPI) -> None:
    page = html.fromstring(admin.post("/tokens", data={"name": "a host", "scopes": ["figures"]}, headers=HTML).text)
    (token,) = page.xpath("//*[@class='secret']/text()")
    for wrong in (token[:-1], token + "x", token.removeprefix("rempart_"), token.upper()):
        answer = browser(app).get("/metrics", headers={"Authorization": f"Bearer {wrong}"})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
