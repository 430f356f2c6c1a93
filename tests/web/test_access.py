"""Who may call what: every route, for every role, for every scope of a token, and for nobody. Made from the router."""

import inspect
import re
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.responses import Response

from rempart.errors import Broken
from rempart.facts.people import ROLES, SCOPES
from rempart.people.queries import add_organisation, tokens_of
from rempart.people.records import Stage
from rempart.testing.desk import NOW
from rempart.testing.desk_ground import Ground
from rempart.testing.desk_routes import Call, calls, sent
from rempart.testing.desk_web import SignedIn, TestClient, browser, make_person, service, signed_in, web_app
from rempart.web import app as application
from rempart.web.access import access_of, everyone
from rempart.web.registry import NAVIGATION
from rempart.wiring.desk import Desk

LET_IN = (299, 422)  # what every handler says here; and what is said of a form that lacks something, when it is read
WHO = ("nobody", *ROLES, *(f"a token for {scope}" for scope in SCOPES))
# What shows media, or leads to it. Auditors and administrators never see any, nor does a programme.
MEDIA = frozenset({"media", "reveals", "preview", "preview.png", "original"})
MAY_SEE_MEDIA = frozenset({"reviewer", "senior", "supervisor"})


@pytest.fixture
def hollow(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """The app, every handler of which does nothing and says so: what is left is who was let in."""

    async def let_in_async(**_: Any) -> Response:
        return Response(status_code=LET_IN[0])

    def let_in(**_: Any) -> Response:
        return Response(status_code=LET_IN[0])

    for call in calls(app):
        waits = inspect.iscoroutinefunction(call.route.endpoint)
        monkeypatch.setattr(call.route.dependant, "call", let_in_async if waits else let_in)
    return app


def client_of(app: FastAPI, desk: Desk, who: str, organisation: int = 1) -> TestClient:
    """The browser or the programme of this kind of caller."""
    if who == "nobody":
        return browser(app)
    if who in ROLES:
        return signed_in(app, desk, who, organisation)
    return service(app, desk, who.removeprefix("a token for "), organisation=organisation)  # type: ignore[arg-type]


def expected(call: Call, who: str) -> int:
    """What the route declares: let in, 401 for who is not known here, 403 for who is."""
    access, scope = call.access, who.removeprefix("a token for ")
    if scope in SCOPES and access.scopes:
        return LET_IN[0] if scope in access.scopes else 403
    if access.anyone or who in access.roles:
        return LET_IN[0]
    return 403 if who in ROLES and access.roles else 401


def said(client: TestClient, call: Call, **more: Any) -> int:
    """The status of the answer; the same for every way of being let in."""
    status = client.request(call.method, call.filled(lambda _: "1"), **more).status_code
    return LET_IN[0] if status in LET_IN else status


@pytest.mark.parametrize("who", WHO)
def test_every_route_is_open_to_whom_it_says_and_closed_to_everybody_else(
    hollow: FastAPI, desk: Desk, who: str
) -> None:
    client = client_of(hollow, desk, who)
    wrong = [
        f"{call.method} {call.path}: {found}, not {expected(call, who)}"
        for call in calls(hollow)
        if (found := said(client, call)) != expected(call, who)
    ]
    assert not wrong, "\n".join(wrong)


def test_who_reads_pages_is_sent_to_sign_in(hollow: FastAPI) -> None:
    client = browser(hollow)
    client.headers["Accept"] = "text/html"
    for call in calls(hollow):
        if expected(call, "nobody") == 401 and not call.path.startswith("/v1/"):
            answer = client.request(call.method, call.filled(lambda _: "1"))
            assert answer.status_code == 303, call.path
            assert answer.headers["Location"].startswith("/sign-in"), call.path


@pytest.mark.parametrize("stage", ["password", "full"])
def test_who_has_not_signed_in_wholly_is_sent_to_the_next_step(hollow: FastAPI, desk: Desk, stage: Stage) -> None:
    person = make_person(desk, "senior", with_code=stage == "password")
    client = signed_in(hollow, desk, person=person, stage=stage)
    reached = ("password", "full").index(stage)
    for call in calls(hollow):
        enough = call.access.anyone or ("password", "full", "done").index(call.access.step) <= reached
        if expected(call, "senior") == LET_IN[0]:
            assert said(client, call) == (LET_IN[0] if enough else 403), f"{call.method} {call.path}"
            answer = client.request(call.method, call.filled(lambda _: "1"), headers={"Accept": "text/html"})
            if not enough:
                assert answer.headers["Location"] == ("/sign-in/code" if stage == "password" else "/account/code")


@pytest.mark.parametrize("key", [None, "", "another", "é"])
def test_nothing_that_a_person_sends_is_taken_without_the_key_of_the_form(
    hollow: FastAPI, desk: Desk, key: str | None
) -> None:
    client: SignedIn | None = None
    for call in (one for one in calls(hollow) if one.unsafe and not one.access.anyone and one.access.roles):
        if client is None or client.person.role not in call.access.roles:
            client = signed_in(hollow, desk, call.access.roles[0])
        by_form = {} if key is None else {"data": {"form_key": key}}
        assert client.request(call.method, call.filled(lambda _: "1"), headers={"X-Form-Key": ""}).status_code == 403
        del client.headers["X-Form-Key"]
        refused = client.request(call.method, call.filled(lambda _: "1"), **by_form)
        assert refused.status_code == 403, call.path
        assert refused.json()["detail"] == "the form is not valid any more"
        right = {"data": {"form_key": client.form_key}}
        assert said(client, call, **right) == LET_IN[0], call.path
        client.headers["X-Form-Key"] = client.form_key


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://[", "Sec-Fetch-Site": ""},
    ],
)
def test_nothing_is_taken_from_another_site(hollow: FastAPI, desk: Desk, headers: dict[str, str]) -> None:
    clients = {who: client_of(hollow, desk, who) for who in ("nobody", *ROLES)}
    for call in (one for one in calls(hollow) if one.unsafe and (one.access.anyone or one.access.roles)):
        client = clients["nobody" if call.access.anyone else call.access.roles[0]]
        answer = client.request(call.method, call.filled(lambda _: "1"), headers=headers)
        assert answer.status_code == 403, call.path
        assert answer.json()["detail"] == "this was sent from another site"


def test_a_token_is_no_key_to_pages_and_a_session_none_to_the_interface(hollow: FastAPI, desk: Desk) -> None:
    both = client_of(hollow, desk, "admin")
    both.headers["Authorization"] = client_of(hollow, desk, "a token for items").headers["Authorization"]
    assert both.get("/people").status_code == LET_IN[0]
    assert both.get("/v1/items/1").status_code == LET_IN[0]
    for word in ("Bearer", "Bearer ", "Basic x", "Bearer rempart_x", "Bearer " + "x" * 300, "bearer é"):
        assert both.get("/v1/items/1", headers={b"Authorization": word.encode()}).status_code == 401


def test_a_route_that_declares_no_access_stops_the_start(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    open_by_mistake = APIRouter()
    open_by_mistake.get("/open")(lambda: "everything")
    monkeypatch.setattr(application, "ROUTERS", (open_by_mistake,))
    with pytest.raises(Broken, match="/open declares no access"):
        web_app(desk)


def test_nothing_is_served_beside_the_routes_but_our_own_files_and_the_description(app: FastAPI) -> None:
    others = {getattr(route, "path", "") for route in app.router.routes if not isinstance(route, APIRoute)}
    assert others == {"/static", "/v1/openapi.json"}


def test_whatever_anybody_may_send_has_a_budget(app: FastAPI) -> None:
    for call in calls(app):
        if call.access.anyone and call.unsafe:
            budget = application.with_public_budget(call.access, call.route.methods).budget
            assert budget in ("public", "sign_in", "hook"), call.path
    assert replace(everyone(), budget="sign_in").budget == "sign_in"


def test_media_is_open_to_who_reviews_and_to_nobody_else(app: FastAPI) -> None:
    for call in calls(app):
        if MEDIA & set(call.path.split("/")):
            assert set(call.access.roles) <= MAY_SEE_MEDIA, call.path
            assert not call.access.anyone, call.path
            assert not call.access.scopes, call.path


def test_the_interface_is_for_programmes_and_pages_for_people(app: FastAPI) -> None:
    for call in calls(app):
        if call.path.startswith("/v1/"):
            assert call.access.scopes, call.path
            assert not call.access.anyone, call.path
        elif call.access.scopes:
            assert call.path == "/metrics" or call.path.startswith("/hooks/"), call.path


def test_every_entry_of_the_menu_leads_to_a_page_of_people(app: FastAPI) -> None:
    pages = {call.path: call for call in calls(app) if call.method == "GET"}
    for path, _ in NAVIGATION:
        assert pages[path].access.roles, path


def theirs(desk: Desk) -> int:
    with desk.database.writing() as writer:
        return add_organisation(writer, "theirs", "Theirs", NOW)


def with_places(app: FastAPI) -> list[Call]:
    """What leads to a record of one organisation: everything with a parameter, but for what a secret opens."""
    return [call for call in calls(app) if call.places and not call.access.anyone]


def callers(call: Call) -> list[str]:
    return [*call.access.roles, *(f"a token for {scope}" for scope in call.access.scopes)]


def pid_of(client: TestClient, desk: Desk, organisation: int) -> str:
    """The pseudonym of who calls."""
    if isinstance(client, SignedIn):
        return client.person.pid
    with desk.database.reading() as reader:
        return tokens_of(reader, organisation)[-1].pid


def called(client: TestClient, call: Call, ground: Ground, path: str = "") -> Any:
    """The answer to the call. path: another than the one that leads to what stands on the ground."""
    return client.request(call.method, path or call.filled(ground), **sent(call, ground))


def test_every_record_is_found_by_its_own_organisation(app: FastAPI, desk: Desk) -> None:
    wrong = []
    for call in with_places(app):
        client = client_of(app, desk, callers(call)[0])
        answer = called(client, call, Ground(desk, 1, pid_of(client, desk, 1)))
        if answer.status_code in (401, 403, 404, 422) or answer.status_code >= 500:
            wrong.append(f"{call.method} {call.path}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)


def test_no_record_is_found_by_another_organisation(app: FastAPI, desk: Desk) -> None:
    there, wrong = theirs(desk), []
    for call in with_places(app):
        for who in callers(call):
            client = client_of(app, desk, who, there)
            answer = called(client, call, Ground(desk, 1))
            if answer.status_code != 404 and not call.path.endswith(".{file_format}"):
                wrong.append(f"{call.method} {call.path} as {who}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)


def test_a_record_of_another_organisation_looks_like_none(app: FastAPI, desk: Desk) -> None:
    there, wrong = theirs(desk), []
    for call in with_places(app):
        client = client_of(app, desk, callers(call)[0], there)
        ground = Ground(desk, 1)
        answer, of_none = (
            called(client, call, ground),
            called(client, call, ground, call.filled(partial(absent, ground))),
        )
        if answer.status_code == 404 and shape(answer) != shape(of_none):
            wrong.append(f"{call.method} {call.path}: {shape(answer)}, {shape(of_none)}")
    assert not wrong, "\n".join(wrong)


def shape(answer: Any) -> tuple[Any, ...]:
    """What an error tells, but for the numbers in it."""
    told = answer.json()
    return answer.status_code, told["error"], re.sub(r"\d+", "N", told["detail"]), told["help"]


def absent(ground: Ground, place: str) -> object:
    """What could stand there, and names nothing."""
    value = ground(place)
    return 999_999_999 if isinstance(value, int) else str(value)[:-1] + ("2" if str(value)[-1] != "2" else "3")


def test_a_new_kind_of_parameter_is_not_forgotten(app: FastAPI, desk: Desk) -> None:
    call = replace(calls(app)[0], path="/dragons/{colour}/x")
    with pytest.raises(Broken, match=r"dragons/\{colour\}"):
        call.filled(Ground(desk, 1))
    assert access_of(call.route) is not None
