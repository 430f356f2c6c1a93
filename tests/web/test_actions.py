"""`/v1/actions`: a host fetches what it is to carry out, and says what became of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rempart.audit.queries import story
from rempart.cases.intake.opening import add_places
from rempart.cases.intake.urls import normalise
from rempart.cases.review import acting, claim, decide
from rempart.facts.people import Actor
from rempart.people import queries as people
from rempart.settings import Settings
from rempart.testing.desk import Hands, make_actor
from rempart.testing.desk_intake import intake_desk
from rempart.testing.desk_web import TestClient, browser, service, web_app
from rempart.wiring.desk import Desk
from rempart.worker.performing import perform_due

KNOWN = b"purple dragon"


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    with intake_desk(settings, database_url, known=[KNOWN]) as made:
        yield made


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return web_app(desk)


@pytest.fixture
def host(app: FastAPI, desk: Desk) -> TestClient:
    return service(app, desk, "items", "actions")


def judged(desk: Desk, host: TestClient, key: str = "upload-7", code: str = "baseline") -> tuple[str, int]:
    """(number, case) of an item that matched, was decided by two people, and whose time for undoing has passed."""
    headers = {"Idempotency-Key": key}
    body = host.post("/v1/items", files={"file": ("d.png", KNOWN)}, headers=headers).json()
    for pid in ("R-ADA", "R-BOB"):
        _decide(desk, make_actor(1, pid), body["case"], code)
    clock = desk.clock
    assert isinstance(clock, Hands)
    clock.now += timedelta(seconds=desk.settings.desk.undo_seconds + 1)
    perform_due(desk)
    return body["item"], body["case"]


def _decide(desk: Desk, actor: Actor, case_id: int, code: str) -> None:
    clock = desk.clock
    assert isinstance(clock, Hands)
    with desk.database.writing() as writer:
        claim.claim(writer, actor, case_id, lease_minutes=10, now=desk.clock())
        decide.decide(
            writer,
            actor,
            case_id,
            decide.Judgement(code),
            taxonomy=desk.taxonomy,
            second_review="illegal",
            undo_seconds=desk.settings.desk.undo_seconds,
            now=desk.clock(),
        )
    clock.now += timedelta(seconds=desk.settings.desk.undo_seconds + 1)


def test_a_host_fetches_what_it_is_to_do_with_its_own_name_for_the_item(desk: Desk, host: TestClient) -> None:
    number, case = judged(desk, host)
    with desk.database.writing() as writer:
        add_places(writer, desk.fields, make_actor(1), case, [normalise("https://host.example/d.png")], desk.clock())
    body = host.get("/v1/actions").json()
    (action,) = body["actions"]
    assert (action["kind"], action["state"], action["case"]) == ("remove_local", "queued", case)
    assert action["items"] == [{"number": number, "reference": "upload-7"}]
    assert action["urls"] == ["https://host.example/d.png"]
    assert action["outcome"] == "illegal_baseline"
    assert "dragons" not in host.get("/v1/actions").text


def test_what_the_host_answers_is_kept_and_leaves_the_queue(desk: Desk, host: TestClient) -> None:
    _, case = judged(desk, host)
    (action,) = host.get("/v1/actions").json()["actions"]
    done = host.post(f"/v1/actions/{action['id']}", json={"state": "fulfilled"})
    assert (done.status_code, done.json()["state"]) == (200, "fulfilled")
    assert host.get("/v1/actions").json() == {"version": 1, "actions": [], "after": None}
    assert len(host.get("/v1/actions?state=fulfilled").json()["actions"]) == 1
    with desk.database.reading() as reader:
        verbs = [entry.verb for entry in story(reader, 1, "case", case)]
    assert verbs.count("case.action_fulfilled") == 1


def test_saying_it_again_changes_nothing_and_saying_otherwise_is_a_conflict(desk: Desk, host: TestClient) -> None:
    judged(desk, host)
    (action,) = host.get("/v1/actions").json()["actions"]
    path = f"/v1/actions/{action['id']}"
    first, again = (host.post(path, json={"state": "fulfilled"}) for _ in range(2))
    assert first.json() == again.json()
    assert host.post(path, json={"state": "refused", "note": "no such file"}).status_code == 409


def test_a_refusal_says_why(desk: Desk, host: TestClient) -> None:
    judged(desk, host)
    (action,) = host.get("/v1/actions").json()["actions"]
    path = f"/v1/actions/{action['id']}"
    assert host.post(path, json={"state": "refused"}).status_code == 400
    assert host.post(path, json={"state": "refused", "note": "gone already"}).json()["note"] == "gone already"


def test_pages_lead_through_all_of_a_round(desk: Desk, host: TestClient) -> None:
    for number in range(3):
        judged(desk, host, f"upload-{number}")
    seen, after = [], 0
    while after is not None:
        body = host.get("/v1/actions", params={"after": after, "limit": 1}).json()
        seen += [one["id"] for one in body["actions"]]
        after = body["after"]
    assert len(seen) == 3
    assert seen == sorted(seen)


def test_an_action_approved_late_comes_with_the_next_round(desk: Desk, host: TestClient) -> None:
    judged(desk, host)
    for one in host.get("/v1/actions").json()["actions"]:
        host.post(f"/v1/actions/{one['id']}", json={"state": "fulfilled"})
    (drafted, *_) = [
        one for one in host.get("/v1/actions?state=drafted").json()["actions"] if one["kind"] == "statement_of_reasons"
    ]
    with desk.database.writing() as writer:
        acting.approve(writer, make_actor(1, "R-SAM", "senior"), drafted["id"], desk.clock())
    assert [one["id"] for one in host.get("/v1/actions").json()["actions"]] == [drafted["id"]]


def test_another_organisation_sees_and_answers_nothing(desk: Desk, app: FastAPI, host: TestClient) -> None:
    judged(desk, host)
    (action,) = host.get("/v1/actions").json()["actions"]
    with desk.database.writing() as writer:
        other = people.add_organisation(writer, "other", "Other", desk.clock())
    stranger = service(app, desk, "actions", organisation=other)
    assert stranger.get("/v1/actions").json()["actions"] == []
    assert stranger.post(f"/v1/actions/{action['id']}", json={"state": "fulfilled"}).status_code == 404


def test_only_a_token_with_the_scope_may_ask(desk: Desk, app: FastAPI) -> None:
    assert browser(app).get("/v1/actions").status_code == 401
    assert service(app, desk, "items").get("/v1/actions").status_code == 403


@pytest.mark.parametrize(
    "query",
    ["state=lost", "after=-1", "after=x", "limit=0", "limit=201", f"after={2**70}", "state=queued&after=" + "9" * 400],
)
def test_a_question_that_makes_no_sense_is_refused_in_the_one_shape(host: TestClient, query: str) -> None:
    answer = host.get(f"/v1/actions?{query}")
    assert answer.status_code == 422
    assert set(answer.json()) == {"error", "detail", "help"}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["state", "note", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@hypothesis_settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(body=_JSON | st.fixed_dictionaries({"state": st.sampled_from(["fulfilled", "refused"]), "note": st.text()}))
def test_whatever_is_sent_is_answered_and_never_breaks(host: TestClient, body: Any) -> None:
    answer = host.post("/v1/actions/1", json=body)
    assert answer.status_code in (400, 404, 422)
    assert set(answer.json()) == {"error", "detail", "help"}


def test_the_description_names_scope_and_error_shape_of_every_route_for_programmes(
    app: FastAPI, host: TestClient
) -> None:
    schema = host.get("/v1/openapi.json").json()
    paths = {path: one for path, one in schema["paths"].items() if path.startswith("/v1/")}
    assert paths.keys() >= {"/v1/items", "/v1/items/{number}", "/v1/actions", "/v1/actions/{action_id}"}
    for one in paths.values():
        for operation in one.values():
            assert operation["responses"]["503"]["content"]["application/json"]["schema"]["$ref"].endswith("Problem")
            good = next(said for status, said in operation["responses"].items() if status.startswith("2"))
            assert "$ref" in good["content"]["application/json"]["schema"]
    assert paths["/v1/actions"]["get"]["x-scopes"] == ["actions"]
    assert "HTTPValidationError" not in schema["components"]["schemas"]
