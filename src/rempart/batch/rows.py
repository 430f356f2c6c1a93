"""Findings for one row group of an index-only table: a column at a time, because such tables have millions of rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rempart.batch.plan import TableShard
from rempart.batch.sources import shown
from rempart.batch.tables import stamp
from rempart.errors import Conflict, UserMistake
from rempart.facts import BYTES_OF_KIND, Examination, Finding, Fingerprint, Kind, NoMatch, Variant, View, reasons
from rempart.fingerprints import KINDS
from rempart.matching import Snapshot
from rempart.media.content_type import UNKNOWN
from rempart.screening import judge, not_examined

ROWS_AT_ONCE = 4096  # for as long as these take, a withdrawal may go unnoticed: milliseconds


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The fingerprints of one kind in some rows.

    values: (n, bytes) uint8. usable: which rows hold one. bad: which rows hold something that is none.
    """

    values: NDArray[np.uint8]
    usable: NDArray[np.bool_]
    bad: NDArray[np.bool_]


def findings(shard: TableShard, snapshot: Callable[[], Snapshot]) -> Iterator[Finding]:
    """One finding per row: by its digests and PDQ only; a row without a usable one is not examined.

    snapshot: called for every `ROWS_AT_ONCE` rows. Raises Conflict when the table is not what was planned.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    wanted = [*shard.columns.values(), *([shard.name_column] if shard.name_column else [])]
    try:
        if stamp(Path(shard.table)) != shard.stamp:
            raise Conflict(f"table `{shard.table}` changed since the job was planned; choose another --out")
        table = pq.ParquetFile(shard.table).read_row_group(shard.row_group, columns=list(dict.fromkeys(wanted)))
    except (OSError, pa.ArrowException) as error:
        raise Conflict(f"table `{shard.table}` cannot be read any more; put it back and run again") from error
    for first in range(0, shard.rows, ROWS_AT_ONCE):
        block = table.slice(first, ROWS_AT_ONCE)
        names = block[shard.name_column].to_pylist() if shard.name_column else [None] * len(block)
        shown_names = [_name(name, shard, first + row) for row, name in enumerate(names)]
        columns = {kind: _parsed(kind, block[column].to_pylist()) for kind, column in shard.columns.items()}
        yield from _of_block(shown_names, columns, snapshot())


def _of_block(names: list[str], columns: dict[Kind, Column], snapshot: Snapshot) -> Iterator[Finding]:
    hit = np.zeros(len(names), bool)
    for kind, column in columns.items():
        hit[np.flatnonzero(column.usable)[snapshot.digest_matches(kind, column.values[column.usable]).row]] = True
    usable = np.logical_or.reduce([column.usable for column in columns.values()])
    bad = np.logical_or.reduce([column.bad for column in columns.values()])
    for row, name in enumerate(names):
        if hit[row]:
            yield _judged(name, columns, row, bool(bad[row]), snapshot)
        elif bad[row]:
            yield not_examined(name, reasons.BAD_ROW)
        elif usable[row]:
            yield Finding(item=name, outcome=NoMatch())
        else:
            yield not_examined(name, reasons.NO_FINGERPRINT)


def _name(name: Any, shard: TableShard, row: int) -> str:
    if isinstance(name, bytes):
        name = name.decode("utf-8", "surrogateescape")
    return shown(str(name)) if name else f"row {row} of group {shard.row_group}"


def _parsed(kind: Kind, cells: list[Any]) -> Column:
    rows = len(cells)
    column = Column(np.zeros((rows, BYTES_OF_KIND[kind]), np.uint8), np.zeros(rows, bool), np.zeros(rows, bool))
    for row, cell in enumerate(cells):
        if cell is None or cell in ("", b""):
            continue
        value = _value(kind, cell)
        if value is None:
            column.bad[row] = True
        elif KINDS[kind].refuse(Fingerprint(kind, value)) is None:
            column.values[row], column.usable[row] = np.frombuffer(value, np.uint8), True
    return column


def _value(kind: Kind, cell: Any) -> bytes | None:
    """The fingerprint in a cell of bytes or of hexadecimal text; None when it is none."""
    if isinstance(cell, bytes):
        if len(cell) == BYTES_OF_KIND[kind]:
            return cell
        cell = cell.decode("ascii", "replace")
    try:
        return KINDS[kind].parse(cell).value if isinstance(cell, str) else None
    except UserMistake:
        return None


def _judged(name: str, columns: dict[Kind, Column], row: int, bad: bool, snapshot: Snapshot) -> Finding:
    """The finding of one row. Its digests are claims: nobody hashed the bytes, so they never soften a match."""
    known = [Fingerprint(kind, column.values[row].tobytes()) for kind, column in columns.items() if column.usable[row]]
    seen = Examination(
        media_type=UNKNOWN,
        size_bytes=0,
        variants=tuple(Variant(print_, View()) for print_ in known if print_.kind == "pdq"),
        gaps=(reasons.BAD_ROW,) if bad else (),
    )
    return judge(name, seen, snapshot, claimed=tuple(print_ for print_ in known if print_.kind != "pdq"))
