"""The public side of appeals: no account, two languages, nothing lost, nothing told that is not the appellant's."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from tests.cases.appeals.conftest import CODE, NUMBER, WORDS, Court
from tests.cases.review.conftest import Room

from rempart.cases.appeals import bringing
from rempart.errors import Unavailable
from rempart.settings import DeskSettings, Settings
from rempart.storage.database import Database
from rempart.testing.desk import make_desk
from rempart.testing.desk_web import TestClient, browser, service, web_app
from rempart.wiring.desk import Desk

TOKEN = "t" * 32


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


@pytest.fixture
def desk(settings: Settings, database_url: str, room: Room) -> Iterator[Desk]:
    chosen = settings.model_copy(update={"desk": DeskSettings(dispute_bodies=("Dragon Board, dragon.example",))})
    with make_desk(chosen, database_url, clock=lambda: room.now) as made:
        yield made


@pytest.fixture
def court(room: Room, desk: Desk) -> Court:
    return Court(room, desk)


@pytest.fixture
def app(desk: Desk, court: Court) -> FastAPI:
    return web_app(desk)


def _send(client: TestClient, **changes: str) -> tuple[int, str]:
    form = {"number": NUMBER, "code": CODE, "grounds": "it was only a purple dragon", "token": TOKEN} | changes
    answer = client.post("/appeal", data=form)
    return answer.status_code, answer.text


def _slip(page: str) -> tuple[str, str]:
    number, code = re.findall(r'<dd translate="no">([^<]+)</dd>', page)
    return number, code


def test_somebody_contests_a_decision_and_reads_the_answer(app: FastAPI, court: Court) -> None:
    case = court.decided()
    client = browser(app)
    assert "A decision of this service" in client.get("/appeal").text
    status, page = _send(client)
    assert status == 200
    number, code = _slip(page)
    assert "2026-12-06" in page
    seen = client.post("/appeal/status", data={"number": number, "code": code}).text
    assert "received" in seen
    (appeal,) = _appeals(court)
    court.claim(appeal)
    court.answer(appeal, "overturned", "not-illegal")
    seen = client.post("/appeal/status", data={"number": number, "code": code}).text
    for words in ("the decision was overturned", WORDS, "Dragon Board, dragon.example", "article 21", "carried out"):
        assert words in seen
    for secret in ("not_illegal", "not-illegal", "R-EVE", "R-ADA", f"/cases/{case}"):
        assert secret not in seen


def _appeals(court: Court) -> list[int]:
    from sqlalchemy import text

    with court.desk.database.reading() as reader:
        return [int(one) for one in reader.values(text("SELECT id FROM appeal ORDER BY id"))]


def test_the_same_form_sent_twice_gives_the_same_slip(app: FastAPI, court: Court) -> None:
    court.decided()
    client = browser(app)
    first, second = _send(client), _send(client)
    assert _slip(first[1]) == _slip(second[1])
    status, page = _send(client, grounds="something else")
    assert status == 409
    assert "looked at again already" in page


@pytest.mark.parametrize("changes", [{"code": "AAAA"}, {"number": "N-1111-1111-1111"}, {"number": "x"}, {"code": ""}])
def test_what_does_not_fit_comes_back_with_every_word(app: FastAPI, court: Court, changes: dict[str, str]) -> None:
    court.decided()
    status, page = _send(browser(app), **changes)
    assert status == 404
    assert "No decision can be contested with this number and this code." in page
    assert "it was only a purple dragon" in page


def test_the_page_speaks_french(app: FastAPI, court: Court) -> None:
    court.decided()
    client = browser(app)
    client.headers["Accept-Language"] = "fr"
    assert "Contester une décision" in client.get("/appeal").text
    status, page = _send(client, grounds="  ")
    assert status == 400
    assert "Dites pourquoi la décision est erronée." in page
    court.room.now += timedelta(days=184)
    assert "Le délai pour contester cette décision est écoulé." in _send(client)[1]


def test_when_nothing_can_be_kept_the_words_stay_on_the_page(
    app: FastAPI, court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    court.decided()

    def full(*_: object, **__: object) -> None:
        raise Unavailable("the database cannot be used now; nothing was kept", 5.0)

    monkeypatch.setattr("rempart.web.pages.appeal.bring", full)
    answer = browser(app).post(
        "/appeal", data={"number": NUMBER, "code": CODE, "grounds": "a purple dragon", "token": TOKEN}
    )
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "a purple dragon" in answer.text
    assert bringing.bring


def test_a_wrong_number_and_a_wrong_code_of_an_appeal_are_answered_alike(app: FastAPI, court: Court) -> None:
    court.decided()
    client = browser(app)
    number, code = _slip(_send(client)[1])
    wrong = [
        client.post("/appeal/status", data={"number": one, "code": other})
        for one, other in (
            (number, CODE),
            ("A-0000-0000-0000", code),
            ("", ""),
            ("\ud800".encode("utf-8", "replace"), "x"),
        )
    ]
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.text for answer in wrong}) == 1


def test_it_needs_no_account_and_no_session_key_but_is_limited(app: FastAPI, court: Court) -> None:
    court.decided()
    client = browser(app)
    codes = [client.post("/appeal/status", data={"number": "A", "code": "x"}).status_code for _ in range(62)]
    assert codes[0] == 404
    assert codes[-1] == 429


def test_a_form_from_another_site_is_refused(app: FastAPI) -> None:
    answer = browser(app).post("/appeal", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_a_host_asks_for_a_code_and_its_user_contests_with_it(app: FastAPI, court: Court, desk: Desk) -> None:
    court.decided()
    host = service(app, desk, "actions")
    (action,) = host.get("/v1/actions").json()["actions"]
    keyed = {"Idempotency-Key": "one"}
    made = host.post("/v1/appeal-codes", json={"action": action["id"]}, headers=keyed)
    assert made.status_code == 201
    told = made.json()
    assert told["number"].startswith("U-")
    assert told["until"] == "2027-05-25T09:00:31Z"
    assert told["address"].endswith("/appeal")
    assert host.post("/v1/appeal-codes", json={"action": action["id"]}, headers=keyed).json() == told
    status, page = _send(browser(app), number=told["number"], code=told["code"])
    assert status == 200
    assert _slip(page)[0].startswith("A-")


@pytest.mark.parametrize(
    ("sent", "status"),
    [({}, 400), ({"action": 1, "item": "I-1"}, 400), ({"action": 99}, 404), ({"item": "I-1"}, 404), ({"x": 1}, 422)],
)
def test_a_request_for_a_code_that_makes_no_sense_is_told(
    app: FastAPI, desk: Desk, court: Court, sent: dict[str, object], status: int
) -> None:
    court.decided()
    answer = service(app, desk, "actions").post("/v1/appeal-codes", json=sent)
    assert answer.status_code == status
    assert set(answer.json()) == {"error", "detail", "help"}


def test_a_token_without_the_scope_makes_no_code(app: FastAPI, desk: Desk, court: Court) -> None:
    court.decided()
    assert service(app, desk, "items").post("/v1/appeal-codes", json={"action": 1}).status_code == 403
