"""Checkpoints are made when due, of what is committed, and never of a ledger that does not hold."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from tests.audit.ledgers import NOW, Ledger

from rempart.audit import checkpoints, queries
from rempart.audit.checkpoints import Checkpoint, checkpoint_if_due, make_checkpoint, opened, path_of, paths
from rempart.errors import Broken, Conflict, Unavailable
from rempart.storage import KeyRing


def _due(ledger: Ledger, minutes: int) -> int | None:
    made = checkpoint_if_due(ledger.database, ledger.keys, ledger.folder, NOW + timedelta(minutes=minutes))
    return made.seq if made else None


def _make(ledger: Ledger) -> int | None:
    made = make_checkpoint(ledger.database, ledger.keys, ledger.folder, NOW)
    return made.seq if made else None


def test_it_is_due_after_an_hour_with_something_new(ledger: Ledger) -> None:
    assert _due(ledger, 600) is None
    ledger.append(3)
    assert [_due(ledger, minutes) for minutes in (0, 59, 60, 61, 500)] == [None, None, 3, None, None]
    ledger.append(1)
    assert [_due(ledger, minutes) for minutes in (119, 120)] == [None, 4]


def test_it_is_due_after_a_thousand_entries(ledger: Ledger) -> None:
    ledger.append(999)
    assert _due(ledger, 0) is None
    ledger.append(1)
    assert _due(ledger, 0) == 1000


def test_nothing_new_makes_no_checkpoint(ledger: Ledger) -> None:
    assert _make(ledger) is None
    ledger.append(2)
    assert [_make(ledger), _make(ledger)] == [2, None]


def test_a_checkpoint_is_signed_kept_twice_and_read_only(ledger: Ledger) -> None:
    ledger.append(2)
    made = make_checkpoint(ledger.database, ledger.keys, ledger.folder, NOW)
    assert made is not None
    assert opened(made.statement, ledger.keys.public_signing_key) == made
    assert opened(made.statement, KeyRing.generate().public_signing_key) is None
    path = path_of(ledger.folder, 2)
    assert path.read_bytes() == made.statement
    assert path.stat().st_mode & 0o777 == 0o400
    with ledger.database.reading() as reader:
        assert list(queries.checkpoints(reader)) == [(2, made.statement)]


def test_checkpoints_are_numbered_and_chained(ledger: Ledger) -> None:
    for _ in range(3):
        ledger.append(1)
        _make(ledger)
    known = [opened(path.read_bytes(), ledger.keys.public_signing_key) for path in paths(ledger.folder)]
    assert [one and one.number for one in known] == [1, 2, 3]
    assert ledger.verify().checkpoints == 3


def test_one_killed_between_its_file_and_its_row_is_completed(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.append(2)

    def killed(folder: Path, made: Checkpoint) -> None:
        write(folder, made)
        raise KeyboardInterrupt

    write = checkpoints._write
    with monkeypatch.context() as patched:
        patched.setattr(checkpoints, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            _make(ledger)
    assert ledger.verify().whole
    with ledger.database.reading() as reader:
        assert list(queries.checkpoints(reader)) == []
    assert _make(ledger) is None
    ledger.append(1)
    assert _make(ledger) == 3
    verdict = ledger.verify()
    assert (verdict.whole, verdict.checkpoints) == (True, 2)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger SET verb = 'other' WHERE seq = 4",
        "DELETE FROM ledger WHERE seq = 4",
        "DELETE FROM ledger WHERE seq = 5",
        "DELETE FROM ledger_head",
    ],
)
def test_a_ledger_that_does_not_hold_is_not_signed(ledger: Ledger, change: str) -> None:
    ledger.append(3)
    _make(ledger)
    ledger.append(2)
    ledger.drop_guards()
    ledger.run(change)
    with pytest.raises(Broken, match="audit verify"):
        _make(ledger)


def test_a_ledger_that_was_rolled_back_is_not_signed(ledger: Ledger) -> None:
    ledger.append(3)
    _make(ledger)
    ledger.drop_guards()
    for table in ("ledger", "ledger_head", "ledger_checkpoint"):
        ledger.run(f"DELETE FROM {table}")  # noqa: S608
    ledger.append(5, NOW + timedelta(days=1))
    with pytest.raises(Broken):
        _make(ledger)


def test_another_key_does_not_go_on_with_the_checkpoints(ledger: Ledger) -> None:
    ledger.append(1)
    _make(ledger)
    ledger.append(1)
    with pytest.raises(Broken, match="not signed with the key"):
        make_checkpoint(ledger.database, KeyRing.generate(), ledger.folder, NOW)


def test_a_full_disk_makes_no_checkpoint(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger.append(1)

    def full(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Unavailable):
            _make(ledger)
    assert paths(ledger.folder) == []
    assert ledger.verify().whole


def test_a_row_without_a_file_stops_the_next_checkpoint(ledger: Ledger) -> None:
    ledger.append(1)
    _make(ledger)
    path_of(ledger.folder, 1).unlink()
    ledger.append(1)
    with pytest.raises(Conflict):
        _make(ledger)
    assert ledger.verify().first_bad == 1
