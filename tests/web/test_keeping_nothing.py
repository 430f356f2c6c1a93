"""A disk that is full, a database that is lost: 503 with a time to come back, and nothing half kept."""

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from rempart.audit.queries import entries
from rempart.migrations.schema import METADATA
from rempart.settings import Settings
from rempart.testing.desk_intake import intake_desk
from rempart.testing.desk_web import TestClient, browser, service, web_app
from rempart.wiring.desk import Desk

KNOWN = b"purple dragon"
FORM = {
    "category": "abuse_material",
    "urls": "https://dragon.example/a",
    "description": "d" * 9000,
    "good_faith": "yes",
}
TABLES = ("case_file", "notice", "media", "item", "location", "case_link", "vault_object", "outbox", "screening_tally")


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    with intake_desk(settings, database_url, known=[KNOWN]) as made:
        yield made


@pytest.fixture
def somebody(desk: Desk) -> TestClient:
    client = browser(web_app(desk))
    client.get("/notice")
    return client


@pytest.fixture
def host(desk: Desk) -> TestClient:
    return service(web_app(desk), desk, "items")


def send_notice(client: TestClient) -> Any:
    return client.post("/notice", data=FORM, files=[("files", ("a.png", KNOWN))])


def send_item(client: TestClient) -> Any:
    return client.post("/v1/items", files={"file": ("a.png", KNOWN)}, headers={"Idempotency-Key": "k-1"})


def kept(desk: Desk) -> tuple[int, list[int]]:
    """(entries of the ledger about what came in, rows of the tables it would stand in)."""
    with desk.database.reading() as reader:
        about = [entry for entry in entries(reader) if entry.about in ("case", "notice", "media", "vault")]
        return len(about), [len(reader.rows(METADATA.tables[name].select())) for name in TABLES]


def refused(answer: Any) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0


def test_with_a_full_disk_under_the_vault_nothing_is_kept(
    desk: Desk, somebody: TestClient, host: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    before = kept(desk)
    monkeypatch.setattr("rempart.vault.objects.write_atomically", full)
    refused(send_notice(somebody))
    refused(send_item(host))
    assert kept(desk) == before
    assert not [file for file in Path(desk.vault.folder).rglob("*") if file.is_file()]


def test_with_a_full_disk_under_the_database_nothing_is_kept_and_later_everything_is(
    desk: Desk, somebody: TestClient, host: TestClient
) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("PostgreSQL's disk is not ours to fill")
    before = kept(desk)

    def fill(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    def clear(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1073741823")

    desk.database.close()
    event.listen(desk.database.engine, "connect", fill)
    refused(send_notice(somebody))
    assert kept(desk) == before
    event.remove(desk.database.engine, "connect", fill)
    event.listen(desk.database.engine, "connect", clear)
    desk.database.close()
    assert send_notice(somebody).status_code == 200
    assert send_item(host).json()["verdict"] == "block"
    assert kept(desk)[0] > before[0]


def test_with_the_database_away_nothing_is_kept(
    desk: Desk, somebody: TestClient, host: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(desk)

    def away(*_given: Any) -> None:
        raise OperationalError("BEGIN", None, Exception("gone"))

    with monkeypatch.context() as broken:
        broken.setattr(desk.database.engine, "connect", away)
        refused(send_notice(somebody))
        refused(send_item(host))
    assert kept(desk) == before
    assert send_notice(somebody).status_code == 200
    assert send_item(host).json()["verdict"] == "block"


def test_with_the_database_away_before_anything_was_ever_asked_the_form_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = web_app(desk)

    def away(*_given: Any) -> None:
        raise OperationalError("BEGIN", None, Exception("gone"))

    monkeypatch.setattr(desk.database.engine, "connect", away)
    for address in ("/notice", "/notice/status", "/"):
        refused(browser(app).get(address))
