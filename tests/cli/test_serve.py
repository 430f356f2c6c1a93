"""`rempart serve` as an operator starts it: a process of its own with a socket, signals and a database."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from rempart.cases.intake.notices import receive
from rempart.cases.intake.told import Attachment, Told
from rempart.facts.people import public
from rempart.migrations.schema import METADATA
from rempart.settings import Settings
from rempart.storage import outbox
from rempart.testing.desk import picture_bytes
from rempart.testing.postgres import Cluster, private_cluster, server_programs
from rempart.testing.serving import START_SECONDS, Served, environment_of, free_port, running, served, served_from
from rempart.web.api.screening import intake_of
from rempart.wiring.desk import Desk, open_records

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1"])
LINK = re.compile(r"make the first administrator: (\S+)")
MEDIA, OUTBOX = METADATA.tables["media"], METADATA.tables["outbox"]


def health(one: Served) -> dict[str, Any]:
    status, text = one.get("/healthz")
    assert status == 200
    return {check["name"]: check["status"] for check in json.loads(text)["checks"]}


def until(true: Callable[[], bool]) -> None:
    """Nothing; it is so. Another process makes it so, which takes it some moments."""
    last = time.monotonic() + START_SECONDS
    while not true():
        assert time.monotonic() < last, "it never came to be"
        time.sleep(0.05)


def give_notice(desk: Desk, seed: int) -> int:
    """The id of the notice, whose attachment a worker has to have screened."""
    content = picture_bytes(seed)
    attachment = Attachment("dragon.png", desk.vault.seal(content), sha256(content).digest())
    with desk.database.writing() as writer:
        organisation = writer.value(select(METADATA.tables["organisation"].c.id))
        told = Told("other", description="a purple dragon", attachments=(attachment,))
        return receive(writer, intake_of(desk), public(organisation), told, desk.clock()).notice


def effects(desk: Desk) -> dict[str, int]:
    with desk.database.reading() as reader:
        return outbox.counts(reader)


def test_with_no_configuration_at_all_it_serves_and_offers_the_first_account(tmp_path: Path) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("REMPART_")}
    with served_from(inherited | {"HOME": str(tmp_path)}) as one:
        link = LINK.search(one.running.said())
        assert link is not None
        assert link[1].startswith(f"{one.url}/join/")
        until(lambda: [name for name, status in health(one).items() if status != "ok"] == ["lists"])
        assert one.running.stop() == 0
    made = {path.name for path in (tmp_path / ".local/share/rempart").iterdir()}
    assert {"desk.sqlite3", "keys"} <= made
    assert "Traceback" not in link.string


def test_it_stops_at_once_when_asked_and_answers_again_on_the_same_folder(settings: Settings) -> None:
    for _ in range(2):
        with served(settings) as one:
            assert one.get("/healthz")[0] == 200
            began = time.monotonic()
            assert one.running.stop() == 0
            assert time.monotonic() - began < 10
            assert "Traceback" not in one.running.said()


def test_a_port_that_is_taken_is_told_before_anything_is_made(settings: Settings) -> None:
    with served(settings.model_copy(update={"data_folder": settings.data_folder / "first"})) as one:
        command = [sys.executable, "-m", "rempart", "serve", "--port", str(one.port)]
        second = subprocess.run(command, env=environment_of(settings), capture_output=True, text=True, timeout=60)
    assert second.returncode == 2
    assert f"port {one.port} of `127.0.0.1` cannot be had" in second.stderr
    assert "--port" in second.stderr
    assert not (settings.data_folder / "desk.sqlite3").exists()


def test_a_host_that_is_nobody_is_a_mistake(settings: Settings) -> None:
    command = [sys.executable, "-m", "rempart", "serve", "--host", "no such host"]
    done = subprocess.run(command, env=environment_of(settings), capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "`no such host` cannot be had" in done.stderr


def test_two_serve_one_folder_at_once_the_second_on_ipv6(settings: Settings) -> None:
    with served(settings) as one, served(settings, host="::1") as other:
        assert f"console: http://[::1]:{other.port}/" in other.running.said()
        assert {one.get("/healthz")[0], other.get("/healthz")[0]} == {200}
        until(lambda: health(one)["worker"] == health(other)["worker"] == "ok")


def test_without_a_worker_effects_wait_for_one(settings: Settings) -> None:
    with served(settings, "--no-worker") as one:
        assert "start one beside it" in one.running.said()
        assert health(one)["worker"] == "degraded"
        with open_records(settings) as desk:
            give_notice(desk, 1)
            assert effects(desk) == {"pending": 1}
            with running(one.environment, "worker"):
                until(lambda: effects(desk) == {"done": 1})


@pytest.fixture
def shared(memory_folder: Path) -> Iterator[Cluster]:
    """A PostgreSQL cluster that processes of their own can reach."""
    if server_programs() is None:
        pytest.skip("PostgreSQL is not installed; `.ci/install` installs it")
    with private_cluster() as cluster:
        yield cluster


def test_several_web_and_worker_processes_share_one_postgresql_database(settings: Settings, shared: Cluster) -> None:
    notices = 12
    chosen = settings.model_copy(update={"database_url": None})
    more = {"REMPART_DATABASE_URL": shared.url(shared.create())}
    with ExitStack() as stack:
        one = stack.enter_context(served(chosen, "--no-worker", more=more))
        other = stack.enter_context(served(chosen, "--no-worker", more=more))
        for _ in range(2):
            stack.enter_context(running(one.environment, "worker"))
        here = Settings(**settings.model_dump(exclude_defaults=True) | {"database_url": more["REMPART_DATABASE_URL"]})
        with open_records(here) as desk:
            for seed in range(notices):
                give_notice(desk, seed)
            until(lambda: effects(desk) == {"done": notices})
            with desk.database.reading() as reader:
                assert set(reader.values(select(MEDIA.c.outcome))) == {"no_match"}
                assert set(reader.values(select(OUTBOX.c.attempts))) == {0}
        assert LINK.search(one.running.said())
        assert health(one)["worker"] == health(other)["worker"] == "ok"


def test_a_database_that_is_not_there_is_told_and_tried_again_later(settings: Settings) -> None:
    with tempfile.TemporaryDirectory() as nowhere:
        more = {"REMPART_DATABASE_URL": f"postgresql+psycopg://postgres@/none?host={nowhere}"}
        command = [sys.executable, "-m", "rempart", "serve", "--port", str(free_port())]
        done = subprocess.run(command, env=environment_of(settings) | more, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "try again in" in done.stderr
