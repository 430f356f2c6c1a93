"""`rempart worker` as an operator types it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rempart.cli.main import main
from rempart.clock import utc_now
from rempart.people import queries
from rempart.settings import Settings
from rempart.storage import duties, outbox, workers
from rempart.wiring.desk import Desk, open_records

Run = Callable[..., subprocess.CompletedProcess[str]]
LONGEST_SECONDS = 60


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    """The records of an installation with one organisation."""
    with open_records(settings) as made:
        with made.database.writing() as writer:
            queries.add_organisation(writer, "desk", "Desk", utc_now())
        yield made


@pytest.fixture
def rempart(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], desk: Desk
) -> Run:
    """Runs one command line of `rempart worker`."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as patched:
            for name, value in environment.items():
                patched.setenv(name, value)
            patched.setattr(sys, "argv", ["rempart", "worker", *arguments])
            with pytest.raises(SystemExit) as left:
                main()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, int(left.value.code or 0), out, err)

    return run


def put(desk: Desk, kind: str = "dragon.fed") -> int:
    with desk.database.writing() as writer:
        return outbox.put(writer, 1, kind, {"dragon": 7}, about="dragon:7", key=kind, now=utc_now())


def failed(desk: Desk) -> int:
    effect = put(desk)
    with desk.database.writing() as writer:
        begun = outbox.relay(writer, effect, utc_now())
        assert begun is not None
        outbox.fail(writer, begun, "no dragon; buy one", utc_now())
    return effect


def counts(desk: Desk) -> dict[str, int]:
    with desk.database.reading() as reader:
        return outbox.counts(reader)


def test_where_nothing_failed_there_is_nothing_to_see(rempart: Run) -> None:
    done = rempart("failed", "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"version": 1, "failed": []})
    assert rempart("failed").returncode == 0


def test_what_failed_is_listed_with_what_to_do(rempart: Run, desk: Desk) -> None:
    effect = failed(desk)
    done = rempart("failed", "--json")
    assert done.returncode == 10
    (row,) = json.loads(done.stdout)["failed"]
    assert row["ended_at"].endswith("Z")
    assert {name: row[name] for name in ("id", "kind", "about", "problem", "attempts")} == {
        "id": effect,
        "kind": "dragon.fed",
        "about": "dragon:7",
        "problem": "no dragon; buy one",
        "attempts": 1,
    }
    table = rempart("failed")
    assert table.returncode == 10
    assert "dragon:7" in table.stdout


def test_what_failed_is_tried_again_when_asked(rempart: Run, desk: Desk) -> None:
    effect = failed(desk)
    assert rempart("failed", "--retry", str(effect)).returncode == 0
    assert counts(desk) == {"pending": 1}
    again = rempart("failed", "--retry", str(effect))
    assert again.returncode == 2
    assert f"there is no failed effect {effect}" in again.stderr


def test_duties_are_listed_with_how_they_went(rempart: Run, desk: Desk) -> None:
    assert json.loads(rempart("duties", "--json").stdout) == {"version": 1, "duties": []}
    with desk.database.writing() as writer:
        for name, problem in (("broom", "no broom; buy one"), ("mop", None)):
            duties.take(writer, name, utc_now(), 60)
            duties.note(writer, name, utc_now(), problem)
    done = rempart("duties", "--json")
    assert done.returncode == 10
    bad, good = json.loads(done.stdout)["duties"]
    assert (bad["name"], bad["done_at"], bad["problem"]) == ("broom", None, "no broom; buy one")
    assert (good["name"], good["problem"]) == ("mop", None)
    assert good["done_at"].endswith("Z")
    assert good["next_at"].endswith("Z")
    assert "no broom" in rempart("duties").stdout


def until(true: Callable[[], bool]) -> None:
    last = time.monotonic() + LONGEST_SECONDS
    while not true():
        assert time.monotonic() < last, "it never came to be"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_performs_until_it_is_stopped_and_says_that_it_leaves(
    desk: Desk, environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    put(desk, "dragon.unknown")
    log = tmp_path / "worker.log"
    with log.open("wb") as file:
        command = [sys.executable, "-m", "rempart", "worker"]
        running = subprocess.Popen(command, env=environment, stdout=file, stderr=file, stdin=subprocess.DEVNULL)
    try:
        until(lambda: counts(desk) == {"failed": 1})
        with desk.database.reading() as reader:
            assert len(workers.living(reader, utc_now(), 15)) == 1
        os.kill(running.pid, number)
        assert running.wait(LONGEST_SECONDS) == 0
    finally:
        running.kill()
        running.wait()
    with desk.database.reading() as reader:
        assert workers.last_seen(reader) is None
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert "effect.failed" in {line["event"] for line in lines}
    assert "Traceback" not in log.read_text()
