"""The calendar of what is due, and the page of each clock."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from rempart.cases.clocks import clocks
from rempart.cases.orders import register
from rempart.facts.people import operator
from rempart.testing.desk import NOW, make_actor, make_case
from rempart.testing.desk_orders import make_order
from rempart.testing.desk_web import SignedIn, signed_in
from rempart.wiring.desk import Desk

QUESTION = {"rule": "uk.question", "about": "report:7", "at": "2026-11-21T08:00", "case": ""}


@pytest.fixture
def senior(app: FastAPI, desk: Desk) -> SignedIn:
    return signed_in(app, desk, "senior")


def test_nothing_due_is_said(senior: SignedIn) -> None:
    assert "No clock runs." in senior.get("/due").text


def test_a_senior_starts_a_clock_and_ends_it(senior: SignedIn) -> None:
    made = senior.post("/due/start", data=QUESTION, follow_redirects=False)
    assert made.status_code == 303
    page = senior.get("/due").text
    assert "2026-11-28" in page
    assert "SI 2026/268" in page
    path = made.headers["location"]
    assert f'href="{path}"' in page
    assert "runs again" not in senior.get(path).text
    assert senior.post(f"{path}/end", data={"how": ""}).status_code == 400
    senior.post(f"{path}/end", data={"how": "answered"})
    assert "answered" in senior.get(path).text
    assert "2026-11-28" not in senior.get("/due").text


@pytest.mark.parametrize(
    "changes", [{"at": ""}, {"about": ""}, {"rule": "us.2258a.h"}, {"case": "x"}, {"at": "2030-01-01T00:00"}]
)
def test_what_makes_no_sense_comes_back_with_every_word(senior: SignedIn, changes: dict[str, str]) -> None:
    answer = senior.post("/due/start", data=QUESTION | changes)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    if "about" not in changes:
        assert 'value="report:7"' in answer.text


def test_what_is_late_comes_first_and_each_role_gets_links_that_it_may_follow(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        sam = make_actor(1, "R-SAM", "senior")
        order = register.add(writer, desk.intake, sam, make_order(received_at=NOW - timedelta(hours=23)), NOW).order
        case = make_case(writer, 1)
        clocks.start(writer, operator(1), "uk.question", "report:7", NOW - timedelta(days=8), NOW, case_id=case)
    for role, language in (("auditor", "en"), ("reviewer", "fr")):
        person = signed_in(app, desk, role)
        if language == "fr":
            person.post("/language", data={"language": "fr", "next": "/due"})
        page = person.get("/due").text
        assert page.index('id="late"') < page.index("report:7") < page.index(order.number)
        assert f'href="/orders/{order.number}"' in page
        assert "/due/start" not in page
        assert ("En retard" in page) == (language == "fr")
        clock = person.get("/due/1").text
        assert (f'href="/cases/{case}"' in clock) == (role == "reviewer")
    assert "report:7" not in person.get("/due?jurisdiction=FR").text
    assert order.number in person.get("/due?jurisdiction=FR").text


def test_a_clock_that_is_not_there_is_not_found(senior: SignedIn) -> None:
    assert senior.get("/due/77").status_code == 404
    assert senior.get(f"/due/{2**63}").status_code in (404, 422)
    assert senior.post("/due/77/end", data={"how": "x"}).status_code == 404
