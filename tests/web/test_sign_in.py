"""Signing in by hand: password, one-time code, lock, end of the session; and what stands in no page and no log."""

from typing import Any

import pytest
from fastapi import FastAPI
from lxml import html
from structlog.testing import capture_logs
from tests.web.accounts import HTML, PASSWORD, code_now, come_in, later, sent, somebody

from rempart.audit.queries import story
from rempart.people import queries, staff
from rempart.testing.desk import make_case
from rempart.testing.desk_web import browser, signed_in
from rempart.wiring.desk import Desk


def try_password(app: FastAPI, login: str, password: str) -> Any:
    return browser(app).post("/sign-in", data={"login": login, "password": password}, headers=HTML)


def test_the_right_password_leads_to_the_page_that_was_asked_for(app: FastAPI, desk: Desk) -> None:
    person, client = somebody(desk), browser(app)
    asked = client.get("/search?x=1", headers=HTML)
    assert asked.headers["Location"] == "/sign-in?next=/search"
    answer = sent(client, asked.headers["Location"], "/sign-in", login=person.login.upper(), password=PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/search")
    assert client.get("/search", headers=HTML).status_code == 200


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_but_here(app: FastAPI, desk: Desk, there: str) -> None:
    person, client = somebody(desk), browser(app)
    form = {"login": person.login, "password": PASSWORD, "next": there}
    assert client.post("/sign-in", data=form).headers["Location"] == "/"
    assert client.get("/sign-in", params={"next": there}).headers["Location"] == "/"


def test_a_wrong_password_and_a_login_of_nobody_are_answered_alike(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk)
    wrong, nobody = try_password(app, person.login, "wrong"), try_password(app, "x@desk.example", "wrong")
    assert wrong.status_code == nobody.status_code == 403
    assert wrong.text.replace(person.login, "x@desk.example") == nobody.text
    assert "set-cookie" not in wrong.headers
    assert PASSWORD not in wrong.text
    assert 'value="wrong"' not in wrong.text


def test_the_account_is_locked_after_five_and_opens_after_a_quarter_of_an_hour(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk)
    for _ in range(5):
        assert try_password(app, person.login, "wrong").status_code == 403
    assert try_password(app, person.login, PASSWORD).status_code == 403
    later(desk, minutes=15)
    assert try_password(app, person.login, PASSWORD).status_code == 303


def test_an_address_that_tries_too_often_has_to_wait(app: FastAPI, desk: Desk) -> None:
    answers = [try_password(app, f"n{number}@desk.example", "wrong") for number in range(21)]
    assert [one.status_code for one in answers] == [403] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) == 45
    later(desk, seconds=45)
    assert try_password(app, "n@desk.example", "wrong").status_code == 403
    assert try_password(app, "n@desk.example", "wrong").status_code == 429


def test_with_codes_the_password_alone_opens_nothing(app: FastAPI, desk: Desk) -> None:
    person, client = somebody(desk, "senior", with_code=True), browser(app)
    answer = client.post("/sign-in", data={"login": person.login, "password": PASSWORD, "next": "/overview"})
    assert answer.headers["Location"] == "/sign-in/code?next=/overview"
    half = client.cookies["rempart"]
    assert client.get("/overview", headers=HTML).headers["Location"] == "/sign-in/code"
    assert client.get("/overview").status_code == 403
    assert html.fromstring(client.get("/").text).xpath("//header//nav") == []
    answer = sent(client, "/sign-in/code?next=/overview", "/sign-in/code", code=code_now(desk))
    assert answer.headers["Location"] == "/overview"
    assert client.cookies["rempart"] != half
    assert client.get("/overview").status_code == 200
    client.cookies.set("rempart", half)
    assert client.get("/overview").status_code in (401, 403)


def test_a_code_lets_in_once(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk, "senior", with_code=True)
    code = code_now(desk)
    assert come_in(app, desk, person).get("/account").status_code == 200
    client = browser(app)
    client.post("/sign-in", data={"login": person.login, "password": PASSWORD})
    answer = sent(client, "/sign-in/code", "/sign-in/code", code=code)
    assert answer.status_code == 403
    assert 'role="alert"' in answer.text
    later(desk, seconds=30)
    assert sent(client, "/sign-in/code", "/sign-in/code", code=code_now(desk)).status_code == 303


def test_guessing_codes_locks_the_account_however_often_the_password_is_right(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk, "senior", with_code=True)
    for _ in range(5):
        client = browser(app)
        client.post("/sign-in", data={"login": person.login, "password": PASSWORD})
        assert sent(client, "/sign-in/code", "/sign-in/code", code="000000").status_code == 403
    assert try_password(app, person.login, PASSWORD).status_code == 403


def test_who_must_have_codes_can_do_nothing_before_setting_them_up(app: FastAPI, desk: Desk) -> None:
    client, person = browser(app), somebody(desk, "admin")
    form = {"login": person.login, "password": PASSWORD, "next": "/people"}
    assert client.post("/sign-in", data=form).headers["Location"] == "/account/code"
    for path in ("/people", "/account", "/overview"):
        assert client.get(path, headers=HTML).headers["Location"] == "/account/code"
    assert client.get("/account/code", headers=HTML).status_code == 200
    assert "/people" not in client.get("/").text


def test_the_front_page_is_that_of_the_public_for_who_came_half_way(app: FastAPI, desk: Desk) -> None:
    client = come_in(app, desk, somebody(desk, "admin"))
    page = html.fromstring(client.get("/").text)
    assert page.xpath("//header//nav") == []
    assert page.xpath("//form/@action") == ["/language"]


def test_signing_out_ends_the_session_on_the_server(app: FastAPI, desk: Desk) -> None:
    client = come_in(app, desk, somebody(desk))
    key = client.cookies["rempart"]
    answer = sent(client, "/search", "/sign-out")
    assert answer.headers["Location"] == "/sign-in"
    assert "rempart" not in client.cookies
    client.cookies.set("rempart", key)
    assert client.get("/search").status_code == 401


def test_an_idle_session_ends(app: FastAPI, desk: Desk) -> None:
    client = come_in(app, desk, somebody(desk))
    for _ in range(3):
        later(desk, minutes=29)
        assert client.get("/search").status_code == 200
    later(desk, minutes=30)
    assert client.get("/search").status_code == 401
    assert client.get("/search", headers=HTML).headers["Location"] == "/sign-in?next=/search"


@pytest.mark.parametrize(("language", "words"), [("en", "nothing was decided"), ("fr", "rien n’a été décidé")])
def test_a_form_that_came_after_the_session_leads_back_to_its_page_and_says_that_nothing_was_done(
    app: FastAPI, desk: Desk, language: str, words: str
) -> None:
    with desk.database.writing() as writer:
        case = make_case(writer, 1)
    one = signed_in(app, desk)
    one.post(f"/cases/{case}/claim")
    later(desk, minutes=31)
    answer = one.post(f"/cases/{case}/decide", data={"code": "terms", "confirmed": "yes"}, headers=HTML)
    assert answer.headers["Location"] == f"/sign-in?next=/cases/{case}"
    page = one.get(answer.headers["Location"], headers=HTML | {"Accept-Language": language}).text
    assert words in page
    assert f'name="next" value="/cases/{case}"' in page
    assert words not in one.get("/sign-in", headers=HTML).text, "said once"
    with desk.database.reading() as reader:
        assert [entry.verb for entry in story(reader, 1, "case", case)][-1] == "case.claimed"
    for path, behind in (("/decisions/7/undo", "/"), ("/queue/next", "/queue")):
        assert one.post(path, headers=HTML).headers["Location"] == f"/sign-in?next={behind}"


def test_a_session_ends_when_the_role_changes(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk)
    client, admin = come_in(app, desk, person), signed_in(app, desk, "admin")
    with desk.database.writing() as writer:
        staff.change_role(writer, admin.person.actor, person.pid, "auditor", desk.clock())
    assert client.get("/search").status_code == 401


@pytest.mark.parametrize("key", ["", "x", "x" * 43, "x" * 10_000])
def test_a_key_of_no_session_opens_nothing(app: FastAPI, key: str) -> None:
    client = browser(app)
    client.cookies.set("rempart", key)
    assert client.get("/account").status_code == 401


def test_the_cookie_is_for_the_server_alone(app: FastAPI, desk: Desk) -> None:
    answer = browser(app).post("/sign-in", data={"login": somebody(desk).login, "password": PASSWORD})
    (cookie,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith("rempart=")]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=lax"}


def test_an_old_form_of_a_password_is_renewed(app: FastAPI, desk: Desk) -> None:
    from argon2 import PasswordHasher

    person = somebody(desk)
    with desk.database.writing() as writer:
        weak = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
        queries.change_person(writer, person.id, password_hash=weak)
    assert try_password(app, person.login, PASSWORD).status_code == 303
    with desk.database.reading() as reader:
        assert queries.secrets_of(reader, person.id)["password_hash"].startswith("$argon2id$v=19$m=65536")


def test_no_secret_stands_in_a_log_or_in_the_ledger(app: FastAPI, desk: Desk) -> None:
    from rempart.audit.browsing.queries import Wanted, page

    person = somebody(desk, "senior", with_code=True)
    with capture_logs() as lines:
        client = come_in(app, desk, person)
        try_password(app, person.login, "a wrong secret")
        client.get("/join/this-is-a-code")
        client.get("/account", headers={"Authorization": "Bearer rempart_secret"})
    with desk.database.reading() as reader:
        kept = repr(page(reader, 1, Wanted())) + repr(lines)
    assert len(lines) >= 5
    secrets = (PASSWORD, "a wrong secret", person.login, client.cookies["rempart"], "this-is-a-code", "rempart_secret")
    assert [one for one in secrets if one in kept] == []


def test_the_ledger_tells_of_every_sign_in_and_every_failure(app: FastAPI, desk: Desk) -> None:
    from rempart.audit.queries import story

    person = somebody(desk, with_code=True)
    come_in(app, desk, person)
    try_password(app, person.login, "wrong")
    with desk.database.reading() as reader:
        entries = story(reader, 1, "person", person.pid)
    assert [(one.verb, one.data) for one in entries] == [
        ("person.signed_in", {"through": "password", "code": True}),
        ("person.sign_in_failed", {"step": "password"}),
    ]
