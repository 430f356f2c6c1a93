"""Upload hooks, with what pict-rs, Mastodon and nginx really send."""

import base64
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError

from rempart.cases.intake.queries import cases, items
from rempart.errors import NotAllowed
from rempart.facts import Matched
from rempart.net import Answer, NoAnswer, read_allowed
from rempart.net.outbound import Outbound
from rempart.people import queries as people
from rempart.settings import FolderSettings, HookSettings, Settings, WebhookSettings
from rempart.storage import outbox
from rempart.testing.desk import Hands
from rempart.testing.desk_intake import PlainScreeners, intake_desk, make_list
from rempart.testing.desk_web import TestClient, browser, service, web_app
from rempart.testing.loopback import door, ok, says
from rempart.wiring.desk import Desk
from rempart.worker.effects import fetching
from rempart.worker.performing import perform_due

KNOWN, HARMLESS = b"purple dragon", b"green meadow"
SECRET = "a secret of the house"  # noqa: S105 - a test's
MEDIA = "https://files.social.example/a/purple.png"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "served"
    made.mkdir()
    (made / "known.png").write_bytes(KNOWN)
    (made / "harmless.png").write_bytes(HARMLESS)
    return made


def with_hooks(settings: Settings, folder: Path, **changes: Any) -> Settings:
    webhook = WebhookSettings(secret=SecretStr(SECRET), hosts=("files.social.example",))
    hooks = HookSettings(
        webhooks={"social": webhook}, folders={"media": FolderSettings(path=folder, prefix="/media/")}, **changes
    )
    return settings.model_copy(update={"hooks": hooks})


@pytest.fixture
def desk(settings: Settings, database_url: str, folder: Path) -> Iterator[Desk]:
    with intake_desk(with_hooks(settings, folder), database_url, known=[KNOWN]) as made:
        yield made


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return web_app(desk)


@pytest.fixture
def host(app: FastAPI, desk: Desk) -> TestClient:
    return service(app, desk, "items")


def tallied(desk: Desk) -> dict[str, int]:
    with desk.database.reading() as reader:
        return {outcome: n for _, channel, outcome, n in items.tally_rows(reader, 1) if n and channel == "hook"}


def as_password(client: TestClient) -> dict[str, str]:
    """The header that a client makes of `https://rempart:TOKEN@desk.example/`."""
    token = client.headers["Authorization"].removeprefix("Bearer ")
    return {"Authorization": "Basic " + base64.b64encode(f"rempart:{token}".encode()).decode()}


# pict-rs: the raw bytes, chunked, with the media's type; only a 2xx lets the upload be stored.


def pict_rs(client: TestClient, content: bytes, **headers: str) -> int:
    def chunks() -> Iterator[bytes]:
        yield content[:5]
        yield content[5:]

    sent = {"Content-Type": "image/png"} | headers
    return client.post("/hooks/pict-rs", content=chunks(), headers=sent).status_code


def test_pict_rs_stores_what_is_harmless_and_not_what_is_known(desk: Desk, host: TestClient) -> None:
    assert (pict_rs(host, HARMLESS), pict_rs(host, KNOWN)) == (204, 403)
    assert tallied(desk) == {"no_match": 1, "match: block": 1}
    with desk.database.reading() as reader:
        (media,) = cases.media_of_case(reader, 1, 1)
    assert media["vault_id"] is not None


def test_pict_rs_is_told_nothing_but_a_status(host: TestClient) -> None:
    answer = host.post("/hooks/pict-rs", content=KNOWN)
    assert (answer.status_code, answer.content) == (403, b"")


def test_the_token_may_come_as_a_password_where_only_an_address_can_be_set(
    desk: Desk, app: FastAPI, host: TestClient
) -> None:
    nobody = browser(app)
    assert pict_rs(nobody, HARMLESS) == 401
    assert pict_rs(nobody, HARMLESS, **as_password(host)) == 204
    for wrong in ("Basic", "Basic x", "Basic " + base64.b64encode(b"a:b").decode(), "Basic " + "é" * 3):
        answer = nobody.post("/hooks/pict-rs", content=HARMLESS, headers={b"Authorization": wrong.encode()})  # type: ignore[dict-item]
        assert answer.status_code == 401
    assert nobody.get("/v1/items/x", headers=as_password(host)).status_code == 401
    assert pict_rs(service(app, desk, "orders"), HARMLESS) == 403


@pytest.mark.parametrize(("policy", "status"), [("open", 204), ("closed", 403)])
def test_what_cannot_be_screened_in_time_goes_as_the_settings_say_and_is_screened_later(
    settings: Settings, database_url: str, folder: Path, policy: str, status: int
) -> None:
    chosen = with_hooks(settings, folder)
    with intake_desk(chosen, database_url, known=[KNOWN], when_unable=policy, budget_seconds=0.05) as desk:
        host = service(web_app(desk), desk, "items")
        assert isinstance(desk.screeners, PlainScreeners)
        desk.screeners.takes_seconds = 0.4
        assert pict_rs(host, KNOWN) == status
        desk.screeners.takes_seconds = 0.0
        assert perform_due(desk) == 1
        assert tallied(desk) == {"match: block": 1}


# Mastodon: JSON, signed with the webhook's own secret.


def event(visibility: str = "public", url: str | None = MEDIA, at: str = "2026-11-22T09:00:00.000Z") -> bytes:
    media = [{"id": "1", "type": "image", "url": url, "preview_url": url, "remote_url": None}]
    account = {"id": "7", "acct": "dragon", "username": "dragon"}
    said = {"id": "109", "visibility": visibility, "account": account, "media_attachments": media}
    said["url"] = "https://social.example/@dragon/109"
    return json.dumps({"event": "status.created", "created_at": at, "object": said}).encode()


def post(client: TestClient, body: bytes, name: str = "social", secret: str = SECRET, **headers: str) -> Any:
    signature = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
    sent = {"Content-Type": "application/json", "X-Hub-Signature": signature} | headers
    return client.post(f"/hooks/mastodon/{name}", content=body, headers=sent)


class Fetching:
    """A way out that gives these answers, one after the other, and keeps what was asked for."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers, self.asked = list(answers), list[str]()

    def request(self, method: str, url: str, *, max_answer_bytes: int) -> Answer:
        self.asked.append(f"{method} {url}")
        assert max_answer_bytes > 0
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def carry_out(desk: Desk, *answers: Answer | Exception) -> Fetching:
    way = Fetching(*answers)
    perform_due(replace(desk, outbound=way))  # type: ignore[arg-type]
    return way


def test_a_signed_event_is_accepted_fetched_and_screened(desk: Desk, app: FastAPI) -> None:
    answer = post(browser(app), event())
    body = answer.json()
    assert (answer.status_code, len(body["items"]), body["refused"]) == (202, 1, [])
    assert tallied(desk) == {"waiting: to be fetched": 1}
    way = carry_out(desk, Answer(200, {}, KNOWN))
    assert way.asked == [f"GET {MEDIA}"]
    assert tallied(desk) == {"match: block": 1}
    with desk.database.reading() as reader:
        case = cases.case_row(reader, 1, 1)
        (media,) = cases.media_of_case(reader, 1, 1)
        row = items.item_row(reader, 1, 1)
    assert case is not None
    assert {name for name, *_ in case["features"]} >= {"novelty", "sharing", "place", "first_seen_here"}
    assert media["vault_id"] is not None
    assert row is not None
    assert (row["verdict"], row["waiting_sealed"]) == ("block", None)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_media_come_through_the_one_way_out(settings: Settings, database_url: str, folder: Path) -> None:
    webhook = WebhookSettings(secret=SecretStr(SECRET), hosts=("127.0.0.1",))
    chosen = settings.model_copy(update={"hooks": HookSettings(webhooks={"social": webhook})})
    with door(says(ok(KNOWN))) as server, intake_desk(chosen, database_url, known=[KNOWN]) as desk:
        post(browser(web_app(desk)), event(url=f"{server.url}/a.png"))
        perform_due(replace(desk, outbound=Outbound(read_allowed([f"127.0.0.1:{server.port}"]))))
        assert tallied(desk) == {"match: block": 1}


def test_without_a_match_nothing_of_the_media_is_kept(desk: Desk, app: FastAPI) -> None:
    post(browser(app), event())
    carry_out(desk, Answer(200, {}, HARMLESS))
    assert tallied(desk) == {"no_match": 1}
    assert not list((desk.settings.data_folder / "vault").rglob("*.age"))


@pytest.mark.parametrize("visibility", ["direct", "limited"])
def test_private_messages_are_neither_kept_nor_fetched(desk: Desk, app: FastAPI, visibility: str) -> None:
    body = post(browser(app), event(visibility)).json()
    assert (body["items"], body["refused"]) == ([], ["private message"])
    assert carry_out(desk).asked == []
    assert tallied(desk) == {"refused: private message": 1}


def test_a_signature_that_does_not_hold_changes_nothing_and_tells_nothing(desk: Desk, app: FastAPI) -> None:
    client, body = browser(app), event()
    wrong = post(client, body, secret=SECRET[::-1]).json()
    assert post(client, body, name="unknown").json() == wrong
    assert client.post("/hooks/mastodon/social", content=body).status_code == 403
    odd = {b"X-Hub-Signature": "sha256=é".encode()}
    assert client.post("/hooks/mastodon/social", content=body, headers=odd).status_code == 403  # type: ignore[arg-type]
    assert tallied(desk) == {}


def test_a_replayed_event_is_the_same_item_and_a_late_one_is_refused(desk: Desk, app: FastAPI) -> None:
    client, body = browser(app), event()
    first, again = post(client, body).json(), post(client, body).json()
    assert first == again
    assert tallied(desk) == {"waiting: to be fetched": 1}
    assert isinstance(desk.clock, Hands)
    desk.clock.now += timedelta(hours=25)
    assert post(client, body).status_code == 403


def test_the_signature_of_other_programs_is_read_too(app: FastAPI) -> None:
    body = event()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    answer = browser(app).post(
        "/hooks/mastodon/social", content=body, headers={"X-Hub-Signature-256": signature, "X-Hub-Signature": "sha1=0"}
    )
    assert answer.status_code == 202


@pytest.mark.parametrize(
    "url", ["https://evil.example/a.png", "http://127.0.0.1/a", "file:///etc/passwd", "https://[", "x"]
)
def test_media_of_a_host_that_is_not_allowed_are_never_asked_for_and_counted(
    desk: Desk, app: FastAPI, url: str
) -> None:
    post(browser(app), event(url=url))
    assert carry_out(desk).asked == []
    assert tallied(desk) == {"not_examined: its host is not allowed": 1}


def test_the_list_of_what_may_be_called_has_the_last_word(desk: Desk, app: FastAPI) -> None:
    post(browser(app), event())
    carry_out(desk, NotAllowed("`files.social.example:443` may not be called"))
    assert tallied(desk) == {"not_examined: its host is not allowed": 1}


def test_a_redirect_is_followed_to_allowed_hosts_only(desk: Desk, app: FastAPI) -> None:
    post(browser(app), event())
    way = carry_out(desk, Answer(302, {"location": "/b.png"}), Answer(200, {}, HARMLESS))
    assert way.asked[1] == "GET https://files.social.example/b.png"
    post(browser(app), event(url=MEDIA + "?2"))
    way = carry_out(desk, Answer(302, {"location": "https://evil.example/"}))
    assert len(way.asked) == 1
    post(browser(app), event(url=MEDIA + "?3"))
    assert len(carry_out(desk, *[Answer(302, {"location": "/again"})] * 4).asked) == 4
    assert tallied(desk) == {
        "no_match": 1,
        "not_examined: its host is not allowed": 1,
        "not_examined: refused by its host": 1,
    }


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(404, {}), "not_examined: not there"),
        (Answer(410, {}), "not_examined: not there"),
        (Answer(403, {}), "not_examined: refused by its host"),
        (Answer(200, {}, b"x", "size"), "not_examined: too large"),
    ],
)
def test_what_cannot_be_had_is_counted_and_never_called_clean(
    desk: Desk, app: FastAPI, answer: Answer, outcome: str
) -> None:
    number = post(browser(app), event()).json()["items"][0]
    carry_out(desk, answer)
    assert tallied(desk) == {outcome: 1}
    with desk.database.reading() as reader:
        row = items.item_row(reader, 1, 1)
    assert row is not None
    assert (row["number"], row["verdict"], row["complete"]) == (number, "unscreened", False)


@pytest.mark.parametrize(
    "answer", [NoAnswer("no answer", 1), Answer(503, {}), Answer(429, {}), Answer(200, {}, b"x", "time")]
)
def test_what_is_away_for_a_while_is_asked_again_and_at_last_given_up(
    desk: Desk, app: FastAPI, answer: Answer | Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_ATTEMPTS", 2)
    post(browser(app), event())
    carry_out(desk, answer)
    assert tallied(desk) == {"waiting: to be fetched": 1}
    assert isinstance(desk.clock, Hands)
    desk.clock.now += timedelta(hours=2)
    carry_out(desk, answer)
    assert tallied(desk) == {"not_examined: could not be fetched": 1}
    with desk.database.reading() as reader:
        assert outbox.counts(reader) == {"done": 1}


def test_an_item_that_waits_to_be_fetched_is_not_forgotten(desk: Desk, app: FastAPI) -> None:
    post(browser(app), event())
    with desk.database.writing() as writer:
        assert items.forget_items(writer, 1, desk.clock() + timedelta(days=40)) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b"\xff", b"[" * 100_000, b"x" * (2 << 20)])
def test_an_event_that_is_none_is_refused_in_the_one_shape(desk: Desk, app: FastAPI, body: bytes) -> None:
    answer = post(browser(app), body)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "detail", "help"}
    assert tallied(desk) == {}


def test_a_place_that_knocks_too_often_waits(settings: Settings, database_url: str, folder: Path) -> None:
    with intake_desk(with_hooks(settings, folder, requests_per_hour=3), database_url) as desk:
        client = browser(web_app(desk))
        assert [post(client, event()).status_code for _ in range(4)] == [202, 202, 202, 429]


# nginx: a subrequest without a body, in GET, with headers that nginx sets itself.


def by_digest(client: TestClient, content: bytes, query: str = "") -> int:
    headers = {"X-Content-SHA256": sha256(content).hexdigest(), "X-Original-URI": "/media/x", "Content-Length": ""}
    return client.get(f"/hooks/nginx-digest{query}", headers=headers).status_code


def test_nginx_is_answered_by_the_digest_of_what_was_screened_before(desk: Desk, host: TestClient) -> None:
    assert by_digest(host, HARMLESS) == 403
    assert by_digest(host, HARMLESS, "?unknown=allow") == 204
    host.post("/v1/items", files={"file": HARMLESS})
    assert by_digest(host, HARMLESS) == 204
    assert by_digest(host, KNOWN, "?unknown=allow") == 403
    with desk.database.reading() as reader:
        assert cases.case_row(reader, 1, 1) is not None
        assert cases.case_row(reader, 1, 2) is None


def test_fingerprints_alone_do_not_make_a_file_known(host: TestClient) -> None:
    prints = [{"kind": "sha256", "value": sha256(HARMLESS).hexdigest()}]
    host.post("/v1/items", json={"fingerprints": prints})
    assert by_digest(host, HARMLESS) == 403


def test_what_came_on_a_list_since_is_not_served_any_more(desk: Desk, host: TestClient) -> None:
    host.post("/v1/items", files={"file": HARMLESS})
    make_list(desk.lists, HARMLESS, name="meadows")
    assert by_digest(host, HARMLESS) == 403


def test_a_stronger_list_counts_at_once_and_opens_no_second_case(
    settings: Settings, database_url: str, folder: Path
) -> None:
    with intake_desk(with_hooks(settings, folder), database_url, when_unable="open") as desk:
        host = service(web_app(desk), desk, "items")
        make_list(desk.lists, HARMLESS, name="soft", policy="review")
        assert (by_digest(host, HARMLESS), by_file(host, "/media/harmless.png")) == (204, 204)
        make_list(desk.lists, HARMLESS, name="hard", policy="block")
        assert (by_digest(host, HARMLESS), by_file(host, "/media/harmless.png")) == (403, 403)
        with desk.database.reading() as reader:
            assert cases.case_row(reader, 1, 2) is not None
            assert cases.case_row(reader, 1, 3) is None


def test_what_was_withdrawn_from_a_list_is_served_as_before_it_stood_there(desk: Desk, host: TestClient) -> None:
    make_list(desk.lists, HARMLESS, name="hard")
    asked = ("", "?unknown=allow")
    assert [by_digest(host, HARMLESS, one) for one in asked] == [403, 403]
    assert by_file(host, "/media/harmless.png") == 403
    found = desk.screeners.screen("x", HARMLESS, 1).finding.outcome
    assert isinstance(found, Matched)
    desk.lists.withdraw("hard", refs=[found.matches[0].entry_ref], reason="the decision was corrected")
    assert [by_digest(host, HARMLESS, one) for one in asked] == [403, 204]
    assert by_file(host, "/media/harmless.png") == 204


def test_a_withdrawal_leaves_an_earlier_screening_its_word(desk: Desk, host: TestClient) -> None:
    host.post("/v1/items", files={"file": HARMLESS})
    make_list(desk.lists, HARMLESS, b"a third", name="hard")
    assert by_digest(host, HARMLESS) == 403
    found = desk.screeners.screen("x", HARMLESS, 1).finding.outcome
    assert isinstance(found, Matched)
    desk.lists.withdraw("hard", refs=[found.matches[0].entry_ref], reason="the decision was corrected")
    assert by_digest(host, HARMLESS) == 204


@pytest.mark.parametrize("digest", ["", "00", "zz" * 32, "é", "00" * 33])
def test_a_digest_that_is_none_is_refused(host: TestClient, digest: str) -> None:
    headers = {b"X-Content-SHA256": digest.encode()}
    assert host.get("/hooks/nginx-digest", headers=headers).status_code == 400  # type: ignore[arg-type]


def by_file(client: TestClient, uri: str, folder: str = "media", **headers: str) -> int:
    sent = {"X-Original-URI": uri, "X-Original-Method": "GET"} | headers
    return client.get(f"/hooks/nginx-file?folder={folder}", headers=sent).status_code


def test_nginx_serves_what_is_harmless_and_not_what_is_known(desk: Desk, host: TestClient) -> None:
    assert by_file(host, "/media/harmless.png?small=1") == 204
    assert [by_file(host, "/media/known.png") for _ in range(3)] == [403] * 3
    assert tallied(desk) == {"no_match": 1, "match: block": 1}


def test_a_file_is_looked_at_once_for_each_version_of_it_and_of_the_lists(
    desk: Desk, host: TestClient, folder: Path
) -> None:
    assert isinstance(desk.screeners, PlainScreeners)
    for _ in range(3):
        by_file(host, "/media/harmless.png")
    assert desk.screeners.looked == 1
    (folder / "harmless.png").write_bytes(KNOWN)
    assert by_file(host, "/media/harmless.png") == 403
    (folder / "other.png").write_bytes(b"a third")
    assert by_file(host, "/media/other.png") == 204
    make_list(desk.lists, b"a third", name="thirds")
    assert by_file(host, "/media/other.png") == 403


@pytest.mark.parametrize("uri", ["/media/missing.png", "/media/../x", "/other/known.png", "", "/media/%ff", "/media/"])
def test_what_is_not_there_or_not_plain_goes_as_the_settings_say(host: TestClient, uri: str) -> None:
    assert by_file(host, uri) == 403


def test_an_upload_cannot_be_asked_about(host: TestClient) -> None:
    assert by_file(host, "/media/harmless.png", **{"X-Original-Method": "POST"}) == 400


def test_a_folder_is_its_organisation_s(desk: Desk, app: FastAPI, host: TestClient) -> None:
    assert by_file(host, "/media/harmless.png", folder="purple") == 404
    assert by_file(browser(app), "/media/harmless.png") == 401
    assert by_file(browser(app), "/media/harmless.png", **as_password(host)) == 204
    with desk.database.writing() as writer:
        other = people.add_organisation(writer, "other", "Other", desk.clock())
    assert by_file(service(app, desk, "items", organisation=other), "/media/harmless.png") in (400, 404)


def test_secrets_are_masked_where_settings_are_shown(desk: Desk) -> None:
    from rempart import settings as tree

    assert SECRET not in str(tree.table(desk.settings))
    assert SECRET not in repr(desk.settings)


@pytest.mark.parametrize(
    "hooks",
    [
        {"webhooks": {"Purple Dragon": {"secret": SECRET, "hosts": []}}},
        {"webhooks": {"social": {"secret": "short", "hosts": []}}},
        {"webhooks": {"social": {"hosts": []}}},
        {"folders": {"media": {"path": "/srv", "prefix": "media"}}},
        {"folders": {"media": {"path": "/srv", "prefix": "/media"}}},
    ],
)
def test_a_hook_that_makes_no_sense_stops_the_start(hooks: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        HookSettings(**hooks)


def test_webhooks_that_would_be_one_sender_in_the_ledger_are_refused_at_the_start() -> None:
    one = WebhookSettings(secret=SecretStr(SECRET), hosts=())
    with pytest.raises(ValidationError, match="the same 10 characters"):
        HookSettings(webhooks={"dragon-a-b-c": one, "dragon-a-b-d": one})
    assert len(HookSettings(webhooks={"dragon-a-b-c": one, "meadow": one}).webhooks) == 2
