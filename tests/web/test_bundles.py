"""`/v1/bundles`: kept at once, imported behind the answer, followed by who sent it and nobody else."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from rempart.people import queries as people
from rempart.settings import Settings
from rempart.storage import outbox
from rempart.testing.desk_bundles import many_rows, ndjson, vics, vics_media
from rempart.testing.desk_intake import intake_desk
from rempart.testing.desk_web import TestClient, browser, service, web_app
from rempart.wiring.desk import Desk
from rempart.worker.performing import perform_due

CONTENT = ndjson(many_rows(60))


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    with intake_desk(settings, database_url) as made:
        yield made


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return web_app(desk)


@pytest.fixture
def partner(app: FastAPI, desk: Desk) -> TestClient:
    return service(app, desk, "bundles")


def send(client: TestClient, content: bytes = CONTENT, key: str | None = None, **fields: str) -> Any:
    data = {"partner": "hotline", "format": "ndjson"} | fields
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/v1/bundles", files={"file": ("rows.ndjson", content)}, data=data, headers=headers)


def test_a_bundle_is_accepted_at_once_and_imported_behind(desk: Desk, partner: TestClient) -> None:
    answer = send(partner)
    body = answer.json()
    assert (answer.status_code, body["state"], body["rows"]) == (202, "received", 0)
    assert perform_due(desk) == 1
    done = partner.get(f"/v1/bundles/{body['bundle']}").json()
    assert (done["state"], done["rows"]) == ("done", 60)
    assert done["accepted"] + done["duplicate"] + sum(done["refused"].values()) == 60
    assert [one["position"] for one in done["refused_rows"]] == [20, 40, 60]
    assert "dragon" not in str(done)
    with desk.database.reading() as reader:
        assert outbox.counts(reader)["done"] == 1


def test_refused_rows_come_page_by_page(desk: Desk, partner: TestClient) -> None:
    number = send(partner).json()["bundle"]
    perform_due(desk)
    seen, after = [], 0
    while after is not None:
        body = partner.get(f"/v1/bundles/{number}", params={"after": after, "limit": 1}).json()
        seen += [one["position"] for one in body["refused_rows"]]
        after = body["after"]
    assert seen == [20, 40, 60]


def test_the_same_request_again_is_one_bundle_and_another_file_a_conflict(desk: Desk, partner: TestClient) -> None:
    first, again = send(partner, key="k-1").json(), send(partner, key="k-1").json()
    assert first["bundle"] == again["bundle"]
    assert send(partner, b"{}\n", key="k-1").status_code == 409
    assert perform_due(desk) == 1
    assert len(partner.get("/v1/bundles").json()["bundles"]) == 1


def test_the_original_is_sealed_and_nothing_lies_in_the_clear(desk: Desk, partner: TestClient) -> None:
    send(partner, ndjson([{"id": "dragon-in-the-clear", "account": "dragon-7"}]))
    files = [path.read_bytes() for path in desk.settings.data_folder.rglob("*") if path.is_file()]
    assert files
    assert not any(b"dragon-in-the-clear" in content for content in files)


def test_a_vics_bundle_names_its_profile(desk: Desk, partner: TestClient) -> None:
    content = vics([vics_media(b"a")])
    assert send(partner, content, format="vics").status_code == 400
    assert send(partner, content, format="vics", profile="us").status_code == 202
    assert perform_due(desk) == 1


def test_a_bundle_that_cannot_be_read_is_broken_and_the_worker_goes_on(desk: Desk, partner: TestClient) -> None:
    number = send(partner, b"purple;dragon\n", format="csv").json()["bundle"]
    perform_due(desk)
    body = partner.get(f"/v1/bundles/{number}").json()
    assert (body["state"], body["rows"]) == ("broken", 0)
    assert "purple" not in body["problem"]
    with desk.database.reading() as reader:
        assert outbox.counts(reader) == {"done": 1}


@pytest.mark.parametrize(
    "fields", [{"partner": ""}, {"partner": "A B"}, {"format": "xml"}, {"format": ""}, {"profile": "us"}]
)
def test_what_makes_no_sense_is_refused_in_the_one_shape(partner: TestClient, fields: dict[str, str]) -> None:
    answer = send(partner, **fields)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "detail", "help"}
    assert partner.get("/v1/bundles").json()["bundles"] == []


def test_a_request_without_a_file_or_of_another_type_is_refused(partner: TestClient) -> None:
    assert partner.post("/v1/bundles", data={"partner": "a", "format": "csv"}).status_code == 400
    assert partner.post("/v1/bundles", json={}).status_code == 400
    assert partner.get("/v1/bundles/B-0000-0000-0000").status_code == 404


def test_senders_organisations_and_scopes_are_separate(desk: Desk, app: FastAPI, partner: TestClient) -> None:
    number = send(partner).json()["bundle"]
    assert service(app, desk, "bundles").get(f"/v1/bundles/{number}").status_code == 404
    with desk.database.writing() as writer:
        other = people.add_organisation(writer, "other", "Other", desk.clock())
    assert service(app, desk, "bundles", organisation=other).get(f"/v1/bundles/{number}").status_code == 404
    assert service(app, desk, "items").get("/v1/bundles").status_code == 403
    assert browser(app).get("/v1/bundles").status_code == 401
