"""The fault campaign, short: `make faults` runs the whole. And whether its reckoning would see a loss at all."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from rempart.settings import Settings
from rempart.testing.faults.campaign import DATABASES, DatabaseName, run
from rempart.testing.faults.journal import Journal, Line, read
from rempart.testing.faults.reckoning import reckon
from rempart.testing.postgres import server_programs
from rempart.wiring.desk import Desk, open_records

SHORT = 6
HERE = [name for name in DATABASES if name == "sqlite" or server_programs()]


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.timeout(900)
@pytest.mark.parametrize("database", HERE)
def test_nothing_is_lost_or_doubled_when_web_and_worker_are_killed_under_load(database: DatabaseName) -> None:
    outcome = run(database, SHORT, seed=7, crashes=2 if database == "postgresql" else 0)
    assert (outcome.lost, outcome.duplicated, outcome.refused) == (0, 0, 0)
    assert outcome.ledger_ok
    assert outcome.vault_ok
    assert outcome.kills == SHORT
    assert outcome.accepted["item"]
    assert outcome.accepted["notice"]
    assert outcome.accepted["decision"]
    assert outcome.accepted["bundle"]
    assert outcome.whole


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    with open_records(settings) as made:
        yield made


def test_the_journal_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    Journal(path).note("item", "accepted", "k", item="I-1")
    assert list(read(path)) == [Line("item", "accepted", "k", {"item": "I-1"})]


def test_the_reckoning_sees_what_is_not_there(desk: Desk) -> None:
    promised = {
        "item": {"item": "I-0000-0000-0001", "case": None, "verdict": "allow"},
        "notice": {"number": "N-0000-0000-0001", "code": "0000-0000-0000-0000"},
        "decision": {},
    }
    result = reckon(desk, [Line(kind, "accepted", "k", told) for kind, told in promised.items()])  # type: ignore[arg-type]
    assert result.accepted == Counter(dict.fromkeys(promised, 1))
    assert {problem.partition(":")[0] for problem in result.lost} == {f"{kind} k" for kind in promised}


def test_the_reckoning_forgives_what_nobody_was_promised_and_no_refusal(desk: Desk) -> None:
    result = reckon(desk, [Line("item", "gone", "a"), Line("item", "refused", "b", {"status": 500})])
    assert (result.lost, result.duplicated) == ([], [])
    assert result.gone == {"item": 1}
    assert len(result.refused) == 1
