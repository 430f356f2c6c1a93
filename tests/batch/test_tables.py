"""Index-only tables: Parquet and CSV, odd cells and lines, tables that change; the counts add up to the rows."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rempart.batch import plan as plans
from rempart.batch import rows, tables
from rempart.batch.plan import FileShard, TableShard
from rempart.errors import Conflict, UserMistake
from rempart.facts import Finding, HashList, Matched, NoMatch, NotExamined, name_of
from rempart.matching import ExactIndex, HammingIndex, ListSnapshot, Snapshot

RANDOM = np.random.default_rng(20261122)
MD5 = [RANDOM.bytes(16) for _ in range(3)]
PDQ = RANDOM.bytes(32)


def snapshot() -> Snapshot:
    facts = HashList("bad", 4, "a test", "known-bad", "block", 31, None)
    near = HammingIndex.build(np.frombuffer(PDQ, np.uint8).reshape(1, 32), np.array([7]))
    exact = {"md5": ExactIndex.build(np.frombuffer(MD5[0], np.uint8).reshape(1, 16), np.array([9]))}
    return Snapshot((ListSnapshot(facts, near, exact, lambda entry: (f"ref-{entry}", "", False)),))  # type: ignore[arg-type]


def findings(table: Path, folder: Path, **mapping: str) -> list[Finding]:
    """Every finding of a table, as a job makes them."""
    return list(_each(table, folder, mapping))


def _each(table: Path, folder: Path, mapping: dict[str, str]) -> Iterator[Finding]:
    for shard in tables.shards(table, mapping, folder, 0):
        if isinstance(shard, FileShard):
            yield from (Finding(row.name, NotExamined(row.refused or "")) for row in shard.rows)
        else:
            yield from rows.findings(shard, snapshot)


def parquet(path: Path, **columns: list[object]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_a_parquet_table_is_screened_row_by_row(tmp_path: Path) -> None:
    table = parquet(
        tmp_path / "t.parquet",
        url=["https://a", "https://b", "https://c", None],
        md5=[MD5[0].hex(), MD5[1].hex().upper(), None, ""],
        pdq=[None, None, PDQ.hex(), None],
    )
    found = findings(table, tmp_path)
    assert [name_of(one.outcome) for one in found] == ["match", "no_match", "match", "not_examined"]
    assert [one.item for one in found] == ["https://a", "https://b", "https://c", "row 3 of group 0"]
    assert isinstance(found[0].outcome, Matched)
    assert found[0].outcome.matches[0].entry_ref == "ref-9"
    assert found[3].outcome == NotExamined("no usable fingerprint")


def test_digests_as_bytes_are_understood(tmp_path: Path) -> None:
    table = parquet(tmp_path / "t.parquet", md5=[MD5[0], MD5[1]])
    assert [name_of(one.outcome) for one in findings(table, tmp_path)] == ["match", "no_match"]


def test_a_bad_cell_is_never_a_silent_miss(tmp_path: Path) -> None:
    table = parquet(tmp_path / "t.parquet", md5=[MD5[1].hex(), MD5[0].hex()], pdq=["nonsense", "nonsense"])
    missed, matched = findings(table, tmp_path)
    assert missed.outcome == NotExamined("bad row")
    assert isinstance(matched.outcome, Matched)
    assert matched.gaps == ("bad row",)


def test_the_digest_of_an_empty_file_is_no_fingerprint(tmp_path: Path) -> None:
    table = parquet(tmp_path / "t.parquet", md5=["d41d8cd98f00b204e9800998ecf8427e"])
    assert findings(table, tmp_path)[0].outcome == NotExamined("no usable fingerprint")


def test_csv_lines_that_are_no_rows_are_counted_by_their_number(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"url,md5\nhttps://a,{MD5[0].hex()}\nonly one cell\nhttps://b,{MD5[1].hex()}\n")
    found = {one.item: name_of(one.outcome) for one in findings(tmp_path / "t.csv", tmp_path)}
    assert found == {"https://a": "match", "https://b": "no_match", f"{tmp_path}/t.csv:3": "not_examined"}


def test_an_odd_letter_in_a_csv_does_not_lose_the_file(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"url;md5\nhttps://\xff\x1b[31m;" + MD5[0].hex().encode() + b"\n")
    (one,) = findings(tmp_path / "t.csv", tmp_path)
    assert isinstance(one.outcome, Matched)
    assert one.item == "https://\\xff\\x1b[31m"


def test_large_row_groups_are_cut_and_every_row_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_ROWS_PER_GROUP", 100)
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", 64)
    values = [RANDOM.bytes(16).hex() for _ in range(999)]
    table = parquet(tmp_path / "t.parquet", md5=[*values, MD5[0].hex()], id=[str(n) for n in range(1000)])
    shards = list(tables.shards(table, {}, tmp_path / "x", 5))
    assert [shard.number for shard in shards] == list(range(5, 15))
    found = findings(table, tmp_path / "y")
    assert Counter(name_of(one.outcome) for one in found) == {"no_match": 999, "match": 1}
    assert [one.item for one in found] == [str(n) for n in range(1000)]


def test_a_table_that_changed_since_the_plan_is_refused(tmp_path: Path) -> None:
    table = parquet(tmp_path / "t.parquet", md5=[MD5[0].hex()])
    (shard,) = tables.shards(table, {}, tmp_path, 0)
    assert isinstance(shard, TableShard)
    parquet(table, md5=[MD5[0].hex(), MD5[1].hex()])
    with pytest.raises(Conflict, match="changed since"):
        list(rows.findings(shard, snapshot))
    table.unlink()
    with pytest.raises(Conflict, match="cannot be read any more"):
        list(rows.findings(shard, snapshot))


def test_a_column_is_named_in_either_case_and_an_unknown_one_is_told(tmp_path: Path) -> None:
    table = parquet(tmp_path / "t.parquet", Address=["https://a"], Hash=[MD5[0].hex()])
    assert findings(table, tmp_path, md5="hash", url="ADDRESS")[0].item == "https://a"
    with pytest.raises(UserMistake, match="no column `MD5`; it has: Address, Hash"):
        findings(table, tmp_path, md5="MD5")
    with pytest.raises(UserMistake, match="no column with fingerprints"):
        findings(table, tmp_path)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"x" * 50, b"\x00" * 100])
def test_what_is_no_table_is_a_clear_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "t").write_bytes(content)
    with pytest.raises(UserMistake, match="table `"):
        findings(tmp_path / "t", tmp_path)


def test_a_table_shard_comes_back_from_the_plan_as_it_was(tmp_path: Path) -> None:
    table = parquet(tmp_path / "t.parquet", md5=[MD5[0].hex()])
    (shard,) = tables.shards(table, {}, tmp_path, 0)
    assert plans.write(tmp_path, [shard], {}).shard(0) == shard


def test_no_match_rows_are_plain(tmp_path: Path) -> None:
    table = parquet(tmp_path / "t.parquet", md5=[MD5[2].hex()])
    assert findings(table, tmp_path)[0].outcome == NoMatch()
