"""Signing in through the organisation's provider: who has an account comes in, and nobody else by any trick."""

import http.client
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from rempart.audit.queries import story
from rempart.people import queries
from rempart.people.records import Person
from rempart.settings import NetSettings, OidcSettings, Settings
from rempart.testing.desk import Hands, make_desk
from rempart.testing.desk_web import TestClient, browser, make_person, signed_in, web_app
from rempart.testing.oidc import CLIENT, SECRET, Emulator, identity_provider
from rempart.wiring.desk import Desk
from rempart.wiring.logs import start_logging

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
BACK = "/sign-in/provider/back"
PAGE = {"Accept": "text/html"}


@pytest.fixture
def clock() -> Hands:
    """A clock that the desk and its provider share."""
    return Hands()


@pytest.fixture
def provider(clock: Hands) -> Iterator[Emulator]:
    """The provider, which takes whoever comes for Ada."""
    with identity_provider(clock) as running:
        running.redirect_uri = f"http://testserver{BACK}"
        yield running


@pytest.fixture
def desk(settings: Settings, database_url: str, provider: Emulator, clock: Hands) -> Iterator[Desk]:
    """A desk that trusts the provider."""
    oidc = OidcSettings(issuer=provider.issuer, client_id=CLIENT, client_secret=SecretStr(SECRET))
    net = NetSettings(allowed_hosts=(f"127.0.0.1:{provider.port}",), timeout_seconds=5)
    with make_desk(settings.model_copy(update={"oidc": oidc, "net": net}), database_url, clock=clock) as made:
        yield replace(made, outbound=replace(made.outbound, pause=lambda _: None))


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """The app of that desk."""
    return web_app(desk)


@pytest.fixture
def ada(desk: Desk, app: FastAPI) -> Person:
    """Somebody who has an account."""
    made = make_person(desk, "senior", with_code=False)
    with desk.database.writing() as writer:
        queries.change_person(writer, made.id, login="ada@desk.example")
    return made


def leaves(client: TestClient, next_: str = "/") -> str:
    """Where the browser is sent."""
    answer = client.get("/sign-in/provider", params={"next": next_}, headers=PAGE)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def follows(url: str) -> str:
    """Where the provider sends the browser back to, as a path of ours."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", place.port or 80, timeout=10)
    connection.request("GET", f"{place.path}?{place.query}")
    answer = connection.getresponse()
    target = answer.headers["Location"]
    connection.close()
    assert answer.status == 302
    return str(target).removeprefix("http://testserver")


def comes_in(client: TestClient, next_: str = "/") -> Any:
    return client.get(follows(leaves(client, next_)), headers=PAGE)


def is_in(client: TestClient) -> bool:
    return bool(client.get("/account", headers=PAGE).status_code == 200)


def verbs(desk: Desk, person: Person) -> list[tuple[str, Any]]:
    with desk.database.reading() as reader:
        return [(one.verb, one.data) for one in story(reader, person.organisation, "person", person.pid)]


# the way in


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_who_has_an_account_comes_in_with_their_own_role(
    algorithm: str, desk: Desk, app: FastAPI, provider: Emulator, ada: Person
) -> None:
    provider.algorithm = algorithm
    client = browser(app)
    answer = comes_in(client, "/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert is_in(client)
    with desk.database.reading() as reader:
        (session,) = queries.sessions_of(reader, ada.id)
        same = queries.person_by_id(reader, ada.id)
    assert (session.through, session.stage) == ("oidc", "full")
    assert same is not None
    assert same.role == "senior"
    assert verbs(desk, ada) == [("person.signed_in", {"through": "oidc", "code": False})]


def test_the_sign_in_page_offers_it_and_the_browser_keeps_no_secret_in_the_open(
    app: FastAPI, provider: Emulator, ada: Person
) -> None:
    client = browser(app)
    assert "/sign-in/provider" in client.get("/sign-in", headers=PAGE).text
    asked = parse_qs(urlsplit(leaves(client)).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    cookie = client.cookies["rempart_provider"]
    assert not {asked["state"][0], asked["nonce"][0]} & {cookie}
    assert asked["state"][0] not in cookie
    set_cookie = client.get("/sign-in/provider").headers["set-cookie"].lower()
    assert "httponly" in set_cookie
    assert "samesite=lax" in set_cookie
    again = parse_qs(urlsplit(leaves(client)).query)
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))


def test_the_provider_asks_for_the_second_proof_itself(app: FastAPI, ada: Person) -> None:
    """A senior without one-time codes has to set them up after a password, and not after the provider."""
    client = browser(app)
    comes_in(client)
    assert is_in(client)


def test_a_desk_whose_secret_goes_into_the_body_comes_in(app: FastAPI, provider: Emulator, ada: Person) -> None:
    provider.falsify_discovery = lambda said: said.update(token_endpoint_auth_methods_supported=["client_secret_post"])
    client = browser(app)
    assert comes_in(client).status_code == 303
    assert is_in(client)


def test_a_session_that_was_there_is_replaced(desk: Desk, app: FastAPI, provider: Emulator, ada: Person) -> None:
    client = signed_in(app, desk, person=ada)
    assert comes_in(client).status_code == 303
    with desk.database.reading() as reader:
        assert [one.through for one in queries.sessions_of(reader, ada.id)] == ["oidc"]


def test_letters_are_compared_as_logins_are(app: FastAPI, provider: Emulator, ada: Person) -> None:
    provider.user["email"] = " Ada@Desk.Example "
    assert comes_in(browser(app)).status_code == 303


@pytest.mark.parametrize("next_", ["//dragon.example", "https://dragon.example", "/\\dragon.example"])
def test_nobody_is_sent_to_another_site_afterwards(next_: str, app: FastAPI, ada: Person) -> None:
    assert comes_in(browser(app), next_).headers["location"] == "/"


# who does not come in


def refused(app: FastAPI, provider: Emulator, client: TestClient | None = None) -> str:
    """The page that somebody sees who is not let in."""
    one = client or browser(app)
    answer = comes_in(one)
    assert answer.status_code == 403
    assert not is_in(one)
    assert "/sign-in?" in answer.text
    return str(answer.text)


@pytest.mark.parametrize(
    "falsify",
    [
        lambda claims: claims.update(nonce="another"),
        lambda claims: claims.update(aud="another"),
        lambda claims: claims.update(iss="https://dragon.example"),
        lambda claims: claims.update(exp=claims["iat"] - 61),
        lambda claims: claims.update(email_verified=False),
    ],
)
def test_a_proof_that_does_not_hold_lets_nobody_in(
    falsify: Callable[[dict[str, Any]], object], app: FastAPI, provider: Emulator, ada: Person
) -> None:
    provider.falsify_claims = falsify
    text = refused(app, provider)
    assert "did not work" in text
    assert "dragon" not in text


def test_a_proof_without_a_signature_lets_nobody_in(app: FastAPI, provider: Emulator, ada: Person) -> None:
    provider.falsify_header = lambda header: header.update(alg="none")
    refused(app, provider)


def test_somebody_whom_the_provider_knows_and_we_do_not_gets_no_account(
    desk: Desk, app: FastAPI, provider: Emulator, ada: Person
) -> None:
    provider.user = {"email": "eve@desk.example", "email_verified": True, "role": "admin", "groups": ["admin"]}
    assert "ask an administrator" in refused(app, provider).lower()
    with desk.database.reading() as reader:
        assert len(queries.people_of(reader, 1)) == 1


def test_somebody_who_was_deactivated_stays_out(desk: Desk, app: FastAPI, provider: Emulator, ada: Person) -> None:
    with desk.database.writing() as writer:
        queries.change_person(writer, ada.id, active=False)
    refused(app, provider)


# who comes back


def test_a_browser_that_comes_back_with_another_state_is_not_let_in(
    app: FastAPI, provider: Emulator, ada: Person
) -> None:
    provider.falsify_return = lambda back: back.update(state="another")
    refused(app, provider)
    assert ("POST", "/token") not in provider.came


def test_a_browser_that_did_not_leave_from_here_is_not_let_in(app: FastAPI, provider: Emulator, ada: Person) -> None:
    """Nobody can have somebody else signed in as themselves by a link."""
    path = follows(leaves(browser(app)))
    victim = browser(app)
    assert victim.get(path, headers=PAGE).status_code == 403
    leaves(victim)
    assert victim.get(path, headers=PAGE).status_code == 403
    assert not is_in(victim)
    assert ("POST", "/token") not in provider.came


def test_a_browser_that_took_too_long_begins_again(app: FastAPI, provider: Emulator, ada: Person, clock: Hands) -> None:
    client = browser(app)
    path = follows(leaves(client))
    clock.now += timedelta(minutes=10)
    assert client.get(path, headers=PAGE).status_code == 403


def test_a_code_works_once(app: FastAPI, provider: Emulator, ada: Person) -> None:
    client = browser(app)
    path = follows(leaves(client))
    cookie = client.cookies["rempart_provider"]
    assert client.get(path, headers=PAGE).status_code == 303
    other = browser(app)
    assert other.get(path, headers=PAGE).status_code == 403
    other.cookies.set("rempart_provider", cookie)  # even with the journey stolen, the provider knows the code no more
    assert other.get(path, headers=PAGE).status_code == 403
    assert not is_in(other)


def test_a_code_of_somebody_elses_journey_is_not_taken(app: FastAPI, provider: Emulator, ada: Person) -> None:
    """PKCE: a code that was caught on its way is of no use in another browser."""
    code = parse_qs(urlsplit(follows(leaves(browser(app)))).query)["code"][0]
    client = browser(app)
    own = parse_qs(urlsplit(leaves(client)).query)["state"][0]
    caught = client.get(BACK, params={"code": code, "state": own, "iss": provider.issuer}, headers=PAGE)
    assert caught.status_code == 403


@pytest.mark.parametrize(
    "falsify",
    [
        lambda back: back.update(iss="https://dragon.example"),
        lambda back: back.pop("iss"),
        lambda back: back.update(code=""),
        lambda back: back.update(code="wrong"),
        lambda back: (back.pop("code"), back.update(error="access_denied", error_description="dragon")),
        lambda back: back.pop("state"),
    ],
)
def test_a_provider_that_sends_back_something_else_lets_nobody_in(
    falsify: Callable[[dict[str, str]], object], app: FastAPI, provider: Emulator, ada: Person
) -> None:
    provider.falsify_return = falsify
    assert "dragon" not in refused(app, provider)


@pytest.mark.parametrize("cookie", ["", "x", "A" * 100, "é", "A" * 10_000, "=" * 40])
def test_a_cookie_that_is_not_ours_leads_nowhere(cookie: str, app: FastAPI, ada: Person) -> None:
    answer = browser(app).get(
        BACK,
        params={"code": "a", "state": "b"},
        headers=[("Accept", "text/html"), ("Cookie", f"rempart_provider={cookie}".encode())],
    )
    assert answer.status_code == 403


# a provider in trouble


def troubled(app: FastAPI, client: TestClient | None = None, path: str = "/sign-in/provider") -> str:
    answer = (client or browser(app)).get(path, headers=PAGE)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) >= 1
    assert "/sign-in?" in answer.text
    return str(answer.text)


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_provider_that_is_down_is_told_with_what_to_do(status: int, app: FastAPI, provider: Emulator) -> None:
    provider.down = status
    text = troubled(app)
    assert "does not answer" in text
    assert "sign in with your password" in text


def test_a_provider_that_goes_down_on_the_way_is_told(app: FastAPI, provider: Emulator, ada: Person) -> None:
    client = browser(app)
    path = follows(leaves(client))
    provider.down = 503
    troubled(app, client, path)
    assert not is_in(client)


def test_a_provider_that_is_gone_is_told(settings: Settings, database_url: str) -> None:
    with identity_provider() as gone:
        pass
    oidc = OidcSettings(issuer=gone.issuer, client_id=CLIENT)
    net = NetSettings(allowed_hosts=(f"127.0.0.1:{gone.port}",))
    with make_desk(settings.model_copy(update={"oidc": oidc, "net": net}), database_url) as made:
        patient = replace(made, outbound=replace(made.outbound, pause=lambda _: None))
        assert "does not answer" in troubled(web_app(patient))


@pytest.mark.parametrize(
    "falsify",
    [
        lambda said: said.update(issuer="https://dragon.example"),
        lambda said: said.pop("issuer"),
        lambda said: said.pop("token_endpoint"),
        lambda said: said.update(authorization_endpoint="http://dragon.example/authorize"),
        lambda said: said.update(authorization_endpoint="javascript:alert(1)"),
        lambda said: said.update(authorization_endpoint=7),
        lambda said: said.update(jwks_uri="file:///etc/passwd"),
    ],
)
def test_a_provider_that_says_strange_things_of_itself_is_not_used(
    falsify: Callable[[dict[str, Any]], object], app: FastAPI, provider: Emulator
) -> None:
    provider.falsify_discovery = falsify
    text = troubled(app)
    assert "not set up rightly" in text
    assert "dragon" not in text


@pytest.mark.parametrize(
    "endpoint", ["https://dragon.example/token", "http://169.254.169.254/token", "http://127.0.0.1:1/token"]
)
def test_a_provider_cannot_have_the_desk_call_elsewhere(
    endpoint: str, app: FastAPI, provider: Emulator, ada: Person
) -> None:
    def falsify(said: dict[str, Any]) -> None:
        said["token_endpoint"] = endpoint

    client = browser(app)
    path = follows(leaves(client))
    provider.falsify_discovery = falsify
    troubled(app, client, path)


@pytest.mark.parametrize(
    "keys", [{}, {"keys": None}, {"keys": []}, {"keys": [7, {}, {"kty": "oct", "k": "eA"}, {"kty": "RSA"}]}]
)
def test_a_provider_without_keys_is_not_believed(
    keys: dict[str, Any], app: FastAPI, provider: Emulator, ada: Person
) -> None:
    provider.falsify_keys = lambda said: (said.clear(), said.update(keys))
    client = browser(app)
    troubled(app, client, follows(leaves(client)))


def test_a_wrong_secret_is_told_to_the_operator(app: FastAPI, provider: Emulator, ada: Person) -> None:
    provider.client_secret = "another"  # noqa: S105 - a test's
    client = browser(app)
    stream = io.StringIO()
    start_logging(stream)
    troubled(app, client, follows(leaves(client)))
    (line,) = [one for one in map(json.loads, stream.getvalue().splitlines()) if one["event"] == "oidc.trouble"]
    assert "401" in line["why"]
    assert SECRET not in stream.getvalue()
    assert "ada" not in stream.getvalue()


def test_where_no_provider_is_set_nobody_leaves(settings: Settings, database_url: str) -> None:
    with make_desk(settings, database_url) as made:
        app = web_app(made)
        assert browser(app).get("/sign-in/provider").status_code == 404
        assert browser(app).get(BACK).status_code == 404
        assert "/sign-in/provider" not in browser(app).get("/sign-in", headers=PAGE).text


def test_leaving_too_often_is_refused(app: FastAPI, provider: Emulator) -> None:
    client = browser(app)
    statuses = [client.get("/sign-in/provider", headers=PAGE).status_code for _ in range(25)]
    assert 429 in statuses


def test_the_page_speaks_french(app: FastAPI, provider: Emulator) -> None:
    provider.down = 503
    answer = browser(app).get("/sign-in/provider", headers=PAGE | {"Accept-Language": "fr"})
    assert "ne répond pas" in answer.text
    assert "réessayez dans une minute" in answer.text.lower()
