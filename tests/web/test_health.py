"""What watches the desk is told how it is, and never what is on it."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine

from rempart.migrations.schema import METADATA
from rempart.storage import duties, outbox, workers
from rempart.testing.desk import make_case, make_media
from rempart.testing.desk_web import browser, service, signed_in
from rempart.web.pages import health
from rempart.wiring.desk import Desk
from rempart.wiring.logs import start_logging


def looked(app: FastAPI) -> tuple[int, dict[str, Any]]:
    app.state.health = health.Health()  # a fresh look
    answer = browser(app).get("/healthz")
    return answer.status_code, answer.json()


def check(app: FastAPI, name: str) -> dict[str, str]:
    _, body = looked(app)
    found: dict[str, str] = next(one for one in body["checks"] if one["name"] == name)
    return found


def test_anybody_may_ask_and_a_missing_worker_or_list_is_no_outage(app: FastAPI) -> None:
    status, body = looked(app)
    assert (status, body["version"], body["status"]) == (200, 1, "degraded")
    assert [one["name"] for one in body["checks"]] == list(health.CHECKS)
    assert all(one["help"] for one in body["checks"] if one["status"] != "ok")
    assert check(app, "lists")["detail"] == "there is no hash list"
    assert check(app, "worker")["help"].startswith("start `rempart worker`")
    assert check(app, "database")["status"] == "ok"


def test_a_worker_that_is_heard_of_is_at_work_until_it_falls_silent(desk: Desk, app: FastAPI) -> None:
    with desk.database.writing() as writer:
        workers.beat(writer, "w", desk.clock())
    assert check(app, "worker")["status"] == "ok"
    with desk.database.writing() as writer:
        workers.beat(writer, "w", desk.clock() - timedelta(minutes=1))
    assert check(app, "worker")["status"] == "degraded"


def test_effects_that_wait_too_long_or_failed_are_told(desk: Desk, app: FastAPI) -> None:
    assert check(app, "outbox")["status"] == check(app, "effects")["status"] == "ok"
    with desk.database.writing() as writer:
        made = outbox.put(writer, 1, "x", {}, about="x", key="x", now=desk.clock() - timedelta(hours=1))
    assert check(app, "outbox")["detail"] == "effects wait too long"
    with desk.database.writing() as writer:
        begun = outbox.relay(writer, made, desk.clock())
        assert begun is not None
        outbox.fail(writer, begun, "no dragon", desk.clock())
    assert check(app, "effects")["help"] == "run `rempart worker failed`"


def test_a_failed_duty_is_told(desk: Desk, app: FastAPI) -> None:
    with desk.database.writing() as writer:
        duties.take(writer, "sweep", desk.clock(), 60)
        duties.note(writer, "sweep", desk.clock(), "no broom")
    found = check(app, "duties")
    assert found["status"] == "degraded"
    assert "broom" not in json.dumps(found)


def test_a_dead_database_is_down(desk: Desk, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked(app)[0] == 200
    desk.database.close()
    monkeypatch.setattr(desk.database, "engine", create_engine("sqlite:////no/such/folder/desk.sqlite3"))
    status, body = looked(app)
    assert (status, body["status"]) == (503, "down")


def test_a_full_disk_is_down_and_a_small_one_degraded(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "DISK_LOW_BYTES", 2**62)
    assert check(app, "disk")["status"] == "degraded"
    monkeypatch.setattr(health, "DISK_FULL_BYTES", 2**62)
    assert looked(app)[0] == 503


def test_one_look_serves_all_who_ask_at_once(desk: Desk, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setitem(
        health.CHECKS, "disk", (lambda desk: looks.append(1) or health.Check("disk", "ok", ""), "down", 60)
    )
    app.state.health = health.Health()
    for _ in range(5):
        browser(app).get("/healthz")
    assert len(looks) == 1


def test_figures_are_for_services_and_for_who_oversees(desk: Desk, app: FastAPI) -> None:
    assert browser(app).get("/metrics").status_code == 401
    assert service(app, desk, "items").get("/metrics").status_code == 403
    assert signed_in(app, desk, "reviewer").get("/metrics").status_code == 403
    assert signed_in(app, desk, "auditor").get("/metrics").status_code == 200
    assert service(app, desk, "figures").get("/metrics").status_code == 200


def test_figures_count_what_stands_on_the_desk(desk: Desk, app: FastAPI) -> None:
    with desk.database.writing() as writer:
        case = make_case(writer, 1, tier=0)
        make_case(writer, 1, tier=2, assignee="R-ADA", lane="tier", lease_until=desk.clock())
        outbox.put(writer, 1, "x", {}, about="x", key="x", now=desk.clock())
        media = make_media(writer, desk.fields, 1, case)
        row = {"organisation": 1, "case_id": case, "media_id": media.id, "at": desk.clock()}
        writer.insert(METADATA.tables["reveal"], **row, person="R-ADA", level="preview", purpose="classify")
    text = service(app, desk, "figures").get("/metrics").text
    assert 'rempart_open_cases{tier="0"} 1.0' in text
    assert 'rempart_open_cases{tier="2"} 1.0' in text
    assert 'rempart_open_cases{tier="5"} 0.0' in text
    assert "rempart_leases 1.0" in text
    assert 'rempart_reveals{level="preview"} 1.0' in text
    assert 'rempart_effects{state="pending"} 1.0' in text
    assert "rempart_worker_silent_seconds -1.0" in text
    assert "R-ADA" not in text


def test_figures_count_requests_by_the_template_of_their_route(desk: Desk, app: FastAPI) -> None:
    browser(app).get("/healthz?purple=dragon")
    browser(app).get("/no/such/purple-dragon")
    text = service(app, desk, "figures").get("/metrics").text
    assert 'rempart_requests_total{method="GET",route="/healthz",status="200"}' in text
    assert 'route="-",status="404"' in text
    assert "dragon" not in text


@pytest.fixture
def lines() -> io.StringIO:
    """What is logged."""
    stream = io.StringIO()
    start_logging(stream)
    return stream


def test_a_request_is_one_line_without_anything_that_was_sent(desk: Desk, app: FastAPI, lines: io.StringIO) -> None:
    word = "purpledragon"
    client = browser(app)
    client.get(f"/healthz?q={word}", headers={"User-Agent": word, "Cookie": f"a={word}"})
    client.get(f"/{word}")
    client.post(f"/{word}/{word}", data={word: word}, files={"file": (word, word.encode())})
    client.post("/healthz", json={word: word})
    client.request(word.upper(), "/healthz")
    logged = lines.getvalue()
    assert word not in logged.lower()
    first = json.loads(logged.splitlines()[0])
    assert (first["event"], first["route"], first["status"], first["organisation"]) == ("request", "/healthz", 200, 1)
    assert first["ms"] >= 0
    assert "testclient" not in logged


def test_the_number_of_a_request_is_told_to_who_asked(app: FastAPI, lines: io.StringIO) -> None:
    number = browser(app).get("/healthz").headers["X-Request-Id"]
    assert json.loads(lines.getvalue().splitlines()[0])["request"] == number


def test_what_breaks_is_logged_by_type_and_place_only(
    desk: Desk, app: FastAPI, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object) -> None:
        raise ValueError("purple dragon")

    monkeypatch.setattr(health.metrics, "exposition", explode)
    assert service(app, desk, "figures").get("/metrics").status_code == 500
    logged = [json.loads(line) for line in lines.getvalue().splitlines()]
    broken = next(line for line in logged if line["event"] == "request.broken")
    assert (broken["type"], broken["level"]) == ("ValueError", "error")
    assert "explode" in broken["raised_at"]
    assert "dragon" not in lines.getvalue()


def test_what_libraries_say_is_not_repeated(lines: io.StringIO) -> None:
    import logging

    try:
        raise OSError("purple")
    except OSError:
        logging.getLogger("uvicorn.error").exception("a dragon at %s", "https://dragon.example")
    (line,) = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (line["library"], line["type"]) == ("uvicorn.error", "OSError")
    assert "dragon" not in lines.getvalue()
    assert "purple" not in lines.getvalue()
