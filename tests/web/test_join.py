"""Following a one-time link, as a newcomer does."""

import pytest
from fastapi import FastAPI
from tests.web.accounts import HTML, PASSWORD, sent, somebody

from rempart.facts.people import operator
from rempart.people import invitations, queries
from rempart.testing.desk_web import browser
from rempart.wiring.desk import Desk

WISH = {"login": "ada@desk.example", "name": "Ada Lovelace", "password": PASSWORD, "language": "fr"}


def link(desk: Desk, role: str = "reviewer") -> str:
    with desk.database.writing() as writer:
        return invitations.path_of(invitations.invite(writer, operator(1), role, desk.clock()))


def link_to_password(desk: Desk, pid: str) -> str:
    with desk.database.writing() as writer:
        return invitations.path_of(invitations.offer_new_password(writer, operator(1), pid, desk.clock()))


def test_a_newcomer_makes_an_account_and_signs_in(app: FastAPI, desk: Desk) -> None:
    path, client = link(desk, "auditor"), browser(app)
    assert "auditor" in client.get(path).text
    answer = sent(client, path, path, **WISH)
    assert answer.headers["Location"] == "/sign-in"
    assert "The account is made" in client.get("/sign-in").text
    sent(client, "/sign-in", "/sign-in", login=WISH["login"], password=PASSWORD)
    text = client.get("/account").text
    assert '<html lang="fr">' in text
    assert "auditeur" in text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"login": "a b"}, "A login has 3 to 120 characters and no space."),
        ({"name": ""}, "A name has 1 to 120 characters."),
        ({"password": "purple"}, "The password is shorter than 12 characters."),
    ],
)
def test_a_mistake_is_told_and_nothing_but_the_password_has_to_be_typed_again(
    app: FastAPI, desk: Desk, changed: dict[str, str], said: str
) -> None:
    path, client = link(desk), browser(app)
    answer = sent(client, path, path, **(WISH | changed))
    assert answer.status_code == 400
    assert said in answer.text
    for name in ("login", "name"):
        assert f'value="{(WISH | changed)[name]}"' in answer.text or not (WISH | changed)[name]
    assert (WISH | changed)["password"] not in answer.text.replace(said, "")
    assert client.get(path).status_code == 200


def test_a_link_that_was_used_is_gone(app: FastAPI, desk: Desk) -> None:
    path, client = link(desk), browser(app)
    assert client.post(path, data=WISH).status_code == 303
    assert client.get(path).status_code == 404
    assert client.post(path, data=WISH | {"login": "eve@desk.example"}).status_code == 404
    answer = client.get(path, headers=HTML | {"Accept-Language": "fr"})
    assert "Ce lien ne fonctionne plus." in answer.text


def test_a_login_that_is_taken_is_told(app: FastAPI, desk: Desk) -> None:
    somebody(desk)
    browser(app).post(link(desk), data=WISH)
    answer = browser(app).post(link(desk), data=WISH)
    assert answer.status_code == 400
    assert "This login is taken." in answer.text


def test_a_new_password_is_chosen_by_its_link(app: FastAPI, desk: Desk) -> None:
    person = somebody(desk)
    path, client = link_to_password(desk, person.pid), browser(app)
    assert person.login not in client.get(path).text
    assert sent(client, path, path, password="short").status_code == 400  # noqa: S106
    answer = sent(client, path, path, password="another good password")  # noqa: S106
    assert answer.headers["Location"] == "/sign-in"
    old = {"login": person.login, "password": PASSWORD}
    assert client.post("/sign-in", data=old).status_code == 403
    assert client.post("/sign-in", data=old | {"password": "another good password"}).status_code == 303
    assert client.get(path).status_code == 404


def test_codes_cannot_be_tried_out_without_end(app: FastAPI) -> None:
    client = browser(app)
    answers = [client.post(f"/join/{number}", data=WISH).status_code for number in range(21)]
    assert answers == [404] * 20 + [429]


def test_a_newcomer_makes_no_second_account_with_one_link_at_once(app: FastAPI, desk: Desk) -> None:
    path = link(desk)
    first, second = browser(app), browser(app)
    assert first.get(path).status_code == second.get(path).status_code == 200
    first.post(path, data=WISH)
    assert second.post(path, data=WISH | {"login": "eve@desk.example"}).status_code == 404
    with desk.database.reading() as reader:
        assert len(queries.people_of(reader, 1)) == 1
