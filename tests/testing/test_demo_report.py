"""`rempart demo report` as somebody types it: what it prints, and that it touches nothing that is there."""

import json
from pathlib import Path

import pytest

from rempart.cli.demo import report
from rempart.errors import Conflict, UserMistake
from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.testing.demo_desk.marker import standing
from rempart.testing.demo_report.telling import tell

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
LEGS = {"cybertip", "referral", "host-notice", "statement", "monitor", "hold"}


@pytest.fixture(autouse=True)
def _here(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command makes its folders for this test only."""
    monkeypatch.setenv("REMPART_MEMORY_FOLDER", str(settings.memory_folder))
    monkeypatch.setenv("REMPART_DATA_FOLDER", str(settings.data_folder))
    monkeypatch.setenv("REMPART_WORKERS", "1")


def test_every_leg_of_the_case_comes_to_its_end_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "report"
    assert report(out=folder, json_output=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["finished_reports"] == 1
    assert {one["leg"] for one in told["timeline"]} == LEGS
    assert [one["at"] for one in told["timeline"]] == sorted(one["at"] for one in told["timeline"])
    last = {one["leg"]: one["state"] for one in told["timeline"]}
    assert [last[leg] for leg in ("cybertip", "referral", "host-notice", "statement")] == ["finished"] * 4
    assert last["monitor"] == "down"
    assert last["hold"].startswith("us.2258a.h until ")
    database = Database(f"sqlite:///{folder / 'desk.sqlite3'}")
    with database.reading() as reader:
        assert standing(reader) == "loaded"
    database.close()
    with pytest.raises(Conflict, match="holds something already"):
        report(out=folder)


def test_a_desk_that_others_can_reach_is_no_place_for_a_demo(settings: Settings) -> None:
    elsewhere = settings.model_copy(update={"serve": settings.serve.model_copy(update={"host": "192.0.2.1"})})
    with pytest.raises(UserMistake, match="on loopback only"):
        tell(elsewhere)
    assert not settings.data_folder.exists()
