"""`rempart orders` as an operator types it."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from rempart.cli.main import main

Run = Callable[..., subprocess.CompletedProcess[str]]
RECEIVED = (datetime.now(UTC) - timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
ADD = (
    *("add", "--kind", "fr_removal", "--authority", "OFAC", "--reference", "2026-117", "--legal-basis", "LCEN 6-1"),
    *("--received-at", RECEIVED, "--about", "abuse_material", "--urls-from", "-"),
)


@pytest.fixture
def rempart(
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Run:
    """Runs one command line of `rempart orders` in an installation that nothing was done in yet."""

    def run(*arguments: str, stdin: str = "https://dragon.example/purple\n") -> subprocess.CompletedProcess[str]:
        with monkeypatch.context() as patched:
            for name, value in environment.items():
                patched.setenv(name, value)
            patched.setattr(sys, "argv", ["rempart", "orders", *arguments])
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            with pytest.raises(SystemExit) as left:
                main()
        out, err = capfd.readouterr()
        return subprocess.CompletedProcess(arguments, int(left.value.code or 0), out, err)

    return run


def test_an_order_goes_from_receipt_to_effect_on_the_command_line(rempart: Run) -> None:
    added = json.loads(rempart(*ADD, "--json").stdout)["order"]
    number = added["number"]
    assert (added["state"], added["clock"], added["authentication"]) == ("received", "law", None)
    assert 23 * 60 < added["minutes_left"] < 24 * 60
    assert rempart("executed", number, "--at", RECEIVED, "--effect", "removed").returncode == 2
    assert rempart("authenticate", number, "--how", "call_back", "--note", "desk").returncode == 0
    done = json.loads(rempart("executed", number, "--at", RECEIVED, "--effect", "removed", "--json").stdout)["order"]
    assert (done["state"], done["ended_by"], done["effect"]) == ("executed", "operator", "removed")
    assert json.loads(rempart("list", "--json").stdout)["orders"] == []
    assert len(json.loads(rempart("list", "--ended", "--json").stdout)["orders"]) == 1
    assert rempart("user-told", number, "--at", RECEIVED).returncode == 0


def test_addresses_are_shown_only_when_asked_for(rempart: Run) -> None:
    number = json.loads(rempart(*ADD, "--json").stdout)["order"]["number"]
    assert "dragon" not in rempart("show", number).stdout
    assert "dragon" in rempart("show", number, "--content").stdout


def test_a_dry_run_tells_the_clock_and_its_source_and_adds_nothing(rempart: Run) -> None:
    done = rempart(*ADD, "--dry-run")
    assert "(the law)" in done.stderr
    assert "decree 2025-146" in done.stderr
    assert rempart("list").returncode == 2  # looking founds no organisation, and a foresight adds nothing


def test_a_late_order_is_told_by_the_exit_code(rempart: Run) -> None:
    late = [*ADD]
    late[late.index("fr_removal")] = "tco_removal"
    late[late.index(RECEIVED)] = (datetime.now(UTC) - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    rempart(*late)
    done = rempart("list")
    assert done.returncode == 10
    assert "LATE" in done.stdout


def test_impossible_contested_and_resumed(rempart: Run) -> None:
    number = json.loads(rempart(*ADD, "--json").stdout)["order"]["number"]
    assert rempart("challenge", number, "--text", "brought to the court").returncode == 0
    assert rempart("impossible", number, "--reason", "unclear", "--text", "lacks its end").returncode == 0
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert json.loads(rempart("resume", number, "--at", now, "--json").stdout)["order"]["state"] == "received"


@pytest.mark.parametrize("at", ["", "now", "2026-11-22", "2026-11-22T08:00:00"])
def test_a_time_that_is_none_is_refused(rempart: Run, at: str) -> None:
    wrong = [*ADD]
    wrong[wrong.index(RECEIVED)] = at
    assert rempart(*wrong).returncode == 2


def test_no_order_is_filled_in(rempart: Run) -> None:
    assert rempart(*ADD[:-2]).returncode == 2  # no address
    assert rempart("authenticate", "N-0000-0000-0000", "--how", "portal").returncode == 2
    assert rempart("show", "N-0000-0000-0000").returncode == 2
