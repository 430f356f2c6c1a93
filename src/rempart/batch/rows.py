"""Findings for one row group of an index-only table: a column at a time, because such tables have millions of rows."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rempart.batch.plan import TableShard
from rempart.batch.sources import shown
from rempart.errors import UserMistake
from rempart.facts import BYTES_OF_KIND, Examination, Finding, Fingerprint, Kind, NoMatch, Variant, View, reasons
from rempart.fingerprints import KINDS
from rempart.matching.snapshot import Snapshot
from rempart.screening import judge, not_examined

MEDIA_TYPE = "application/octet-stream"


def findings(shard: TableShard, snapshot: Snapshot) -> Iterator[Finding]:
    """One finding per row: by its digests and PDQ only; a row without a usable one is not examined."""
    import pyarrow.parquet as pq

    wanted = [*shard.columns.values(), *([shard.name_column] if shard.name_column else [])]
    table = pq.ParquetFile(shard.table).read_row_group(shard.row_group, columns=list(dict.fromkeys(wanted)))
    names = table[shard.name_column].to_pylist() if shard.name_column else [None] * shard.rows
    columns = {kind: table[column].to_pylist() for kind, column in shard.columns.items()}
    parsed = {kind: _parse_column(kind, texts) for kind, texts in columns.items()}
    hit = np.zeros(shard.rows, bool)
    for kind, (values, usable) in parsed.items():
        hit[np.flatnonzero(usable)[snapshot.digest_matches(kind, values[usable]).row]] = True
    any_usable = np.logical_or.reduce([usable for _, usable in parsed.values()])
    for row in range(shard.rows):
        name = _name(shard, names[row], row)
        if not any_usable[row]:
            yield not_examined(name, reasons.NO_FINGERPRINT)
        elif not hit[row]:
            yield Finding(item=name, outcome=NoMatch())
        else:
            yield judge(name, _examination(parsed, row), snapshot)


def _name(shard: TableShard, name: Any, row: int) -> str:
    return shown(str(name)) if name else f"row {row} of group {shard.row_group}"


def _parse_column(kind: Kind, texts: list[Any]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Values (n, bytes) of a column, and which rows hold one. A short or odd text is a row without a fingerprint."""
    size = BYTES_OF_KIND[kind]
    values, usable = np.zeros((len(texts), size), np.uint8), np.zeros(len(texts), bool)
    for row, text in enumerate(texts):
        value = _value(kind, text)
        if value is not None:
            values[row], usable[row] = np.frombuffer(value, np.uint8), True
    return values, usable


def _value(kind: Kind, cell: Any) -> bytes | None:
    if isinstance(cell, bytes):
        return cell if len(cell) == BYTES_OF_KIND[kind] else None
    if not isinstance(cell, str):
        return None
    try:
        fingerprint = KINDS[kind].parse(cell)
    except UserMistake:
        return None
    return None if KINDS[kind].refuse(fingerprint) else fingerprint.value


def _examination(parsed: dict[Kind, tuple[NDArray[np.uint8], NDArray[np.bool_]]], row: int) -> Examination:
    known = [Fingerprint(kind, values[row].tobytes()) for kind, (values, usable) in parsed.items() if usable[row]]
    return Examination(
        media_type=MEDIA_TYPE,
        size_bytes=0,
        digests=tuple(print_ for print_ in known if print_.kind != "pdq"),
        variants=tuple(Variant(print_, View()) for print_ in known if print_.kind == "pdq"),
    )
