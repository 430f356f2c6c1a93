"""A job survives anything: stop, resume, errors; the union is complete and nothing stands twice."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from rempart.batch import plan as plans
from rempart.batch import results
from rempart.batch.plan import FileShard, Shard
from rempart.batch.run import Job, Progress, merge, open_job, run
from rempart.batch.sources import Row
from rempart.errors import Broken, Conflict
from rempart.facts import Finding, Match, Matched, NoMatch, NotExamined, View

ITEMS = 300
IDENTITY: dict[str, object] = {"inputs": ["somewhere"]}


class Fake:
    """Screens by name: every tenth matches, every seventh of the others is not examined."""

    def __init__(self, stop_after: int | None = None, stop: threading.Event | None = None) -> None:
        self.seen: list[str] = []
        self.closed = False
        self._stop_after, self._stop = stop_after, stop

    def findings(self, shard: Shard) -> Iterator[Finding]:
        assert isinstance(shard, FileShard)
        for row in shard.rows:
            self.seen.append(row.name)
            if self._stop and len(self.seen) == self._stop_after:
                self._stop.set()
            yield finding(int(row.name))

    def close(self) -> None:
        self.closed = True


def finding(number: int) -> Finding:
    if number % 10 == 0:
        match = Match("demo", 3, f"e{number}", "pdq", number % 32, "block", "known-bad", view=View(transform="mirror"))
        return Finding(str(number), Matched((match,), "block"), media_type="image/jpeg", preview=b"png")
    if number % 7 == 0:
        return Finding(str(number), NotExamined("damaged: png"), gaps=("damaged: png",))
    return Finding(str(number), NoMatch(), media_type="image/png")


def make_job(folder: Path) -> Job:
    return open_job(folder, IDENTITY, lambda _: plans.cut(Row(str(number)) for number in range(ITEMS)))


def lines(folder: Path) -> list[str]:
    return (folder / "findings.jsonl").read_text().splitlines()


def test_every_item_has_one_finding_in_plan_order(tmp_path: Path) -> None:
    summary = run(make_job(tmp_path), Fake, workers=2)
    assert summary is not None
    assert [json.loads(line)["item"] for line in lines(tmp_path)] == [str(n) for n in range(ITEMS)]
    assert list(results.read(tmp_path))[10] == Finding(**{**_fields(finding(10)), "preview": None})


def _fields(one: Finding) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


def test_the_parts_of_the_summary_add_up(tmp_path: Path) -> None:
    run(make_job(tmp_path), Fake, workers=2)
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["items"] == ITEMS
    assert summary["match"] == 30
    assert summary["match"] + summary["no_match"] + sum(summary["not_examined"].values()) == ITEMS
    assert summary["lists"] == {"demo": {"match": 30, "versions": [3]}}
    assert sum(summary["distances_bits"]["demo"].values()) == 30


def test_a_summary_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    summary = run(make_job(tmp_path), Fake, workers=1)
    assert summary is not None
    summary.reasons["damaged: png"] += 1
    with pytest.raises(Broken, match="do not add up"):
        summary.to_json()


def test_a_stopped_job_goes_on_where_it_was(tmp_path: Path) -> None:
    stop = threading.Event()
    first = Fake(stop_after=150, stop=stop)
    assert run(make_job(tmp_path), lambda: first, workers=1, stop=stop) is None
    second = Fake()
    assert run(make_job(tmp_path), lambda: second, workers=1) is not None
    redone = set(first.seen) & set(second.seen)
    assert len(redone) <= plans.ROWS_PER_SHARD
    assert set(first.seen) | set(second.seen) == {str(n) for n in range(ITEMS)}
    assert Counter(json.loads(line)["item"] for line in lines(tmp_path)) == Counter(str(n) for n in range(ITEMS))


def test_a_resumed_job_gives_the_same_bytes_as_one_that_ran_through(tmp_path: Path) -> None:
    stop = threading.Event()
    run(make_job(tmp_path / "a"), lambda: Fake(70, stop), workers=1, stop=stop)
    run(make_job(tmp_path / "a"), Fake, workers=2)
    run(make_job(tmp_path / "b"), Fake, workers=1)
    assert (tmp_path / "a/findings.jsonl").read_bytes() == (tmp_path / "b/findings.jsonl").read_bytes()
    assert (tmp_path / "a/summary.json").read_bytes() == (tmp_path / "b/summary.json").read_bytes()


def test_a_folder_of_another_job_is_refused(tmp_path: Path) -> None:
    make_job(tmp_path)
    with pytest.raises(Conflict, match="another --out"):
        open_job(tmp_path, {"inputs": ["elsewhere"]}, lambda _: [])


def test_an_error_in_a_worker_reaches_the_caller_and_closes_the_worker(tmp_path: Path) -> None:
    class Failing(Fake):
        def findings(self, shard: Shard) -> Iterator[Finding]:
            raise Broken(f"shard {shard.number} cannot be screened")

    worker = Failing()
    with pytest.raises(Broken, match="cannot be screened"):
        run(make_job(tmp_path), lambda: worker, workers=1)
    assert worker.closed


def test_an_unfinished_shard_is_not_merged(tmp_path: Path) -> None:
    job = make_job(tmp_path)
    run(job, Fake, workers=1)
    job.shard_file(2).unlink()
    assert merge(job) is None


def test_progress_ends_at_the_planned_number_of_items(tmp_path: Path) -> None:
    seen: list[Progress] = []
    run(make_job(tmp_path), Fake, workers=2, progress=seen.append)
    assert seen[-1].done_items == seen[-1].planned_items == ITEMS
    assert sum(seen[-1].findings.values()) == ITEMS


def test_the_parquet_file_says_the_same_as_the_lines(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    run(make_job(tmp_path), Fake, workers=1)
    table = pq.read_table(tmp_path / "findings.parquet").to_pylist()
    told = [{**row, "origin": row["origin"] and json.loads(row["origin"])} for row in table]
    assert told == [json.loads(line) for line in lines(tmp_path)]


def test_previews_are_kept_only_when_asked_for(tmp_path: Path) -> None:
    run(make_job(tmp_path / "without"), Fake, workers=1)
    run(make_job(tmp_path / "with"), Fake, workers=1, previews=True)
    assert not list((tmp_path / "without").rglob("*.previews"))
    assert list((tmp_path / "with").rglob("*.previews"))
    assert "png" not in (tmp_path / "with/findings.jsonl").read_text().replace("image/png", "").replace(
        "damaged: png", ""
    )
