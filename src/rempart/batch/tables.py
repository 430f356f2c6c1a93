"""Index-only tables: a name and digests per row, no media. CSV is turned into Parquet first."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rempart.batch.plan import Shard, TableShard, cut
from rempart.batch.sources import Row, shown
from rempart.errors import UserMistake
from rempart.facts import reasons
from rempart.fingerprints import KINDS

if TYPE_CHECKING:
    import pyarrow as pa

_NAME_COLUMNS = ("url", "name", "path", "image_url", "id")
_ROWS_PER_GROUP = 50_000


def shards(table: Path, mapping: dict[str, str], folder: Path, first_number: int) -> Iterator[Shard]:
    """Shards for each row group, then one for the lines that are no rows.

    mapping: `{"url": COLUMN, "md5": COLUMN, ...}`; empty: by column name.
    Raises UserMistake when the table cannot be read or has no usable column.
    """
    import pyarrow.parquet as pq

    bad_lines: list[int] = []
    source = table if _is_parquet(table) else _to_parquet(table, folder, bad_lines)
    try:
        metadata = pq.read_metadata(source)
        if metadata.num_row_groups and metadata.row_group(0).num_rows > 4 * _ROWS_PER_GROUP:
            source = _regrouped(source, folder)
            metadata = pq.read_metadata(source)
        names = pq.read_schema(source).names
    except (OSError, ValueError) as error:  # Arrow's own errors are ValueErrors
        raise UserMistake(f"table `{table}` is not a Parquet file that can be read; check the file") from error
    model = _columns(table, names, mapping)
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        at = {"number": first_number + group, "table": str(source.resolve()), "row_group": group, "rows": rows}
        yield replace(model, **at, stamp=stamp(source))
    refused = (Row(shown(f"{table}:{line}"), refused=reasons.BAD_ROW) for line in bad_lines)
    yield from cut(refused, first_number + metadata.num_row_groups)


def stamp(table: Path) -> str:
    """Size and time of the table, to notice when it is no longer what was planned."""
    state = table.stat()
    return f"{state.st_size}-{state.st_mtime_ns}"


def _is_parquet(table: Path) -> bool:
    try:
        with table.open("rb") as stream:
            return stream.read(4) == b"PAR1"
    except OSError as error:
        raise UserMistake(f"table `{table}` cannot be read ({error.strerror}); check the path") from error


def _columns(table: Path, names: list[str], mapping: dict[str, str]) -> TableShard:
    by_lower = {name.lower(): name for name in names}
    if len(by_lower) < len(names):
        raise UserMistake(f"table `{table}` has two columns of one name; rename one; it has: {', '.join(names)}")
    unknown = [column for column in mapping.values() if column.lower() not in by_lower]
    if unknown:
        raise UserMistake(f"table `{table}` has no column `{unknown[0]}`; it has: {', '.join(names)}")
    chosen = {
        kind: by_lower[mapping.get(kind, kind).lower()] for kind in KINDS if mapping.get(kind, kind).lower() in by_lower
    }
    if not chosen:
        raise UserMistake(
            f"table `{table}` has no column with fingerprints; name one with --column md5=COLUMN; "
            f"it has: {', '.join(names)}"
        )
    wanted = [mapping["url"]] if "url" in mapping else _NAME_COLUMNS
    name_column = next((by_lower[name.lower()] for name in wanted if name.lower() in by_lower), None)
    return TableShard(0, "", 0, 0, name_column, chosen)


def _to_parquet(table: Path, folder: Path, bad_lines: list[int]) -> Path:
    """The CSV as Parquet, every column as bytes, so that no odd letter loses the file; bad_lines is filled."""
    import pyarrow as pa
    from pyarrow import csv

    def note(row: Any) -> str:
        bad_lines.append(row.number or 0)
        return "skip"

    # One thread, or Arrow does not number the rows.
    read = csv.ReadOptions(use_threads=False)
    parse = csv.ParseOptions(delimiter=_delimiter(table), invalid_row_handler=note)
    try:
        header = csv.open_csv(table, read, parse, csv.ConvertOptions(check_utf8=False)).schema.names
        convert = csv.ConvertOptions(check_utf8=False, column_types=dict.fromkeys(header, pa.binary()))
        bad_lines.clear()
        reader = csv.open_csv(table, read, parse, convert)
        return _write(reader.schema, reader, folder / f"{table.stem}.parquet")
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError) as error:
        raise UserMistake(f"table `{table}` is neither Parquet nor CSV that can be read; check the file") from error


def _delimiter(table: Path) -> str:
    with table.open("rb") as stream:
        head = stream.readline(1 << 16)
    return max(",;\t|", key=lambda mark: head.count(mark.encode()))


def _regrouped(source: Path, folder: Path) -> Path:
    """The same table with row groups small enough to be shards."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source)
    return _write(file.schema_arrow, file.iter_batches(_ROWS_PER_GROUP), folder / f"{source.stem}.groups.parquet")


def _write(schema: "pa.Schema", batches: Any, target: Path) -> Path:
    import pyarrow.parquet as pq

    target.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(target, schema) as writer:
        for batch in batches:
            writer.write_batch(batch, row_group_size=_ROWS_PER_GROUP)
    return target
