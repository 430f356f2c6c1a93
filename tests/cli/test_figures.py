"""`rempart figures export`: the figures of a period, to standard output or into a new file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rempart.people.queries import add_organisation
from rempart.testing.desk import NOW, make_case
from rempart.wiring.desk import open_records


def test_figures_are_written(environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with open_records() as desk, desk.database.writing() as writer:
        make_case(writer, add_organisation(writer, "desk", "Desk", NOW))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rempart", "figures", "export", *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120)

    period = ("--from", "2026-11-22", "--to", "2026-11-22")
    done = run(*period, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {"section": "cases", "measure": "opened", "what": "media", "number": 1, "unit": "cases"} in told["figures"]
    assert run(*period, "--format", "csv", "--out", "figures.csv").returncode == 0
    assert "cases,opened,media,1,cases" in (tmp_path / "figures.csv").read_text()
    assert run(*period, "--format", "csv", "--out", "figures.csv").returncode == 2
    assert run("--from", "x").returncode == 2
