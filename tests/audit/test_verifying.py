"""Verification finds whatever was done to the ledger behind the program's back."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.audit.ledgers import NOW, Ledger

from rempart.audit import queries
from rempart.audit.chain import BEGINNING, hash_of
from rempart.audit.checkpoints import make_checkpoint, path_of
from rempart.audit.tables import ledger as table
from rempart.facts.people import Actor
from rempart.storage import KeyRing

ENTRIES = 12
Row = dict[str, Any]
words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def signed(ledger: Ledger) -> Ledger:
    """Twelve entries, a checkpoint behind the eighth, and no triggers."""
    ledger.append(8)
    make_checkpoint(ledger.database, ledger.keys, ledger.folder, NOW)
    ledger.append(ENTRIES - 8)
    ledger.drop_guards()
    return ledger


def _rows(ledger: Ledger) -> list[Row]:
    """The table as it is, its JSON as text."""
    with ledger.database.reading() as reader:
        as_text = "CAST(data AS TEXT) AS raw" if not ledger.database.is_sqlite else "data AS raw"
        found = reader.rows(text(f"SELECT *, {as_text} FROM ledger ORDER BY seq"))  # noqa: S608
        return [{**row, "data": row["raw"]} for row in found]


def _replace(ledger: Ledger, rows: list[Row]) -> None:
    """Nothing; these rows are the table."""
    names = [column.name for column in table.columns]
    values = ", ".join(f":{name}" if name != "data" else _data(ledger) for name in names)
    with ledger.database.writing() as writer:
        writer.run(text("DELETE FROM ledger"))
        if rows:
            insert = text(f"INSERT INTO ledger ({', '.join(names)}) VALUES ({values})")  # noqa: S608
            writer.run(insert, [{name: row[name] for name in names} for row in rows])


def _data(ledger: Ledger) -> str:
    return ":data" if ledger.database.is_sqlite else "CAST(:data AS JSON)"


def _told(ledger: Ledger, changed: list[Row]) -> int | None:
    """The first bad entry once these rows are the table; the old rows stand again afterwards."""
    before = _rows(ledger)
    _replace(ledger, changed)
    verdict = ledger.verify()
    _replace(ledger, before)
    return verdict.first_bad


def _hashed(row: Row) -> Row:
    """The row with a hash that fits it, as somebody who knows the program would write it."""
    from datetime import datetime

    at = datetime.fromisoformat(row["at"])
    names = ("seq", "organisation", "actor", "about", "about_id", "verb", "previous")
    entry = queries.Entry(at=at, data=json.loads(row["data"]), **{name: row[name] for name in names})
    return {**row, "hash": hash_of(entry)}


def test_an_untouched_ledger_is_whole(ledger: Ledger) -> None:
    assert ledger.verify().whole
    ledger.append(8)
    make_checkpoint(ledger.database, ledger.keys, ledger.folder, NOW)
    verdict = ledger.verify()
    assert (verdict.whole, verdict.entries, verdict.checkpoints) == (True, 8, 1)


def test_missing_triggers_are_told(signed: Ledger) -> None:
    verdict = signed.verify()
    assert verdict.problems == ()
    assert verdict.missing_guards
    assert not verdict.whole


EDITS = {
    "seq": st.integers(-3, 40),
    "organisation": st.just(2),
    "at": st.sampled_from(["2026-11-22T09:00:01Z", "2026-11-22T9:00:00Z", "2026-11-22 09:00:00", "", "yesterday"]),
    "actor": words,
    "about": words,
    "about_id": words,
    "verb": words,
    "data": st.sampled_from(
        [
            "{}",
            '{"lane": "tier", "tier": 9, "why": ["\\u00e9", null]}',
            '{"lane":"tier", "tier": 0, "why": ["\\u00e9", null]}',
            '{"tier": 0, "lane": "tier", "why": ["\\u00e9", null]}',
            '{"lane": "chosen", "lane": "tier", "tier": 0, "why": ["\\u00e9", null]}',
            '{"lane": "tier", "tier": 0.0, "why": ["\\u00e9", null]}',
            '{"lane": "tier", "tier": 0, "why": ["é", null]}',
            "[]",
            "null",
            "1" * 5000,
        ]
    ),
    "previous": st.text("0123456789abcdef", min_size=64, max_size=64),
    "hash": st.text("0123456789abcdef", min_size=64, max_size=64),
}


@SLOW
@given(st.data())
def test_any_edit_of_any_column_is_found(signed: Ledger, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, ENTRIES - 1))
    column = data.draw(st.sampled_from(sorted(EDITS)))
    rows = _rows(signed)
    value = data.draw(EDITS[column])
    assume(value != rows[index][column] and not (column == "seq" and value in range(1, ENTRIES + 1)))
    changed = [{**row, column: value} if place == index else row for place, row in enumerate(rows)]
    bad = _told(signed, changed)
    assert bad is not None
    if column != "seq":
        assert bad == index + 1
    if data.draw(st.booleans()) and column not in ("seq", "hash", "at", "data"):  # by somebody who knows the program
        changed[index] = _hashed(changed[index])
        assert _told(signed, changed) in (index + 1, index + 2)


@SLOW
@given(st.integers(0, ENTRIES - 1))
def test_any_removal_is_found_and_the_first_missing_entry_named(signed: Ledger, index: int) -> None:
    rows = _rows(signed)
    assert _told(signed, rows[:index] + rows[index + 1 :]) == index + 1


@SLOW
@given(st.integers(0, ENTRIES - 1))
def test_a_removal_with_what_follows_moved_up_is_found(signed: Ledger, index: int) -> None:
    rows = _rows(signed)
    kept = [{**row, "seq": seq} for seq, row in enumerate(rows[:index] + rows[index + 1 :], 1)]
    assert _told(signed, kept) == index + 1


@SLOW
@given(st.permutations(range(ENTRIES)))
def test_any_other_order_is_found(signed: Ledger, order: list[int]) -> None:
    assume(order != sorted(order))
    rows = _rows(signed)
    moved = [{**rows[place], "seq": seq} for seq, place in enumerate(order, 1)]
    first = next(seq for seq, place in enumerate(order, 1) if place != seq - 1)
    assert _told(signed, moved) == first


@SLOW
@given(st.integers(0, ENTRIES))
def test_any_insertion_is_found_even_with_a_fitting_hash(signed: Ledger, index: int) -> None:
    rows = _rows(signed)
    previous = rows[index - 1]["hash"] if index else BEGINNING
    put_in = _hashed({**rows[0], "seq": index + 1, "verb": "case.closed", "previous": previous})
    later = [{**row, "seq": row["seq"] + 1} for row in rows[index:]]
    bad = _told(signed, [*rows[:index], put_in, *later])
    assert bad in (index + 1, index + 2)


@pytest.mark.parametrize("seq", [0, -1])
def test_an_entry_before_the_first_is_found(signed: Ledger, seq: int) -> None:
    rows = _rows(signed)
    put_in = _hashed({**rows[0], "seq": seq, "verb": "case.closed"})
    assert _told(signed, [put_in, *rows]) == seq


def _rewritten(rows: list[Row], start: int) -> list[Row]:
    """The table with one entry changed and every hash from there on made to fit."""
    changed, previous = rows[:start], rows[start]["previous"]
    for row in [{**rows[start], "verb": "case.closed"}, *rows[start + 1 :]]:
        changed.append(_hashed({**row, "previous": previous}))
        previous = changed[-1]["hash"]
    return changed


@pytest.mark.parametrize("start", range(8))
def test_a_history_rewritten_with_fitting_hashes_contradicts_a_checkpoint(signed: Ledger, start: int) -> None:
    rows = _rewritten(_rows(signed), start)
    signed.run("UPDATE ledger_head SET hash = :hash", hash=rows[-1]["hash"])
    assert _told(signed, rows) == 8


def test_a_tail_cut_off_with_its_head_contradicts_a_checkpoint(signed: Ledger) -> None:
    rows = _rows(signed)[:5]
    signed.run("UPDATE ledger_head SET seq = 5, hash = :hash", hash=rows[-1]["hash"])
    assert _told(signed, rows) == 6


def test_a_tail_cut_off_behind_the_last_checkpoint_contradicts_what_other_tables_speak_of(signed: Ledger) -> None:
    rows = _rows(signed)[:10]
    _replace(signed, rows)
    signed.run("UPDATE ledger_head SET seq = 10, hash = :hash", hash=rows[-1]["hash"])
    verdict = signed.verify(at_least_seq=12)
    assert verdict.first_bad == 11
    assert "11 to 12" in verdict.problems[0].what


def test_a_cut_tail_is_not_covered_up_by_new_entries(signed: Ledger) -> None:
    _replace(signed, _rows(signed)[:-1])
    signed.append(3)
    assert signed.verify().first_bad == ENTRIES


def test_an_emptied_ledger_is_told_and_takes_no_new_beginning(signed: Ledger) -> None:
    _replace(signed, [])
    assert signed.verify().first_bad == 1
    signed.append()
    assert signed.verify().first_bad == 1


def test_a_database_that_was_rolled_back_with_all_its_tables_contradicts_the_files(signed: Ledger) -> None:
    rows = _rows(signed)[:5]
    _replace(signed, rows)
    signed.run("DELETE FROM ledger_checkpoint")
    signed.run("UPDATE ledger_head SET seq = 5, hash = :hash", hash=rows[-1]["hash"])
    verdict = signed.verify()
    assert verdict.first_bad == 6


def _forged(ledger: Ledger, keys: KeyRing, seq: int, hash_: str) -> bytes:
    from rempart.audit.checkpoints import BODY_TYPE
    from rempart.storage.signed import sign_body

    body = {"type": BODY_TYPE, "version": 1, "number": 1, "seq": seq, "hash": hash_, "previous": BEGINNING}
    return sign_body({**body, "at_utc": "2026-11-22T09:00:00Z"}, keys)


def test_a_checkpoint_of_another_key_is_told(signed: Ledger) -> None:
    rows = _rewritten(_rows(signed), 0)
    statement = _forged(signed, KeyRing.generate(), 8, rows[7]["hash"])
    signed.run("UPDATE ledger_head SET hash = :hash", hash=rows[-1]["hash"])
    signed.run("UPDATE ledger_checkpoint SET statement = :statement", statement=statement)
    path = path_of(signed.folder, 8)
    path.chmod(0o600)
    path.write_bytes(statement)
    _replace(signed, rows)
    verdict = signed.verify()
    assert verdict.first_bad == 8
    assert "not signed with this key" in verdict.problems[0].what


def test_a_changed_checkpoint_is_told(signed: Ledger) -> None:
    path = path_of(signed.folder, 8)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"09:00:00Z", b"09:00:01Z"))
    assert signed.verify().first_bad == 8


def test_a_checkpoint_removed_from_the_database_is_told(signed: Ledger) -> None:
    make_checkpoint(signed.database, signed.keys, signed.folder, NOW)
    signed.run("DELETE FROM ledger_checkpoint WHERE number = 1")
    assert signed.verify().first_bad == 8


def test_a_checkpoint_moved_to_another_entry_is_told(signed: Ledger) -> None:
    signed.run("UPDATE ledger_checkpoint SET seq = 7")
    assert signed.verify().first_bad == 7


def test_a_removed_file_is_told(signed: Ledger) -> None:
    path_of(signed.folder, 8).unlink()
    assert signed.verify().first_bad == 8


def test_a_checkpoint_kept_elsewhere_is_compared(signed: Ledger, tmp_path: Path) -> None:
    statement = path_of(signed.folder, 8).read_bytes()
    assert not signed.verify(elsewhere=[statement]).problems
    assert signed.verify(elsewhere=[b"nonsense"]).problems
    path_of(signed.folder, 8).unlink()
    signed.run("DELETE FROM ledger_checkpoint")
    rows = _rewritten(_rows(signed), 0)
    signed.run("UPDATE ledger_head SET hash = :hash", hash=rows[-1]["hash"])
    _replace(signed, rows)
    assert not signed.verify().problems  # nothing left that could tell
    assert signed.verify(elsewhere=[statement]).first_bad == 8


@pytest.mark.parametrize("value", ["x'7b7d'", "x'ff'", "CAST(x'ff' AS TEXT)", "12"])
def test_another_type_or_broken_text_in_sqlite_is_told(signed: Ledger, value: str) -> None:
    if not signed.database.is_sqlite:
        return
    signed.run(f"UPDATE ledger SET data = {value} WHERE seq = 3")  # noqa: S608
    assert signed.verify().first_bad == 3


def test_the_same_bytes_as_another_type_are_told(signed: Ledger) -> None:
    if not signed.database.is_sqlite:
        return
    signed.run("UPDATE ledger SET verb = CAST(verb AS BLOB) WHERE seq = 3")
    assert signed.verify().first_bad == 3


def test_a_great_many_problems_are_counted_and_the_first_told(signed: Ledger) -> None:
    signed.append(50)
    signed.run("UPDATE ledger SET verb = 'other' WHERE seq > 4")
    verdict = signed.verify()
    assert verdict.problem_count == 58
    assert [one.seq for one in verdict.problems] == list(range(5, 25))


def test_progress_is_told(ledger: Ledger) -> None:
    ledger.append(2500)
    told: list[tuple[int, int]] = []
    ledger.verify(progress=lambda done, total: told.append((done, total)))
    assert told == [(1000, 2500), (2000, 2500)]


def test_others_may_append_while_it_is_verified(ledger: Ledger) -> None:
    ledger.append(2000)

    def append(done: int, total: int) -> None:
        ledger.append(now=NOW)

    assert ledger.verify(progress=append).whole


def test_an_entry_reads_back_as_it_was_written_whatever_the_order_of_its_keys(ledger: Ledger) -> None:
    with ledger.database.writing() as writer:
        queries.append(writer, Actor(1, "R-1"), "case", 1, "case.opened", {"z": (1, 2), "a": {"y": 1.5, "b": "é"}}, NOW)
    with ledger.database.reading() as reader:
        [entry] = queries.story(reader, 1, "case", 1)
    assert list(entry.data) == ["a", "z"]
    assert queries.rehashed(entry) == entry
    assert ledger.verify().whole
