"""A full disk and a lost database: 503 with Retry-After, nothing accepted that is not kept, and no restart needed."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Final

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from rempart.audit.verifying import verify
from rempart.cases import tables
from rempart.facts.people import operator
from rempart.people import queries, tokens
from rempart.settings import Settings
from rempart.testing.desk import picture_bytes
from rempart.testing.faults.client import Answer, Client, form_with_file
from rempart.testing.faults.public import Public, until
from rempart.testing.postgres import Cluster, private_cluster, server_programs
from rempart.testing.serving import Served, served
from rempart.wiring.desk import Desk, open_records

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
PATIENCE_SECONDS: Final = 60
MORE: Final = {"REMPART_SERVE__PUBLIC_REQUESTS_PER_HOUR": "100000", "REMPART_WORKERS": "1"}


def assert_unavailable(answer: Answer) -> None:
    assert answer.status == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "Traceback" not in answer.text


def assert_exactly(desk: Desk, kept: list[str]) -> None:
    """What was promised is there, nothing else is, and the ledger holds."""
    with desk.database.reading() as reader:
        numbers = list(reader.values(select(tables.notice.c.number)))
        cases = reader.value(select(func.count()).select_from(tables.case))
    assert sorted(numbers) == sorted(kept)
    assert cases == len(kept)
    assert verify(desk.database, desk.keys.public_signing_key, desk.settings.data_folder / "checkpoints").whole


@contextmanager
def most_bytes_of_a_file(one: Served, size: int) -> Iterator[None]:
    """Inside, the server can write no file beyond this size: to it, that is a full disk."""
    pid = one.running.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def test_a_full_disk_takes_no_notice_and_loses_none(settings: Settings) -> None:
    with served(settings, more=MORE) as one, open_records(settings) as desk:
        public = Public(one)
        assert public.tell().status == 200
        largest = max(path.stat().st_size for path in settings.data_folder.glob("desk.sqlite3*"))
        with most_bytes_of_a_file(one, largest + 64 * 1024):
            refused = until(public.tell, 503)
            assert_unavailable(refused)
            assert "a purple dragon" in refused.text  # the words stay on the page
            before = list(public.kept)
            assert_exactly(desk, before)
        assert until(public.tell, 200)
        assert_exactly(desk, public.kept)
        assert len(public.kept) == len(before) + 1


def test_a_full_vault_takes_no_file_and_keeps_no_notice_without_it(settings: Settings) -> None:
    with served(settings, more=MORE) as one, open_records(settings) as desk:
        public = Public(one)
        assert public.tell(10_000).status == 200
        with most_bytes_of_a_file(one, 4 * 1024 * 1024):
            assert_unavailable(public.tell(5 * 1024 * 1024))
            assert public.tell(10_000).status == 200  # a smaller one still fits
        assert_exactly(desk, public.kept)
        assert public.tell(5 * 1024 * 1024).status == 200
        assert_exactly(desk, public.kept)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster of this test alone, which may be stopped."""
    if server_programs() is None:
        pytest.skip("PostgreSQL is not installed; `.ci/install` installs it")
    with private_cluster(durable=True) as running:
        yield running


def test_a_database_that_goes_away_and_comes_back_needs_no_restart(settings: Settings, cluster: Cluster) -> None:
    here = settings.model_copy(update={"database_url": SecretStr(cluster.url(cluster.create()))})
    with served(here, more=MORE) as one:
        public = Public(one)
        assert public.tell(10_000).status == 200
        cluster.stop("immediate")
        assert_unavailable(until(public.tell, 503))
        assert_unavailable(public.look("/join/some-link"))
        health = until(lambda: public.look("/healthz"), 503)
        assert '"down"' in health.text
        cluster.resume()
        assert until(public.tell, 200)
        assert until(lambda: public.look("/healthz"), 200)
        with open_records(here) as desk:
            assert_exactly(desk, public.kept)
            _await_screening(desk)


def _await_screening(desk: Desk) -> None:
    last = time.monotonic() + PATIENCE_SECONDS
    media = tables.media.c.outcome
    while True:
        with desk.database.reading() as reader:
            if set(reader.values(select(media))) == {"not_examined"}:  # random bytes are no picture
                return
        assert time.monotonic() < last
        time.sleep(0.2)


def test_an_item_that_cannot_be_kept_is_not_answered_with_a_verdict(settings: Settings) -> None:
    with open_records(settings) as desk:
        with desk.database.writing() as writer:
            organisation = queries.add_organisation(writer, "desk", "Desk", desk.clock())
            _, token = tokens.make(writer, operator(organisation), "host", ["items"], desk.clock())
        with served(settings, more=MORE) as one:
            client = Client([one.port], Random(2), lambda: False)
            sent = iter(range(10**6))

            def send() -> Answer:
                headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"item-{next(sent)}"}
                return client.once(form_with_file("/v1/items", {}, {"file": picture_bytes(1)}, headers))

            kept = 0
            assert send().status == 200
            largest = max(path.stat().st_size for path in settings.data_folder.glob("desk.sqlite3*"))
            with most_bytes_of_a_file(one, largest + 48 * 1024):
                while (answer := send()).status == 200:
                    kept += 1
                assert_unavailable(answer)
                assert answer.text.startswith('{"error"')
            with desk.database.reading() as reader:
                assert reader.value(select(func.count()).select_from(tables.item)) == kept + 1
                assert reader.value(select(func.sum(tables.tally.c["items"]))) == kept + 1
