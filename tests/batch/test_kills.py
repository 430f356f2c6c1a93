"""`kill -9` at random moments: the union is complete, nothing stands twice, little is done again."""

import json
import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from rempart.testing.encodings import ENCODINGS
from rempart.testing.pictures import pattern

WORKERS = 2


def lay(folder: Path, items: int) -> Path:
    """Small pictures, all different; every hundredth one is cut short."""
    folder.mkdir()
    encoded = [ENCODINGS["png"].encode(pattern(seed, 64, 48)) for seed in range(20)]
    for number in range(items):
        data = encoded[number % len(encoded)] + number.to_bytes(4, "big")
        (folder / f"{number:06d}.png").write_bytes(data[: len(data) // 2] if number % 100 == 99 else data)
    return folder


def a_list(tmp_path: Path, environment: dict[str, str]) -> None:
    """One listed picture, so that findings of all outcomes are there."""
    (tmp_path / "seen").mkdir()
    (tmp_path / "seen" / "a.png").write_bytes(ENCODINGS["png"].encode(pattern(7, 64, 48)))
    shown = run(tmp_path, environment, "fingerprint", "seen/a.png", "--json")
    (tmp_path / "list.txt").write_text(json.loads(shown)["files"][0]["pdq"][0]["value"])
    run(
        tmp_path,
        environment,
        *["lists", "import", "list.txt", "--list", "demo", "--source", "test", "--column", "kind=pdq"],
    )


def run(folder: Path, environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "rempart", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout


def campaign(tmp_path: Path, environment: dict[str, str], items: int, kills: int, seed: int) -> None:
    """The job, killed so many times at random moments, then left to finish; every promise checked."""
    a_list(tmp_path, environment)
    lay(tmp_path / "in", items)
    command = [sys.executable, "-m", "rempart", *f"screen in --out job --workers {WORKERS}".split()]
    chance, live = random.Random(seed), 0
    shards, finished = tmp_path / "job/job/shards", dict[str, int]()
    for _ in range(kills):
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=-3, stderr=-3)
        with suppress(subprocess.TimeoutExpired):
            process.wait(chance.uniform(1.0, 3.0))
        live += process.poll() is None
        process.kill()
        process.wait()
        if (tmp_path / "job/summary.json").exists():
            break
        before, finished = finished, {file.name: file.stat().st_ino for file in shards.glob("*.jsonl")}
        assert before.items() <= finished.items(), "a finished shard was done again or lost"
    assert live >= kills / 2, "the job ended before it was killed often enough: nothing was shown"
    subprocess.run(command, cwd=tmp_path, env=environment, stdout=-3, stderr=-3, check=False)
    check(tmp_path, items)


def check(tmp_path: Path, items: int) -> None:
    lines = (tmp_path / "job/findings.jsonl").read_text().splitlines()
    names = Counter(json.loads(line)["item"] for line in lines)
    assert len(names) == items
    assert set(names.values()) == {1}
    summary = json.loads((tmp_path / "job/summary.json").read_text())
    assert summary["items"] == items
    assert summary["match"] == items // 20
    assert summary["match"] + summary["no_match"] + sum(summary["not_examined"].values()) == items
    assert set(summary["not_examined"]) <= {"truncated"}


def test_a_job_killed_a_few_times_ends_complete(tmp_path: Path, environment: dict[str, str]) -> None:
    campaign(tmp_path, environment, items=400, kills=2, seed=1)


@pytest.mark.campaign
def test_a_job_of_5000_items_killed_20_times_ends_complete(tmp_path: Path, environment: dict[str, str]) -> None:
    campaign(tmp_path, environment, items=5000, kills=20, seed=20261122)
