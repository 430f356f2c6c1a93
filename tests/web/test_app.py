"""The frame of every page."""

from fastapi import FastAPI

from rempart.testing.desk_web import browser, signed_in
from rempart.wiring.desk import Desk


def test_the_front_page_is_open_to_anybody(app: FastAPI) -> None:
    answer = browser(app).get("/")
    assert answer.status_code == 200
    assert "Content-Security-Policy" in answer.headers


def test_somebody_signed_in_sees_the_front_page(app: FastAPI, desk: Desk) -> None:
    assert signed_in(app, desk, "admin").get("/").status_code == 200


def test_an_unknown_address_is_told_in_the_one_shape(app: FastAPI) -> None:
    answer = browser(app).get("/nowhere")
    assert answer.status_code == 404
    assert set(answer.json()) == {"error", "detail", "help"}
    assert browser(app).get("/nowhere", headers={"Accept": "text/html"}).status_code == 404
    assert browser(app).post("/").status_code == 405
