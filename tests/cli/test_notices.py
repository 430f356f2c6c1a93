"""`rempart notices` as an operator types it."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from rempart.cli.main import main
from rempart.migrations.schema import METADATA
from rempart.reporting import drafting
from rempart.reporting.mailing import gathering, queries
from rempart.settings import MailSettings, OwnSettings, ReportingSettings, Settings
from rempart.testing.desk import NOW, make_desk, make_organisation
from rempart.testing.desk_reporting import make_decided, senior
from rempart.wiring import open_keys
from rempart.wiring.reporting import reporting_of

ANSWERS = {"good_faith": "yes", "to": "abuse@host.example", "classification": "none"}


@pytest.fixture
def notice(settings: Settings, empty_sqlite: Path) -> int:
    """A notice that was approved, and waits."""
    settings.data_folder.mkdir(parents=True)
    open_keys(settings)  # before there is anything that they seal
    shutil.copyfile(empty_sqlite, settings.data_folder / "desk.sqlite3")
    chosen = settings.model_copy(
        update={
            "reporting": ReportingSettings(
                environment="emulator", desk=OwnSettings(name="Dragon Watch", contact_email="ada@dragon.example")
            ),
            "mail": MailSettings(host="127.0.0.1", sender="notices@dragon.example"),
        }
    )
    address = f"sqlite:///{settings.data_folder / 'desk.sqlite3'}"
    with make_desk(chosen, address) as desk, desk.database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_decided(writer, desk.fields, mine)
        reporting = reporting_of(desk)
        made = drafting.draft(writer, reporting, senior(mine), case_id, "host-notice", NOW, answers=ANSWERS)
        drafting.approve(writer, reporting, senior(mine), made, NOW)
        gathering.enrol(writer, reporting, mine, NOW)
    return made


def rempart(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], capfd: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    with monkeypatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        patched.setattr(sys, "argv", ["rempart", "notices", *words])
        with pytest.raises(SystemExit) as left:
            main()
    return int(left.value.code or 0), *capfd.readouterr()


def test_what_waits_is_listed_and_what_has_left_can_be_stopped(
    notice: int,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    capfd: pytest.CaptureFixture[str],
) -> None:
    def run(*words: str) -> Any:
        return rempart(monkeypatch, environment, capfd, *words)

    [row] = json.loads(run("list", "--json")[1])["notices"]
    assert (row["report"], row["recipient"], row["state"], row["sent"]) == (notice, "host-notice", "waiting", 0)
    assert run("stop", str(notice), "--case", "99")[0] == 2
    code, _, said = run("stop", str(notice), "--case", "1")
    assert (code, "withdraw it" in said) == (2, True)
    address = f"sqlite:///{settings.data_folder / 'desk.sqlite3'}"
    with make_desk(settings, address) as desk, desk.database.writing() as writer:
        writer.run(METADATA.tables["report"].update().values(state="finished"))
        queries.change_rounds(writer, 1, [notice], times=1)
    assert run("stop", str(notice), "--case", "1")[0] == 0
    assert "host-notice" not in run("list")[1]
    [over] = json.loads(run("list", "--all", "--json")[1])["notices"]
    assert (over["state"], over["because"]) == ("over", "stopped")
