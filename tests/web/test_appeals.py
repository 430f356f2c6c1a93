"""The pages on which appeals are worked on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi import FastAPI
from tests.cases.appeals.conftest import WORDS, Court
from tests.cases.review.conftest import Room

from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.testing.desk import make_cluster, make_desk, make_media
from rempart.testing.desk_web import SignedIn, signed_in, web_app
from rempart.wiring.desk import Desk


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


@pytest.fixture
def desk(settings: Settings, database_url: str, room: Room) -> Iterator[Desk]:
    with make_desk(settings, database_url, clock=lambda: room.now) as made:
        yield made


@pytest.fixture
def court(room: Room, desk: Desk) -> Court:
    return Court(room, desk)


@pytest.fixture
def app(desk: Desk, court: Court) -> FastAPI:
    return web_app(desk)


@pytest.fixture
def senior(app: FastAPI, desk: Desk) -> SignedIn:
    return signed_in(app, desk, "senior")


def test_an_appeal_is_taken_and_answered_on_its_page(app: FastAPI, desk: Desk, court: Court, senior: SignedIn) -> None:
    case = court.decided()
    brought = court.bring_as_user(case)
    listed = senior.get("/appeals").text
    assert brought.number in listed
    assert "the user concerned" in listed
    here = f"/appeals/{brought.appeal}"
    seen = senior.get(here).text
    assert "it was only a purple dragon" in seen
    assert f"/cases/{case}/media/1/original" not in seen  # not before it is theirs
    assert senior.post(f"{here}/claim").headers["location"] == here
    seen = senior.get(here).text
    assert f"/cases/{case}/media/1/original" in seen
    assert 'value="appeal"' in seen
    answer = senior.post(f"{here}/answer", data={"outcome": "overturned", "code": "not-illegal", "words": WORDS})
    assert answer.status_code == 303
    court.work()
    seen = senior.get(here).text
    assert "overturned" in seen
    assert WORDS in seen
    assert court.room.row(case)["outcome"] == "not_illegal"
    assert f"/appeals/{brought.appeal}" in senior.get("/appeals").text


def test_an_answer_that_is_wrong_comes_back_with_every_word(court: Court, senior: SignedIn) -> None:
    court.decided()
    brought = court.bring()
    here = f"/appeals/{brought.appeal}"
    senior.post(f"{here}/claim")
    answer = senior.post(
        f"{here}/answer", data={"outcome": "upheld", "code": "not-illegal", "words": "A longer word that was typed."}
    )
    assert answer.status_code == 400
    assert "A longer word that was typed." in answer.text
    assert "A decision that is upheld keeps its code." in answer.text
    assert 'value="not-illegal" selected' in answer.text
    assert senior.post(f"{here}/answer", data={"outcome": "x" * 500}).status_code == 422
    assert senior.post(f"{here}/answer", data={"outcome": "upheld", "excepted": "x"}).status_code == 422


def test_members_can_be_left_as_they_are(court: Court, senior: SignedIn) -> None:
    ids: list[int] = court.room.make(make_cluster, court.organisation, 3)
    for one in ids:
        court.room.make(make_media, court.desk.fields, court.organisation, one)
    court.room.judge(court.room.ada, ids[0])
    court.work()
    brought = court.bring_as_user(ids[0])
    here = f"/appeals/{brought.appeal}"
    senior.post(f"{here}/claim")
    assert f"excepted-{ids[2]}" in senior.get(here).text
    form = {"outcome": "overturned", "code": "not-illegal", "words": WORDS, "excepted": [str(ids[2])]}
    assert senior.post(f"{here}/answer", data=form).status_code == 303
    assert [court.room.row(one)["outcome"] for one in ids] == ["not_illegal", "not_illegal", "illegal_baseline"]


def test_who_took_part_is_told_so_and_cannot_take_it(app: FastAPI, desk: Desk, court: Court) -> None:
    from sqlalchemy import text

    client = signed_in(app, desk, "supervisor")
    court.decided()
    brought = court.bring()
    with desk.database.writing() as writer:
        writer.run(text("UPDATE decision SET reviewer = :pid"), {"pid": client.person.pid})
    assert "You took part in this case" in client.get(f"/appeals/{brought.appeal}").text
    assert client.post(f"/appeals/{brought.appeal}/claim").status_code == 403


def test_clocks_are_told_in_words(app: FastAPI, desk: Desk, court: Court, senior: SignedIn) -> None:
    court.decided()
    brought = court.bring()
    court.room.now = brought.due_at - timedelta(hours=5)
    fresh = signed_in(app, desk, "senior")
    assert "due soon" in fresh.get("/appeals").text
    assert "1 due soon" in fresh.get("/overview").text
    court.room.now = brought.due_at
    fresh = signed_in(app, desk, "senior")
    assert "overdue" in fresh.get(f"/appeals/{brought.appeal}").text
    assert "1 late" in fresh.get("/overview").text


def test_appeals_whose_clock_ends_stand_in_the_due_lane_of_who_decides_them(
    app: FastAPI, desk: Desk, court: Court
) -> None:
    case = court.decided()
    brought = court.bring()
    court.room.now = brought.due_at - timedelta(hours=1)
    assert "Appeals to answer: 1" in signed_in(app, desk, "senior").get("/queue").text
    assert "/appeals" not in signed_in(app, desk, "reviewer").get("/queue").text
    court.room.now = brought.due_at
    client = signed_in(app, desk, "supervisor")
    assert "Appeals without an answer: 1" in client.get("/queue").text
    assert f"/appeals?case={case}" in client.get(f"/cases/{case}").text
    court.settle(brought, "upheld")
    client = signed_in(app, desk, "supervisor")
    assert "Appeals without an answer" not in client.get("/queue").text
    assert "overdue" not in client.get(f"/cases/{case}").text


def test_a_body_outside_is_recorded_on_the_page(court: Court, senior: SignedIn) -> None:
    court.decided()
    brought = court.bring()
    here = f"/appeals/{brought.appeal}"
    assert senior.post(f"{here}/external", data={"body": "Dragon Board"}).status_code == 409
    court.settle(brought, "upheld")
    assert senior.post(f"{here}/external", data={"body": "Dragon Board", "reference": "7/26"}).status_code == 303
    assert "Dragon Board" in senior.get(here).text
    ended = senior.post(f"{here}/external/1", data={"outcome": "confirmed", "words": WORDS})
    assert ended.status_code == 303
    assert "the body confirmed our decision" in senior.get(here).text
    assert senior.post(f"{here}/external/99", data={"outcome": "confirmed", "words": WORDS}).status_code == 404


def test_a_code_for_the_user_is_shown_once(court: Court, senior: SignedIn) -> None:
    case = court.decided()
    assert "Make a code" in senior.get(f"/appeals/code?case={case}").text
    made = senior.post("/appeals/code", data={"case": str(case)})
    assert "U-" in made.text
    assert senior.post("/appeals/code", data={"case": "99"}).status_code == 404
    assert senior.post("/appeals/code", data={"case": "x"}).status_code == 422


def test_appeals_of_one_case_are_listed(court: Court, senior: SignedIn) -> None:
    case = court.decided()
    brought = court.bring()
    court.decided(number="N-0000-0000-0002", seed=2)
    other = court.bring("N-0000-0000-0002")
    seen = senior.get(f"/appeals?case={case}").text
    assert brought.number in seen
    assert other.number not in seen


@pytest.mark.parametrize("role", ["reviewer", "auditor", "admin"])
def test_others_do_not_see_appeals(app: FastAPI, desk: Desk, court: Court, role: str) -> None:
    court.decided()
    brought = court.bring()
    client = signed_in(app, desk, role)  # type: ignore[arg-type]
    assert client.get("/appeals").status_code == 403
    assert client.get(f"/appeals/{brought.appeal}").status_code == 403


def test_an_appeal_that_is_none_is_not_found(senior: SignedIn) -> None:
    for path in ("/appeals/99", "/appeals/99/claim", "/appeals/99/release", "/appeals/99/external"):
        method = senior.get if path == "/appeals/99" else senior.post
        assert method(path).status_code == 404
    assert senior.get("/appeals/0").status_code == 422


def test_the_page_speaks_french(app: FastAPI, desk: Desk, court: Court) -> None:
    from rempart.testing.desk_web import make_person

    court.decided()
    brought = court.bring(language="fr")
    client = signed_in(app, desk, "senior", person=make_person(desk, "senior", language="fr"))
    client.post(f"/appeals/{brought.appeal}/claim")
    seen = client.get(f"/appeals/{brought.appeal}").text
    assert "Répondre au recours" in seen
    assert 'lang="fr"' in seen
