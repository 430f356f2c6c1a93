"""`rempart audit`: whole, or the first entry that is not, in words and in exit codes."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from rempart.audit.queries import append
from rempart.facts.people import public
from rempart.people.queries import add_organisation
from rempart.testing.desk import NOW, make_case
from rempart.wiring.desk import open_records

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def rempart(environment: dict[str, str], tmp_path: Path) -> Run:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rempart", *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120)

    return run


@pytest.fixture
def filled(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with three cases and a few entries; the path of its database."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with open_records() as desk:
        with desk.database.writing() as writer:
            organisation = add_organisation(writer, "desk", "Desk", NOW)
            for _ in range(3):
                make_case(writer, organisation)
            append(writer, public(organisation), "search", "R-ADA", "search.made", {"kind": "all"}, NOW)
        return Path(str(desk.database.url.database))


def _behind_its_back(database: Path, *statements: str) -> None:
    with sqlite3.connect(database) as connection:
        for name in ("ledger_no_update", "ledger_no_delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_whole_ledger_is_said_to_be_whole(rempart: Run, filled: Path) -> None:
    done = rempart("audit", "verify", "--cases", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["whole"], told["entries"], told["first_bad"], told["difference_count"]) == (True, 4, None, 0)
    assert "whole: 4 entries" in rempart("audit", "verify").stdout


@pytest.mark.parametrize(
    ("change", "first"),
    [
        ("UPDATE ledger SET verb = 'case.closed' WHERE seq = 2", 2),
        ("DELETE FROM ledger WHERE seq = 3", 3),
        ("DELETE FROM ledger WHERE seq >= 3", 3),
        ("UPDATE ledger SET seq = -seq WHERE seq IN (1, 2)", -2),
    ],
)
def test_the_first_entry_that_does_not_hold_is_named(rempart: Run, filled: Path, change: str, first: int) -> None:
    _behind_its_back(filled, change)
    done = rempart("audit", "verify", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["first_bad"] == first
    assert set(told["missing_guards"]) == {"ledger_no_update", "ledger_no_delete"}
    assert f"entry {told['first_bad']}:" in rempart("audit", "verify").stdout


def test_missing_triggers_alone_are_told_and_fail(rempart: Run, filled: Path) -> None:
    _behind_its_back(filled)
    done = rempart("audit", "verify")
    assert done.returncode == 1
    assert "trigger `ledger_no_update` is gone" in done.stdout


def test_a_tail_cut_off_with_its_head_contradicts_what_cases_speak_of(rempart: Run, filled: Path) -> None:
    change = "UPDATE ledger_head SET seq = 1, hash = (SELECT hash FROM ledger WHERE seq = 1)"
    _behind_its_back(filled, "DELETE FROM ledger WHERE seq > 1", change)
    told = json.loads(rempart("audit", "verify", "--json").stdout)
    assert told["first_bad"] == 2


def test_a_row_that_somebody_changed_contradicts_its_story(rempart: Run, filled: Path) -> None:
    with sqlite3.connect(filled) as connection:
        connection.execute("UPDATE case_file SET outcome = 'not_illegal', state = 'decided' WHERE id = 2")
    connection.close()
    assert rempart("audit", "verify").returncode == 0
    done = rempart("audit", "verify", "--cases")
    assert done.returncode == 1
    assert "case 2: `state` is decided, and was left at triaged" in done.stdout
    told = json.loads(rempart("audit", "verify", "--cases", "--json").stdout)
    assert {(one["case"], one["column"]) for one in told["differences"]} == {(2, "state"), (2, "outcome")}


def test_a_checkpoint_is_signed_and_one_kept_elsewhere_is_compared(rempart: Run, filled: Path, tmp_path: Path) -> None:
    done = rempart("audit", "checkpoint", "--out", "kept.json", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) | {"hash": "", "at": ""} == {
        "version": 1,
        "number": 1,
        "entry": 4,
        "hash": "",
        "at": "",
        "new": True,
    }
    assert rempart("audit", "checkpoint").returncode == 0
    assert rempart("audit", "checkpoint", "--out", "kept.json").returncode == 2
    assert rempart("audit", "verify", "--elsewhere", "kept.json").returncode == 0
    for one in (filled.parent / "checkpoints").iterdir():
        one.unlink()
    _behind_its_back(filled, "DROP TRIGGER ledger_checkpoint_no_delete", "DELETE FROM ledger_checkpoint")
    assert json.loads(rempart("audit", "verify", "--json").stdout)["problems"] == []
    (tmp_path / "bad.json").write_text("{}")
    assert json.loads(rempart("audit", "verify", "--json", "--elsewhere", "bad.json").stdout)["problem_count"] == 1


def test_entries_are_shown(rempart: Run, filled: Path) -> None:
    told = json.loads(rempart("audit", "show", "--about", "case", "--json").stdout)
    assert [one["seq"] for one in told["entries"]] == [1, 2, 3]
    assert "search.made" in rempart("audit", "show", "--verb", "search.").stdout
    later = (NOW + timedelta(days=1)).strftime("%Y-%m-%d")
    assert json.loads(rempart("audit", "show", "--since", later, "--json").stdout)["entries"] == []
    assert rempart("audit", "show", "--since", "yesterday").returncode == 2


def test_looking_at_nothing_makes_nothing(rempart: Run, environment: dict[str, str]) -> None:
    assert rempart("audit", "verify").returncode == 2
    assert not (Path(environment["REMPART_DATA_FOLDER"]) / "desk.sqlite3").exists()
