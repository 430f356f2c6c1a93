"""What stands before and around every answer: headers, cookies, size, budget, other hosts; one shape of errors."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from fastapi import FastAPI
from tests.web.accounts import HTML, PASSWORD, somebody

from rempart.errors import Broken, Conflict, NotFound, Unavailable
from rempart.people import tokens
from rempart.settings import ServeSettings, Settings
from rempart.testing.desk import make_actor, make_desk
from rempart.testing.desk_web import TestClient, browser, signed_in, web_app
from rempart.web.pages import home
from rempart.wiring.desk import Desk

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}


Serve = Callable[..., tuple[Desk, FastAPI]]


@pytest.fixture
def serve(settings: Settings, database_url: str) -> Iterator[Serve]:
    """Makes a desk that is served in a certain way."""
    with ExitStack() as stack:

        def make(**given: Any) -> tuple[Desk, FastAPI]:
            chosen = settings.model_copy(update={"serve": ServeSettings(**given)})
            desk = stack.enter_context(make_desk(chosen, database_url))
            return desk, web_app(desk)

        yield make


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/people", "/healthz", "/v1/items/x"])
def test_every_answer_carries_the_headers_that_protect_it(app: FastAPI, path: str) -> None:
    for headers in ({}, HTML):
        answer = browser(app).get(path, headers=headers)
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
        assert "camera=()" in answer.headers["permissions-policy"]
        assert "server" not in answer.headers
        assert "strict-transport-security" not in answer.headers


def test_our_own_files_are_asked_for_each_time_and_carry_the_headers_too(app: FastAPI) -> None:
    answer = browser(app).get("/static/desk.css")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"] == POLICY
    assert browser(app).get("/static/../app.py").status_code == 404
    assert browser(app).get("/static/%2e%2e/app.py").status_code == 404


def test_also_an_answer_to_what_nobody_expected_is_protected_and_says_nothing(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the secret inside")

    monkeypatch.setattr(home, "page", breaks)
    answer = browser(app).get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert set(answer.json()) == {"error", "detail", "help"}


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (NotFound("it is gone; look elsewhere"), 404, "not_found"),
        (Conflict("it is gone; look elsewhere"), 409, "conflict"),
        (Unavailable("it is gone; look elsewhere", 7.2), 503, "unavailable"),
        (Broken("the secret inside"), 500, "broken"),
    ],
)
def test_errors_have_one_shape(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, name: str
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(home, "page", breaks)
    answer = browser(app).get("/")
    assert answer.status_code == status
    assert answer.json()["error"] == name
    if status == 500:
        assert "secret" not in answer.text
    else:
        assert answer.json() == {"error": name, "detail": "it is gone", "help": "look elsewhere"}
    assert answer.headers.get("Retry-After") == ("8" if status == 503 else None)


def test_a_form_that_is_no_form_is_a_mistake(app: FastAPI, desk: Desk) -> None:
    client = signed_in(app, desk, "admin")
    answer = client.post("/tokens", content=b"\xff" * 100, headers={"Content-Type": "multipart/form-data"})
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"error", "detail", "help"}
    answer = client.get("/ledger/entries.exe")
    assert answer.status_code == 422
    assert answer.json()["detail"] == "path.file_format: missing or not understood"


def test_behind_https_every_cookie_is_for_https_alone(serve: Serve) -> None:
    desk, app = serve(secure_cookies=True)
    client = TestClient(app, base_url="https://testserver", follow_redirects=False)
    answer = client.post("/sign-in", data={"login": somebody(desk).login, "password": PASSWORD})
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-rempart=")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    answers = [answer, client.post("/language", data={"language": "fr"})]
    key = signed_in(app, desk)
    client.cookies.clear()
    client.cookies.set("__Host-rempart", key.cookies["__Host-rempart"])
    client.headers["X-Form-Key"] = key.form_key
    answers += [client.post("/account/sessions/others/end"), client.post("/sign-out")]
    cookies = [one for answer in answers for one in answer.headers.get_list("set-cookie")]
    assert len(cookies) >= 4
    assert [one for one in cookies if "; secure" not in one.lower() or "httponly" not in one.lower()] == []
    assert [one for one in cookies if "domain=" in one.lower()] == []


def test_pictures_may_come_from_the_address_for_originals_and_from_no_other(serve: Serve) -> None:
    _, app = serve(media_origin="https://media.example")
    policy = browser(app).get("/").headers["content-security-policy"]
    assert "img-src 'self' https://media.example;" in policy
    assert policy.replace(" https://media.example", "") == POLICY


def test_a_request_that_is_too_large_is_refused_before_it_is_read(serve: Serve) -> None:
    _, app = serve(max_request_bytes=1000)
    answer = browser(app).post("/sign-in", data={"login": "x" * 1000})
    assert answer.status_code == 413
    assert answer.json()["error"] == "too_large"

    def endless() -> Iterator[bytes]:
        yield from (b"x" * 100 for _ in range(1000))

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser(app).post("/sign-in", content=endless(), headers=form).status_code == 413


def test_only_the_name_that_people_type_is_answered(serve: Serve) -> None:
    _, app = serve(public_url="https://desk.example", media_origin="https://media.example")
    for host, status in (
        ("desk.example", 200),
        ("DESK.example:443", 200),
        ("media.example", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("desk.example.evil.example", 400),
        ("[", 400),
    ):
        assert browser(app).get("/", headers={"Host": host}).status_code == status, host
    evil = browser(app).get("/", headers={"Host": "evil.example"} | HTML)
    assert "evil.example" not in evil.text


@pytest.mark.parametrize("path", ["/a%00b", "/?q=%00", "/?" + "x" * 9000])
def test_an_address_that_no_page_has_is_refused(app: FastAPI, path: str) -> None:
    answer = browser(app).get(path)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "detail", "help"}


def test_the_public_budget_is_each_addresss_own(serve: Serve) -> None:
    _, app = serve(public_requests_per_hour=3, trusted_proxies=("testclient", "10.0.0.0/8"))

    def send(forwarded: str) -> int:
        return browser(app).post("/language", headers={"X-Forwarded-For": forwarded} if forwarded else {}).status_code

    def spent(forwarded: str) -> int:
        return [send(forwarded) for _ in range(4)].index(429)

    assert spent("192.0.2.1") == 3
    assert spent("192.0.2.2") == 3
    assert send("6.6.6.6, 192.0.2.1") == 429  # what the sender itself wrote before is not believed
    assert send("192.0.2.1, 10.1.2.3") == 429  # a chain of trusted proxies
    assert spent("2001:db8::1") == 3
    assert send("2001:db8::ffff") == 429  # the same network
    assert send("2001:db8:0:1::1") == 303
    answer = browser(app).post("/language", headers={"X-Forwarded-For": "192.0.2.1"})
    assert answer.json()["error"] == "too_often"
    assert answer.headers["Retry-After"] == "1200"


def test_a_proxy_that_is_not_trusted_is_not_believed(serve: Serve) -> None:
    _, app = serve(public_requests_per_hour=2)
    answers = [
        browser(app).post("/language", headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in range(3)
    ]
    assert answers == [303, 303, 429]


def test_a_lost_database_is_told_with_the_time_to_come_back(
    app: FastAPI, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(app, desk)

    def lost() -> None:
        raise Unavailable("the database cannot be used now; nothing was kept")

    monkeypatch.setattr(type(desk.database), "reading", lambda _: lost())
    answer = client.get("/search")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert answer.json() == {
        "error": "unavailable",
        "detail": "the database cannot be used now",
        "help": "nothing was kept",
    }
    assert client.get("/search", headers=HTML | {"Accept-Language": "fr"}).status_code == 503


def test_a_token_that_never_was_is_told_from_none_and_not_from_one_that_was_withdrawn(app: FastAPI, desk: Desk) -> None:
    client = browser(app)
    none = client.get("/v1/actions").json()
    assert (none["error"], none["detail"]) == ("not_signed_in", "no token came with the request")
    assert "Bearer" in none["help"]
    with desk.database.writing() as writer:
        pid, word = tokens.make(writer, make_actor(1, "R-ADM", "admin"), "host", ("actions",), desk.clock())
        tokens.revoke(writer, make_actor(1, "R-ADM", "admin"), pid, desk.clock())
    wrong = [client.get("/v1/actions", headers={"Authorization": f"Bearer {one}"}) for one in ("x", "x" * 43, word)]
    assert {one.status_code for one in wrong} == {401}
    assert {one.text for one in wrong} == {wrong[0].text}
    assert wrong[0].json()["detail"] == "the token is not known or was withdrawn"
    assert wrong[0].json()["help"]
