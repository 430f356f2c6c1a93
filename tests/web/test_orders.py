"""`/v1/orders` and the register's pages."""

import json
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rempart.people import queries as people
from rempart.testing.desk import NOW, Hands
from rempart.testing.desk_web import SignedIn, TestClient, browser, service, signed_in
from rempart.wiring.desk import Desk

SENT: dict[str, Any] = {
    "kind": "fr_removal",
    "authority": "OFAC",
    "reference": "2026-117",
    "legal_basis": "LCEN 6-1",
    "received_at": "2026-11-22T08:00:00Z",
    "category": "abuse_material",
    "urls": ["https://dragon.example/purple"],
}
FORM = SENT | {"received_at": "2026-11-22T08:00", "urls": "https://dragon.example/purple\n", "language": "fr"}


@pytest.fixture
def gateway(app: FastAPI, desk: Desk) -> TestClient:
    return service(app, desk, "orders")


@pytest.fixture
def senior(app: FastAPI, desk: Desk) -> SignedIn:
    return signed_in(app, desk, "senior")


def post(client: TestClient, path: str, **data: str) -> Any:
    return client.post(path, data=data)


def test_a_programme_brings_an_order_and_follows_its_clock(gateway: TestClient) -> None:
    body = gateway.post("/v1/orders", json=SENT).json()
    assert (body["state"], body["due_at"], body["authenticated"]) == ("received", "2026-11-23T08:00:00Z", False)
    assert gateway.get(f"/v1/orders/{body['order']}").json()["due_at"] == body["due_at"]
    assert [one["order"] for one in gateway.get("/v1/orders").json()["orders"]] == [body["order"]]
    assert "dragon" not in gateway.get("/v1/orders").text


def test_the_same_order_again_is_answered_as_before(gateway: TestClient) -> None:
    first, again = (gateway.post("/v1/orders", json=SENT).json() for _ in range(2))
    assert (first["again"], again["again"]) == (False, True)
    assert first["order"] == again["order"]
    assert gateway.post("/v1/orders", json=SENT | {"urls": ["https://dragon.example/green"]}).status_code == 409


@pytest.mark.parametrize(
    "changes",
    [
        {"received_at": ""},
        {"received_at": "2026-11-22T08:00:00"},
        {"received_at": "yesterday"},
        {"received_at": "2026-11-22T08:00:00+99:00"},
        {"kind": "x"},
        {"urls": ["javascript:alert(1)"]},
        {"urls": []},
        {"reasons": "\ud800"},
    ],
)
def test_an_order_that_cannot_be_understood_is_refused_in_the_one_shape(
    gateway: TestClient, changes: dict[str, Any]
) -> None:
    headers = {"Content-Type": "application/json"}
    answer = gateway.post("/v1/orders", content=json.dumps(SENT | changes), headers=headers)
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"error", "detail", "help"}
    assert gateway.get("/v1/orders").json()["orders"] == []


@pytest.mark.parametrize("missing", ["kind", "authority", "reference", "legal_basis", "received_at", "category"])
def test_nothing_that_the_law_hangs_on_is_filled_in(gateway: TestClient, missing: str) -> None:
    assert gateway.post("/v1/orders", json={k: v for k, v in SENT.items() if k != missing}).status_code == 422
    assert gateway.post("/v1/orders", json=SENT | {"authentication": "portal"}).status_code == 422


@hypothesis_settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.dictionaries(
        st.sampled_from([*SENT, "accounts", "territory", "due_at", "user_wait_until", "reasons"]),
        st.none() | st.text(max_size=60) | st.integers() | st.lists(st.text(max_size=30), max_size=3),
        max_size=4,
    )
)
def test_whatever_is_sent_is_answered_and_never_breaks(gateway: TestClient, changes: dict[str, Any]) -> None:
    answer = gateway.post("/v1/orders", json=SENT | changes)
    assert answer.status_code in (200, 400, 409, 422)


def test_organisations_and_scopes_are_separate(desk: Desk, app: FastAPI, gateway: TestClient) -> None:
    number = gateway.post("/v1/orders", json=SENT).json()["order"]
    with desk.database.writing() as writer:
        other = people.add_organisation(writer, "other", "Other", desk.clock())
    stranger = service(app, desk, "orders", organisation=other)
    assert stranger.get(f"/v1/orders/{number}").status_code == 404
    assert stranger.get("/v1/orders").json()["orders"] == []
    assert service(app, desk, "items").post("/v1/orders", json=SENT).status_code == 403
    assert browser(app).post("/v1/orders", json=SENT).status_code == 401
    assert signed_in(app, desk, "supervisor", other).get(f"/orders/{number}").status_code == 404


def test_a_senior_takes_an_order_from_receipt_to_effect_in_the_console(desk: Desk, senior: SignedIn) -> None:
    where = post(senior, "/orders/new", **FORM).headers["location"]
    assert "2026-11-23 08:00" in senior.get(where).text
    assert post(senior, f"{where}/executed", effect="removed", at="2026-11-22T08:30").status_code == 400
    assert post(senior, f"{where}/authenticate", method="", note="").status_code == 400
    assert post(senior, f"{where}/authenticate", method="call_back", note="desk").status_code == 303
    assert post(senior, f"{where}/executed", effect="removed", at="").status_code == 400
    assert post(senior, f"{where}/executed", effect="removed", at="2026-11-22T08:30").status_code == 303
    assert post(senior, f"{where}/user-told", at="2026-11-22T08:40").status_code == 303
    shown = senior.get(where).text
    assert "carried out" in shown
    assert senior.person.pid in shown
    register = senior.get("/orders").text
    assert "No order waits." in register
    assert where.rpartition("/")[2] in register


def test_what_is_late_is_said_to_be_late(desk: Desk, app: FastAPI, senior: SignedIn) -> None:
    post(senior, "/orders/new", **(FORM | {"kind": "tco_removal"}))
    assert isinstance(desk.clock, Hands)
    desk.clock.now = NOW + timedelta(hours=2)
    assert "2 h 00 min late" in signed_in(app, desk, "auditor").get("/orders").text


def test_a_contested_and_an_impossible_order_say_so(senior: SignedIn) -> None:
    where = post(senior, "/orders/new", **FORM).headers["location"]
    assert post(senior, f"{where}/challenge", text="brought to the court").status_code == 303
    assert "contested" in senior.get(where).text
    assert post(senior, f"{where}/impossible", reason="not_ours", text="hosted elsewhere").status_code == 303
    assert "it is not hosted here: hosted elsewhere" in senior.get(where).text
    assert post(senior, f"{where}/resume", at="2026-11-22T09:00").status_code == 303
    assert "Clock runs" in senior.get("/orders").text


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(senior: SignedIn) -> None:
    answer = post(senior, "/orders/new", **(FORM | {"received_at": ""}))
    assert answer.status_code == 400
    assert 'value="2026-117"' in answer.text
    assert 'role="alert"' in answer.text


def test_an_auditor_reads_the_register_and_no_content(app: FastAPI, desk: Desk, senior: SignedIn) -> None:
    where = post(senior, "/orders/new", **FORM).headers["location"]
    auditor = signed_in(app, desk, "auditor")
    shown = auditor.get(where)
    assert shown.status_code == 200
    assert "dragon.example" not in shown.text
    assert "dragon.example" in signed_in(app, desk, "reviewer").get(where).text
    for role in ("auditor", "reviewer"):
        assert post(signed_in(app, desk, role), f"{where}/challenge", text="no").status_code == 403
    assert signed_in(app, desk, "admin").get("/orders").status_code == 403


def test_pages_lead_through_all_orders(senior: SignedIn) -> None:
    for number in range(52):
        post(senior, "/orders/new", **(FORM | {"reference": f"R-{number}"}))
    first = senior.get("/orders").text
    assert first.count("<tr>") == 51
    mark = first.split("/orders?after=")[1].split('"')[0]
    assert senior.get(f"/orders?after={mark}").text.count("<tr>") == 3
    assert senior.get("/orders?after=purple").status_code == 400


def test_the_history_of_the_case_says_when_its_clock_stopped(desk: Desk, senior: SignedIn) -> None:
    where = post(senior, "/orders/new", **FORM).headers["location"]
    post(senior, f"{where}/impossible", reason="not_ours", text="hosted elsewhere")
    assert "no clock runs any more" in senior.get("/cases/1").text
    post(senior, f"{where}/resume", at="2026-11-22T09:00")
    assert "its clocks changed: 2026-11-23T09:00:00Z" in senior.get("/cases/1").text
