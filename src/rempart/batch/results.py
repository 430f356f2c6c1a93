"""What a job leaves behind: `findings.jsonl`, `findings.parquet`, and the summary of both, merged from its shards."""

import json
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO

from rempart.batch.summary import Summary
from rempart.facts import Finding
from rempart.facts.wire import finding_from_json, finding_to_json
from rempart.storage.atomic import written_atomically

_LINES_PER_GROUP = 8192
_LESS_THE_UMASK = 0o666


def for_readers(path: Path) -> AbstractContextManager[BinaryIO]:
    """A stream for a result: it appears whole or not at all, and whoever the umask admits may read it."""
    return written_atomically(path, mode=_LESS_THE_UMASK)


def line(finding: Finding) -> bytes:
    """One `findings.jsonl` line: ASCII, keys in fixed order, so that equal findings are equal bytes."""
    return json.dumps(finding_to_json(finding), separators=(",", ":")).encode() + b"\n"


def merge(folder: Path, shard_files: Iterable[Path]) -> Summary:
    """The counts of all findings, after writing both files of them in plan order."""
    summary = Summary()
    with for_readers(folder / "findings.jsonl") as lines, for_readers(folder / "findings.parquet") as table:
        writer = _Table(table)
        for raw in _lines(shard_files):
            record = json.loads(raw)
            summary.add(finding_from_json(record))
            lines.write(raw)
            writer.add(record)
        writer.close()
    return summary


def read(folder: Path) -> Iterator[Finding]:
    """The findings of a finished job."""
    for raw in _lines([folder / "findings.jsonl"]):
        yield finding_from_json(json.loads(raw))


def _lines(files: Iterable[Path]) -> Iterator[bytes]:
    for file in files:
        with file.open("rb") as stream:
            yield from stream


class _Table:
    """Findings as Parquet, a group at a time."""

    def __init__(self, stream: Any) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._schema = _schema(pa)
        self._table = pa.Table
        self._writer = pq.ParquetWriter(stream, self._schema)
        self._records: list[dict[str, Any]] = []

    def add(self, record: dict[str, Any]) -> None:
        origin = record["origin"]
        self._records.append({**record, "origin": json.dumps(origin) if origin else None})
        if len(self._records) >= _LINES_PER_GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._records:
            self._writer.write_table(self._table.from_pylist(self._records, schema=self._schema))
            self._records = []


def _schema(pa: Any) -> Any:
    """Columns as in the JSON lines; `origin` as JSON text, because its evidence nests deeper than tables like."""
    text, count = pa.string(), pa.int64()
    words = pa.list_(text)
    view = pa.struct({"frame": count, "ground": text, "crop": text, "path": text, "transform": text})
    match = pa.struct(
        {
            **dict.fromkeys(("list_name", "entry_ref", "kind", "policy", "polarity", "classification"), text),
            **dict.fromkeys(("list_version", "distance_bits"), count),
            "view": view,
            "held": pa.bool_(),
        }
    )
    return pa.schema(
        {
            "version": count,
            **dict.fromkeys(("item", "outcome", "reason", "policy"), text),
            "matches": pa.list_(match),
            "media_type": text,
            **dict.fromkeys(("size_bytes", "width_pixels", "height_pixels", "frames"), count),
            "gaps": words,
            "origin": text,
        }
    )
