"""`/v1/items`: one upload is screened for its host, counted, and never lost."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from rempart.audit.queries import story
from rempart.cases.intake.queries import cases, items
from rempart.errors import Unavailable
from rempart.facts.people import worker
from rempart.settings import Settings
from rempart.storage import outbox
from rempart.testing.desk import NOW
from rempart.testing.desk_intake import PlainScreeners, intake_desk
from rempart.testing.desk_web import TestClient, browser, service, web_app
from rempart.wiring.desk import Desk
from rempart.worker.performing import perform_due

KNOWN, HARMLESS = b"purple dragon", b"green meadow"


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    with intake_desk(settings, database_url, known=[KNOWN]) as made:
        yield made


@pytest.fixture
def host(desk: Desk) -> TestClient:
    return service(web_app(desk), desk, "items")


def send(host: TestClient, content: bytes, key: str | None = None, **metadata: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    files = {"file": ("dragon.png", content)}
    return host.post("/v1/items", files=files, data={"metadata": json.dumps(metadata)}, headers=headers)


def tallied(desk: Desk) -> dict[str, int]:
    with desk.database.reading() as reader:
        return {outcome: n for _, _, outcome, n in items.tally_rows(reader, 1) if n}


def test_a_match_opens_a_case_with_sealed_media_and_tells_the_host_no_more_than_the_verdict(
    desk: Desk, host: TestClient
) -> None:
    answer = send(host, KNOWN, account="dragon-7", url="https://host.example/d.png", visibility="public")
    body = answer.json()
    assert (answer.status_code, body["verdict"], body["let_through"], body["complete"]) == (200, "block", False, True)
    assert set(body) == {"version", "item", "verdict", "case", "complete", "reason", "let_through"}
    assert "dragons" not in answer.text
    assert sha256(KNOWN).hexdigest() not in answer.text
    with desk.database.reading() as reader:
        case = cases.case_row(reader, 1, body["case"])
        (media,) = cases.media_of_case(reader, 1, body["case"])
        verbs = [entry.verb for entry in story(reader, 1, "case", body["case"])]
    assert case is not None
    assert case["state"] == "triaged"
    assert {name for name, *_ in case["features"]} >= {"novelty", "sharing", "place", "first_seen_here"}
    assert (media["outcome"], media["vault_id"] is not None) == ("match", True)
    assert b"dragon" not in media["finding_sealed"]
    assert verbs[0] == "case.opened"
    with desk.database.writing() as writer:
        assert desk.vault.open(writer, worker(1), media["vault_id"], "test", NOW) == KNOWN


def test_without_a_match_only_the_tally_grows_and_nothing_of_the_bytes_is_kept(desk: Desk, host: TestClient) -> None:
    body = send(host, HARMLESS).json()
    assert (body["verdict"], body["case"], body["let_through"]) == ("allow", None, True)
    assert not list((desk.settings.data_folder / "vault").rglob("*.age"))
    assert tallied(desk) == {"no_match": 1}


def test_the_parts_of_the_tally_add_up_to_the_items(desk: Desk, host: TestClient) -> None:
    for content in (KNOWN, HARMLESS, b"a third", KNOWN):
        send(host, content)
    assert tallied(desk) == {"no_match": 2, "match: block": 2}


def test_the_same_key_twice_is_one_item(desk: Desk, host: TestClient) -> None:
    first, again = send(host, KNOWN, "k-1"), send(host, KNOWN, "k-1")
    assert first.json() == again.json()
    assert tallied(desk) == {"match: block": 1}


def test_the_same_key_with_another_item_is_a_conflict(host: TestClient) -> None:
    send(host, KNOWN, "k-1")
    answer = send(host, HARMLESS, "k-1")
    assert answer.status_code == 409
    assert set(answer.json()) == {"error", "detail", "help"}


def test_the_same_key_at_the_same_time_is_one_item(desk: Desk, host: TestClient) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(host, KNOWN, "k-1").json(), range(8)))
    assert len({json.dumps(one) for one in answers}) == 1
    assert tallied(desk) == {"match: block": 1}


@pytest.mark.parametrize("policy", ["closed", "open"])
def test_what_cannot_be_screened_in_time_is_told_kept_and_screened_later(
    settings: Settings, database_url: str, policy: str
) -> None:
    with intake_desk(settings, database_url, known=[KNOWN], when_unable=policy, budget_seconds=0.05) as desk:
        host = service(web_app(desk), desk, "items")
        assert isinstance(desk.screeners, PlainScreeners)
        desk.screeners.takes_seconds = 0.4
        body = send(host, KNOWN, account="dragon-7").json()
        assert (body["verdict"], body["reason"], body["complete"]) == ("unscreened", "not in time", False)
        assert body["let_through"] is (policy == "open")
        assert tallied(desk) == {"waiting: not in time": 1}
        desk.screeners.takes_seconds = 0.0
        assert perform_due(desk) == 1
        later = host.get(f"/v1/items/{body['item']}").json()
        assert (later["verdict"], later["state"]) == ("block", "triaged")
        assert tallied(desk) == {"match: block": 1}
        with desk.database.reading() as reader:
            assert outbox.counts(reader) == {"done": 1}


def test_busy_screeners_are_named_as_the_reason(desk: Desk, host: TestClient) -> None:
    assert isinstance(desk.screeners, PlainScreeners)
    desk.screeners.busy = True
    assert send(host, KNOWN).json()["reason"] == "screening is busy"


def test_without_any_list_nothing_is_called_clean(settings: Settings, database_url: str) -> None:
    with intake_desk(settings, database_url, known=[]) as desk:
        body = send(service(web_app(desk), desk, "items"), HARMLESS).json()
        assert (body["verdict"], body["complete"], body["let_through"]) == ("unscreened", False, False)
        assert tallied(desk) == {"not_examined: no list to compare with": 1}


def test_fingerprints_alone_are_compared_and_said_to_be_no_whole_examination(desk: Desk, host: TestClient) -> None:
    prints = [{"kind": "sha256", "value": sha256(KNOWN).hexdigest()}]
    body = host.post("/v1/items", json={"fingerprints": prints}).json()
    assert (body["verdict"], body["complete"], body["reason"]) == ("block", False, "fingerprints only")
    with desk.database.reading() as reader:
        (media,) = cases.media_of_case(reader, 1, body["case"])
    assert media["vault_id"] is None


@pytest.mark.parametrize("word", ["direct", "message", "Direct-Message", "e2ee"])
def test_private_messages_are_refused(host: TestClient, word: str) -> None:
    answer = send(host, HARMLESS, visibility=word)
    assert answer.status_code == 400
    assert "private messages are not screened" in answer.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"fingerprints": []},
        {"fingerprints": [{"kind": "pdq", "value": "00" * 32}]},
        {"fingerprints": [{"kind": "md5", "value": "zz"}]},
        {"fingerprints": [{"kind": "md5", "value": "00" * 16}], "surprise": 1},
        {"fingerprints": [{"kind": "md5", "value": "00" * 16}], "metadata": {"captured_at": "yesterday"}},
        {"fingerprints": [{"kind": "md5", "value": "00" * 16}], "metadata": {"captured_at": "2026-01-01T00:00:00"}},
        {"fingerprints": [{"kind": "md5", "value": "00" * 16}], "metadata": {"captured_at": "0001-01-01T00:00:00Z"}},
        {"fingerprints": [{"kind": "md5", "value": "00" * 16}], "metadata": {"account": "\ud800"}},
        {"fingerprints": [{"kind": "md5", "value": "00" * 16}], "metadata": {"account": "a\0b"}},
    ],
)
def test_a_malformed_item_is_refused_in_the_one_shape(desk: Desk, host: TestClient, body: dict[str, Any]) -> None:
    sent = {"content": json.dumps(body), "headers": {"Content-Type": "application/json"}}
    answer = host.post("/v1/items", **sent)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "detail", "help"}
    assert tallied(desk) == {}


def test_another_service_does_not_see_the_item(desk: Desk, host: TestClient) -> None:
    app = web_app(desk)
    number = send(host, KNOWN).json()["item"]
    assert host.get(f"/v1/items/{number}").status_code == 200
    assert service(app, desk, "items").get(f"/v1/items/{number}").status_code == 404
    assert service(app, desk, "orders").get(f"/v1/items/{number}").status_code == 403
    assert browser(app).post("/v1/items", files={"file": b"x"}).status_code == 401


def test_when_the_vault_takes_no_more_nothing_is_kept(
    desk: Desk, host: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(content: bytes) -> None:
        raise Unavailable("the vault cannot be written now; nothing was kept", 60)

    monkeypatch.setattr(desk.vault, "seal", full)
    answer = send(host, KNOWN, "k-1")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert tallied(desk) == {}


def test_killed_between_vault_and_commit_no_row_points_nowhere(
    desk: Desk, host: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*given: Any, **named: Any) -> None:
        raise Unavailable("the database went away; nothing was kept", 5)

    monkeypatch.setattr("rempart.cases.intake.items.items.count", killed)
    assert send(host, KNOWN, "k-1").status_code == 503
    monkeypatch.undo()
    with desk.database.reading() as reader:
        assert cases.case_row(reader, 1, 1) is None
        assert items.item_requested(reader, 1, "S", "k-1") is None
    assert send(host, KNOWN, "k-1").json()["verdict"] == "block"


def test_old_items_without_a_match_are_forgotten_and_the_tally_stays(desk: Desk, host: TestClient) -> None:
    matched, plain = send(host, KNOWN).json()["item"], send(host, HARMLESS).json()["item"]
    with desk.database.writing() as writer:
        assert items.forget_items(writer, 1, NOW + timedelta(days=31)) == 1
    assert host.get(f"/v1/items/{plain}").status_code == 404
    assert host.get(f"/v1/items/{matched}").status_code == 200
    assert sum(tallied(desk).values()) == 2
