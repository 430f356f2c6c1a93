"""The pages of requests for erasure."""

from fastapi import FastAPI

from rempart.testing.desk import make_case
from rempart.testing.desk_web import signed_in
from rempart.wiring.desk import Desk

FORM = {"words": "A dragon asks", "language": "fr", "received_at": "2026-11-21T08:00"}


def test_a_request_is_registered_looked_at_and_answered(app: FastAPI, desk: Desk) -> None:
    senior = signed_in(app, desk, "senior")
    with desk.database.writing() as writer:
        case = make_case(writer, 1)
    assert "No request waits." in senior.get("/erasures").text
    made = senior.post("/erasures", data=FORM)
    assert made.status_code == 303
    path = made.headers["location"]
    number = path.rsplit("/", 1)[1]
    assert "2026-12-21" in senior.get("/due").text
    assert "nothing of it is kept" in senior.get(f"{path}?cases={case}").text
    assert senior.get(f"{path}?cases=x").status_code == 400
    assert senior.get(f"{path}?cases=999").status_code == 400
    wrong = senior.post(f"{path}/answer", data={"cases": str(case), "confirm": "no"})
    assert wrong.status_code == 400
    senior.post(f"{path}/answer", data={"cases": str(case), "confirm": number})
    assert "plus rien" in senior.get(path).text
    assert "2026-12-21" not in senior.get("/due").text
    assert signed_in(app, desk, "reviewer").get("/erasures").status_code == 403


def test_what_makes_no_sense_comes_back_with_every_word(app: FastAPI, desk: Desk) -> None:
    senior = signed_in(app, desk, "senior")
    for changes in ({"received_at": ""}, {"language": "xx"}, {"received_at": "2030-01-01T00:00"}):
        answer = senior.post("/erasures", data=FORM | changes)
        assert answer.status_code == 400
        assert "A dragon asks" in answer.text
    assert senior.get("/erasures/E-0000-0000-0000").status_code == 404
