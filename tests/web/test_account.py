"""One's own account: a new password, one-time codes, sessions."""

from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from lxml import html
from tests.web.accounts import HTML, PASSWORD, come_in, later, sent, somebody

from rempart.people import queries
from rempart.testing.desk_web import CODE_SECRET, TestClient, make_person, signed_in
from rempart.wiring.desk import Desk

NEW = "another good password"


def change(client: TestClient, old: str, new: str) -> Any:
    return sent(client, "/account", "/account/password", old=old, new=new)


def test_the_page_shows_who_one_is_and_nothing_secret(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk, with_code=True)
    client = come_in(app, desk, person)
    text = client.get("/account").text
    assert person.login in text
    assert person.pid in text
    assert client.cookies["rempart"] not in text
    assert CODE_SECRET not in text
    assert "argon2" not in text


def test_a_new_password_ends_every_other_session_and_begins_this_one_anew(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk)
    here, there = come_in(app, desk, person), come_in(app, desk, person)
    before = here.cookies["rempart"]
    answer = change(here, PASSWORD, NEW)
    assert answer.headers["Location"] == "/account"
    assert here.cookies["rempart"] != before
    assert "other sessions have ended" in here.get("/account").text
    assert there.get("/account").status_code == 401
    there.post("/sign-in", data={"login": person.login, "password": NEW})
    assert there.get("/account").status_code == 200


def test_without_the_old_password_there_is_no_new_one(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk)
    client = come_in(app, desk, person)
    wrong = change(client, "wrong", NEW)
    assert wrong.status_code == 403
    assert "is not right" in wrong.text
    weak = change(client, PASSWORD, "weak")
    assert weak.status_code == 400
    assert "shorter than 12" in weak.text
    assert change(client, PASSWORD, person.login).status_code == 400
    with desk.database.reading() as reader:
        assert queries.person_by_id(reader, person.id).failures == 1  # type: ignore[union-attr]


def test_a_stolen_session_cannot_guess_the_password(app: FastAPI, desk: Desk) -> None:
    client = come_in(app, desk, somebody(desk))
    for _ in range(5):
        assert change(client, "wrong", NEW).status_code == 403
    assert change(client, PASSWORD, NEW).status_code == 403


def test_codes_are_set_up_with_a_picture_or_a_key(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk, "senior")
    client = come_in(app, desk, person)
    page = html.fromstring(client.get("/account/code", headers=HTML).text)
    (secret,) = page.xpath("//*[@class='secret']/text()")
    (sealed,) = page.xpath("//input[@name='sealed']/@value")
    (key,) = page.xpath("//main//input[@name='form_key']/@value")
    assert page.xpath("//svg[@class='qr']/@aria-label") == ["QR code for your authenticator app"]
    wrong = client.post("/account/code", data={"code": "000000", "sealed": sealed, "form_key": key})
    assert wrong.status_code == 400
    assert secret in wrong.text  # the same secret: the telephone has it already
    right = {"code": pyotp.TOTP(secret).at(desk.clock()), "sealed": sealed, "form_key": key}
    assert client.post("/account/code", data=right).headers["Location"] == "/account"
    assert client.get("/account/code").headers["Location"] == "/account"
    assert client.get("/overview").status_code == 200
    assert "set up already" in client.post("/account/code", data=right).text


def test_a_form_for_codes_that_is_too_old_is_made_anew(app: FastAPI, desk: Desk) -> None:
    client = come_in(app, desk, somebody(desk))
    page = html.fromstring(client.get("/account/code").text)
    (secret,) = page.xpath("//*[@class='secret']/text()")
    hidden = {one.get("name"): one.get("value") for one in page.xpath("//main//input[@type='hidden']")}
    later(desk, minutes=20)
    client.get("/account")
    later(desk, minutes=20)
    answer = client.post("/account/code", data=hidden | {"code": pyotp.TOTP(secret).at(desk.clock())})
    assert answer.status_code == 400
    assert "Scan the new picture" in answer.text
    assert secret not in answer.text


def test_another_persons_proposal_is_not_taken(app: FastAPI, desk: Desk) -> None:
    eve, ada = (come_in(app, desk, somebody(desk)) for _ in range(2))
    page = html.fromstring(eve.get("/account/code").text)
    (secret,) = page.xpath("//*[@class='secret']/text()")
    (sealed,) = page.xpath("//input[@name='sealed']/@value")
    code = pyotp.TOTP(secret).at(desk.clock())
    assert sent(ada, "/account/code", "/account/code", code=code, sealed=sealed).status_code == 400


def test_one_sees_and_ends_ones_sessions(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk)
    here, there = come_in(app, desk, person), come_in(app, desk, person)
    page = html.fromstring(here.get("/account").text)
    (action,) = page.xpath("//td//form/@action")
    assert sent(here, "/account", action).headers["Location"] == "/account"
    assert there.get("/account").status_code == 401
    assert here.get("/account").status_code == 200
    assert sent(there, "/sign-in", "/sign-in", login=person.login, password=PASSWORD).status_code == 303
    sent(there, "/account", "/account/sessions/others/end")
    assert here.get("/account").status_code == 401


def test_nobody_ends_the_session_of_another(app: FastAPI, desk: Desk) -> None:
    victim, evil = signed_in(app, desk), signed_in(app, desk)
    assert evil.post(f"/account/sessions/{victim.session.handle}/end").status_code == 404
    assert victim.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18) AppleWebKit Version/18 Safari/604.1", "Safari, iPhone"),
        ("<script>alert(1)</script>", "unknown browser"),
        ("", "unknown browser"),
    ],
)
def test_a_session_is_recognised_by_its_browser(app: FastAPI, desk: Desk, agent: str, shown: str) -> None:
    from rempart.testing.desk_web import browser

    person, client = somebody(desk), browser(app)
    client.headers["User-Agent"] = agent
    client.post("/sign-in", data={"login": person.login, "password": PASSWORD})
    text = client.get("/account").text
    assert shown in text
    assert "alert(1)" not in text


def test_the_account_is_shown_in_ones_language(app: FastAPI, desk: Desk) -> None:
    person = make_person(desk, language="fr")
    assert "Votre compte" in signed_in(app, desk, person=person).get("/account").text
