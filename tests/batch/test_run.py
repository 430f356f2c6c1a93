"""A job survives anything: stop, resume, errors; the union is complete and nothing stands twice."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rempart.batch import plan as plans
from rempart.batch import results
from rempart.batch.job import Job, opened_job
from rempart.batch.plan import FileShard, Shard
from rempart.batch.run import Progress, merge, run
from rempart.batch.sources import Row
from rempart.batch.summary import Summary
from rempart.errors import Broken, Conflict, UserMistake
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

    def versions(self) -> dict[str, int]:
        return {"demo": 3}

    def close(self) -> None:
        self.closed = True


def finding(number: int) -> Finding:
    if number % 10 == 0:
        match = Match("demo", 3, f"e{number}", "pdq", number % 32, "block", "known-bad", view=View(transform="mirror"))
        return Finding(str(number), Matched((match,), "block"), media_type="image/jpeg", preview=b"png")
    if number % 7 == 0:
        return Finding(str(number), NotExamined("damaged: png"), gaps=("damaged: png",))
    return Finding(str(number), NoMatch(), media_type="image/png", preview=b"png")


def opened(folder: Path, again: bool = False) -> AbstractContextManager[Job]:
    rows = (Row(str(number)) for number in range(ITEMS))
    return opened_job(folder, IDENTITY, lambda _: plans.cut(rows), again=again)


def ran(folder: Path, worker: Callable[[], Fake] = Fake, **options: Any) -> Summary | None:
    """The counts of the job, run with two workers unless stated, and not yet called finished."""
    with opened(folder) as job:
        return run(job, worker, **{"workers": 2, **options})


def counts(folder: Path) -> dict[str, Any]:
    """The summary of a job that ran through."""
    summary = ran(folder)
    assert summary is not None
    return summary.to_json()


def lines(folder: Path) -> list[str]:
    return (folder / "findings.jsonl").read_text().splitlines()


def test_every_item_has_one_finding_in_plan_order(tmp_path: Path) -> None:
    ran(tmp_path)
    assert [json.loads(line)["item"] for line in lines(tmp_path)] == [str(n) for n in range(ITEMS)]
    assert list(results.read(tmp_path))[10] == replace(finding(10), preview=None)


def test_the_parts_of_the_summary_add_up(tmp_path: Path) -> None:
    summary = counts(tmp_path)
    assert summary["items"] == ITEMS
    assert summary["match"] == 30
    assert summary["match"] + summary["no_match"] + sum(summary["not_examined"].values()) == ITEMS
    assert summary["matched_lists"] == {"demo": 30}
    assert sum(summary["distances_bits"].values()) == 30


def test_known_good_entries_are_not_counted_as_matches() -> None:
    summary = Summary()
    bad = Match("bad", 1, "b", "pdq", 9, "block", "known-bad", view=View(transform="flip"))
    good = Match("good", 1, "g", "pdq", 2, "review", "known-good", view=View())
    summary.add(Finding("x", Matched((good, bad), "review")))
    assert summary.to_json()["matched_lists"] == {"bad": 1}
    assert summary.to_json()["distances_bits"] == {"9": 1}
    assert summary.to_json()["matched_by"] == {"flip": 1}


def test_a_summary_that_does_not_add_up_is_refused(tmp_path: Path) -> None:
    summary = ran(tmp_path)
    assert summary is not None
    summary.reasons["damaged: png"] += 1
    with pytest.raises(Broken, match="do not add up"):
        summary.to_json()


def test_a_stopped_job_goes_on_where_it_was(tmp_path: Path) -> None:
    stop = threading.Event()
    first, second = Fake(stop_after=150, stop=stop), Fake()
    assert ran(tmp_path, lambda: first, workers=1, stop=stop) is None
    assert ran(tmp_path, lambda: second, workers=1) is not None
    assert len(set(first.seen) & set(second.seen)) <= plans.ROWS_PER_SHARD
    assert set(first.seen) | set(second.seen) == {str(n) for n in range(ITEMS)}
    assert Counter(json.loads(line)["item"] for line in lines(tmp_path)) == Counter(str(n) for n in range(ITEMS))


def test_a_resumed_job_gives_the_same_bytes_as_one_that_ran_through(tmp_path: Path) -> None:
    stop = threading.Event()
    ran(tmp_path / "a", lambda: Fake(70, stop), workers=1, stop=stop)
    resumed, straight = counts(tmp_path / "a"), counts(tmp_path / "b")
    assert (tmp_path / "a/findings.jsonl").read_bytes() == (tmp_path / "b/findings.jsonl").read_bytes()
    assert resumed == straight


def test_a_folder_of_another_job_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    with pytest.raises(Conflict, match="another --out"), opened_job(tmp_path, {"inputs": ["other"]}, lambda _: []):
        pass


def test_a_finished_job_is_never_taken_for_a_new_one(tmp_path: Path) -> None:
    ran(tmp_path)
    with opened(tmp_path) as job:
        job.finish({"items": ITEMS})
    with pytest.raises(Conflict, match="--again"), opened(tmp_path):
        pass
    worker = Fake()
    with opened(tmp_path, again=True) as job:
        assert run(job, lambda: worker, workers=1) is not None
    assert len(worker.seen) == ITEMS


def test_two_processes_never_work_on_one_job(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(Conflict, match="another process"), opened(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_a_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserMistake, match="choose another --out"), opened(tmp_path / "file"):
        pass


def test_a_damaged_plan_is_a_clear_sentence(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    (tmp_path / "job/plan.json").write_text("{")
    with pytest.raises(Conflict, match="damaged"), opened(tmp_path):
        pass


def test_an_error_in_a_worker_reaches_the_caller_and_closes_the_worker(tmp_path: Path) -> None:
    class Failing(Fake):
        def findings(self, shard: Shard) -> Iterator[Finding]:
            raise Broken(f"shard {shard.number} cannot be screened")

    worker = Failing()
    with pytest.raises(Broken, match="cannot be screened"):
        ran(tmp_path, lambda: worker, workers=1)
    assert worker.closed


def test_an_unfinished_shard_is_not_merged(tmp_path: Path) -> None:
    ran(tmp_path)
    with opened(tmp_path) as job:
        job.shard_file(2).unlink()
        assert merge(job) is None


def test_progress_ends_at_the_planned_number_of_items(tmp_path: Path) -> None:
    seen: list[Progress] = []
    ran(tmp_path, progress=seen.append)
    assert seen[-1].done_items == seen[-1].planned_items == ITEMS
    assert sum(seen[-1].findings.values()) == ITEMS


def test_the_parquet_file_says_the_same_as_the_lines(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    ran(tmp_path)
    table = pq.read_table(tmp_path / "findings.parquet").to_pylist()
    told = [{**row, "origin": row["origin"] and json.loads(row["origin"])} for row in table]
    assert told == [json.loads(line) for line in lines(tmp_path)]


def test_previews_are_kept_only_when_asked_for_and_only_of_matches(tmp_path: Path) -> None:
    ran(tmp_path / "without")
    ran(tmp_path / "with", previews=True)
    assert not list((tmp_path / "without").rglob("*.previews"))
    kept = "".join(path.read_text() for path in (tmp_path / "with").rglob("*.previews"))
    assert {json.loads(line)["item"] for line in kept.splitlines()} == {str(n) for n in range(0, ITEMS, 10)}
    with opened(tmp_path / "with") as job:
        job.finish({})
    assert {path.name for path in (tmp_path / "with/job").iterdir()} == {"lock", "plan.json", "plan.ndjson"}


def test_copies_of_one_file_count_once_for_the_flood(tmp_path: Path) -> None:
    class Copies(Fake):
        def findings(self, shard: Shard) -> Iterator[Finding]:
            assert isinstance(shard, FileShard)
            match = Match("demo", 3, "e", "pdq", 0, "block", "known-bad", view=View())
            for row in shard.rows:
                yield Finding(row.name, Matched((match,), "block"), content="same" if int(row.name) else "other")

    ran(tmp_path, Copies)
    with opened(tmp_path) as job:
        assert job.hits() == {("demo", "e"): 2}


def test_a_shard_notes_the_list_versions_it_was_searched_against(tmp_path: Path) -> None:
    ran(tmp_path)
    with opened(tmp_path) as job:
        assert [note["lists"] for note in job.notes()] == [{"demo": 3}] * len(job.plan.offsets)
