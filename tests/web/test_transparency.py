"""The figures as a page, as files and through the API."""

import csv
import io
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from tests.cases.appeals.conftest import Court
from tests.cases.review.conftest import Room

from rempart.audit.queries import entries
from rempart.cases.transparency.measures import MEASURES
from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.testing.desk import make_desk
from rempart.testing.desk_web import make_person, service, signed_in, web_app
from rempart.web.words import known
from rempart.wiring.desk import Desk

TODAY = "?from=2026-11-22&to=2026-11-22"


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


@pytest.fixture
def desk(settings: Settings, database_url: str, room: Room) -> Iterator[Desk]:
    with make_desk(settings, database_url, clock=lambda: room.now) as made:
        yield made


@pytest.fixture
def court(room: Room, desk: Desk) -> Court:
    made = Court(room, desk)
    made.settle(made.bring_as_user(made.decided()), "overturned", "not-illegal")
    return made


@pytest.fixture
def app(desk: Desk, court: Court) -> FastAPI:
    return web_app(desk)


def test_every_measure_has_words_in_both_languages() -> None:
    for one in MEASURES:
        assert known(f"transparency.{one.section}"), one.section
        assert known(f"transparency.{one.section}.{one.name}"), one


@pytest.mark.parametrize(("language", "words"), [("en", "illegal, baseline → not illegal"), ("fr", "non illégal")])
def test_the_page_shows_the_figures_of_a_period(app: FastAPI, desk: Desk, language: str, words: str) -> None:
    person = make_person(desk, "auditor", language=language)  # type: ignore[arg-type]
    seen = signed_in(app, desk, "auditor", person=person).get(f"/transparency{TODAY}").text
    assert words in seen
    assert "15(1)(d)" in seen
    assert "/transparency/figures.csv?from=2026-11-22&amp;to=2026-11-22" in seen


def test_without_a_period_the_last_calendar_year_is_offered(app: FastAPI, desk: Desk) -> None:
    seen = signed_in(app, desk, "supervisor").get("/transparency").text
    assert 'value="2025-01-01"' in seen
    assert 'value="2025-12-31"' in seen
    assert "<table>" not in seen  # computed when asked for


def test_a_period_that_is_none_is_told_on_the_page(app: FastAPI, desk: Desk) -> None:
    answer = signed_in(app, desk, "senior").get("/transparency?from=2026-02-01&to=2026-01-01")
    assert answer.status_code == 400
    assert "The period ends before it begins." in answer.text
    assert signed_in(app, desk, "senior").get("/transparency/figures.csv?from=x&to=y").status_code == 400


def test_files_are_taken_and_the_ledger_says_so(app: FastAPI, desk: Desk) -> None:
    client = signed_in(app, desk, "admin")
    as_json = client.get(f"/transparency/figures.json{TODAY}")
    as_csv = client.get(f"/transparency/figures.csv{TODAY}")
    assert 'filename="figures-2026-11-22-2026-11-22.csv"' in as_csv.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(as_csv.text)))
    figures = as_json.json()["figures"]
    assert [{name: str(value) for name, value in one.items()} for one in figures] == rows
    with desk.database.reading() as reader:
        assert [entry.verb for entry in entries(reader)][-2:] == ["figures.taken"] * 2


def test_a_programme_asks_for_them(app: FastAPI, desk: Desk) -> None:
    told = service(app, desk, "figures").get(f"/v1/figures{TODAY}").json()
    assert told["version"] == 1
    found = {(one["section"], one["measure"], one["what"]): one["number"] for one in told["figures"]}
    assert found["appeals", "answered", "user/overturned"] == 1
    assert service(app, desk, "items").get("/v1/figures").status_code == 403
    wrong = service(app, desk, "figures").get("/v1/figures?from=x")
    assert wrong.status_code == 400
    assert set(wrong.json()) == {"error", "detail", "help"}


def test_reviewers_do_not_publish(app: FastAPI, desk: Desk) -> None:
    assert signed_in(app, desk, "reviewer").get("/transparency").status_code == 403
