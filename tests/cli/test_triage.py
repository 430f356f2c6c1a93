"""`rempart triage` as an operator runs it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rempart.cases.triage.rules import SHIPPED, load_rules
from rempart.migrations import upgrade
from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.testing.desk import make_case, make_organisation
from rempart.wiring import open_keys

Run = Callable[..., subprocess.CompletedProcess[str]]
USER_MISTAKE = 2


@pytest.fixture
def rempart(environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs one command line in the test's folder and gives what it printed."""

    def run(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rempart", "triage", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=environment | extra, timeout=120
        )

    return run


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Rules of our own: access to children is worth a point more."""
    file = tmp_path / "mine.toml"
    file.write_text(
        SHIPPED.read_text().replace('name = "rempart-1"', 'name = "mine"').replace("points = 25", "points = 26")
    )
    return file


def test_the_rules_that_ship_are_printed_as_they_are(rempart: Run, tmp_path: Path) -> None:
    done = rempart("rules")
    assert (done.returncode, done.stdout) == (0, SHIPPED.read_text())
    (tmp_path / "copy.toml").write_text(done.stdout)
    assert load_rules(tmp_path / "copy.toml").version in done.stderr


def test_rules_of_ones_own_are_the_ones_in_force(rempart: Run, mine: Path) -> None:
    force = {"REMPART_DESK__RULES_FILE": str(mine)}
    assert rempart("rules", **force).stdout == mine.read_text()
    assert rempart("rules", "--shipped", **force).stdout == SHIPPED.read_text()


def test_a_file_is_checked_before_it_is_used(rempart: Run, mine: Path) -> None:
    done = rempart("rules", "--check", "mine.toml")
    assert done.returncode == 0
    assert done.stdout.startswith("mine@")
    mine.write_text(mine.read_text().replace('"urgent"', '"urgnt"', 1))
    done = rempart("rules", "--check", "mine.toml")
    assert done.returncode == USER_MISTAKE
    assert "there is no feature `urgnt`" in done.stderr
    assert "Traceback" not in done.stderr


def test_history_is_replayed_with_other_rules(rempart: Run, mine: Path, settings: Settings) -> None:
    open_keys(settings)
    folder = settings.data_folder
    database = Database(f"sqlite:///{folder / 'desk.sqlite3'}")
    upgrade(database)
    with database.writing() as writer:
        make_case(writer, make_organisation(writer), features=[], tier=3)
    database.close()
    done = rempart("replay", "--rules", "mine.toml", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["version"], told["cases"], told["moved"]) == (1, 1, 0)
    shown = rempart("replay", "--rules", "mine.toml", "--since", "2026-01-01", "--organisation", "desk")
    assert "1 cases, 1 of them wait" in shown.stdout
    assert rempart("replay", "--rules", "mine.toml", "--since", "soon").returncode == USER_MISTAKE
    assert "no such organisation" in rempart("replay", "--rules", "mine.toml", "--organisation", "moon").stderr


def test_the_simulation_prints_shares_for_our_rules_and_for_the_orders_of_others(rempart: Run) -> None:
    done = rempart("simulate", "--json", "--seed", "1")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert list(told["critical_opened_24h"]) == list(told["with_wrong_ai_label"]) == ["9", "60", "200"]
    assert told["critical_opened_24h"]["60"] >= 0.70
    assert told["with_wrong_ai_label"]["60"] >= 0.62
    assert len(told["orders"]) == 5
    assert rempart("simulate", "--rules", "none.toml").returncode == USER_MISTAKE
