"""The house as a whole: what only shows when every room is wired."""

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from rempart.batch.inputs import Inputs
from rempart.errors import Conflict, Unavailable, UserMistake
from rempart.settings import Settings
from rempart.thresholds import FLOOD_MATCHES
from rempart.wiring import open_house

RANDOM = np.random.default_rng(20261122)


def pdq() -> str:
    return np.packbits(RANDOM.permutation(np.arange(256) < 128)).tobytes().hex()


def manifest(folder: Path, rows: int, value: str) -> Inputs:
    """Items known by their digests only: all of one picture, each of other bytes."""
    lines = [json.dumps({"url": f"https://{n}", "md5": RANDOM.bytes(16).hex(), "pdq": value}) for n in range(rows)]
    (folder / "m.ndjson").write_text("\n".join(lines))
    return Inputs(manifests=(folder / "m.ndjson",))


def enlist(folder: Path, settings: Settings, value: str) -> None:
    (folder / "l.csv").write_text(f"pdq,id\n{value},one\n{pdq()},two\n")
    with open_house(settings=settings) as house:
        house.lists.import_file(folder / "l.csv", name="demo", source="a test", policy="block")


def test_an_entry_that_floods_a_job_asks_for_review_from_then_on(tmp_path: Path, settings: Settings) -> None:
    value = pdq()
    enlist(tmp_path, settings, value)
    inputs = manifest(tmp_path, FLOOD_MATCHES.value, value)
    with open_house(settings=settings) as house:
        first = house.screen(inputs, tmp_path / "one")
        assert first.summary["policies"] == {"block": FLOOD_MATCHES.value}
        assert first.quarantined == (("demo", "one"),)
        second = house.screen(inputs, tmp_path / "two")
        assert second.summary["policies"] == {"review": FLOOD_MATCHES.value}
        assert second.quarantined == ()


def test_a_list_that_changes_between_two_runs_of_one_job_is_told(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rempart.batch.run._TELL_EVERY_SECONDS", 0)  # told after every shard, however fast it was
    value = pdq()
    enlist(tmp_path, settings, value)
    inputs, stop = manifest(tmp_path, 200, pdq()), threading.Event()

    def stop_soon(state: object) -> None:
        if any((tmp_path / "job/job/shards").glob("*.jsonl")):
            stop.set()

    with open_house(settings=settings) as house:
        with pytest.raises(Unavailable, match="goes on where it was"):
            house.screen(inputs, tmp_path / "job", progress=stop_soon, stop=stop)
        house.lists.withdraw("demo", refs=["two"], reason="asked")
        done = house.screen(inputs, tmp_path / "job")
    assert done.summary["lists"]["demo"]["versions"] == [1, 2]
    assert any("changed during the job" in warning for warning in done.warnings)


def test_a_finished_job_is_refused_and_an_unknown_list_named(tmp_path: Path, settings: Settings) -> None:
    enlist(tmp_path, settings, pdq())
    inputs = manifest(tmp_path, 3, pdq())
    with open_house(settings=settings) as house:
        house.screen(inputs, tmp_path / "job")
        with pytest.raises(Conflict, match="finished"):
            house.screen(inputs, tmp_path / "job")
        with pytest.raises(UserMistake, match="no list `other`"):
            house.screen(inputs, tmp_path / "job2", lists=["other"])
