"""The plan of a job: every item, cut into shards, written once before any work so that a resume knows what is left."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

from rempart.batch.sources import Row
from rempart.errors import Conflict
from rempart.facts import Kind
from rempart.storage.atomic import written_atomically

PLAN_VERSION = 1
ROWS_PER_SHARD = 64  # one shard is the most work a kill can cost each worker: about a second of photos
_FIRST_SIZES = [size for size in (4, 8, 16, 32) for _ in range(4)]  # or a job of 80 photos would keep one worker busy


@dataclass(frozen=True, slots=True)
class FileShard:
    """Consecutive rows to examine."""

    number: int
    rows: tuple[Row, ...]

    @property
    def size(self) -> int:
        """How many planned items it holds."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class TableShard:
    """One row group of an index table: columns say which column holds which kind, and which one the name.

    stamp: size and time of the table when it was planned; a table that changed since is not what was planned.
    """

    number: int
    table: str
    row_group: int
    rows: int
    name_column: str | None
    columns: dict[Kind, str]
    stamp: str = ""

    @property
    def size(self) -> int:
        """How many planned items it holds."""
        return self.rows


Shard = FileShard | TableShard


@dataclass(frozen=True, slots=True)
class Plan:
    """A written plan: where each shard's line starts, and how many items there are in all."""

    folder: Path
    offsets: tuple[int, ...]
    items: int
    identity: dict[str, Any]

    def shard(self, number: int) -> Shard:
        """One shard, read back from the plan file."""
        with (self.folder / "plan.ndjson").open("rb") as stream:
            stream.seek(self.offsets[number])
            return _shard_from_json(number, json.loads(stream.readline()))


def cut(rows: Iterable[Row], first_number: int = 0) -> Iterator[FileShard]:
    """Rows in shards, the first ones small and the others of `ROWS_PER_SHARD`, numbered from `first_number`."""
    stream = iter(rows)
    for number, size in enumerate(chain(_FIRST_SIZES, repeat(ROWS_PER_SHARD)), first_number):
        if not (chunk := tuple(islice(stream, size))):
            return
        yield FileShard(number, chunk)


def write(folder: Path, shards: Iterable[Shard], identity: dict[str, Any]) -> Plan:
    """The plan, after writing it whole into `folder`."""
    offsets, items = [], 0
    with written_atomically(folder / "plan.ndjson") as stream:
        for shard in shards:
            offsets.append(stream.tell())
            items += shard.size
            stream.write(json.dumps(_shard_to_json(shard)).encode() + b"\n")
    head = {"version": PLAN_VERSION, "offsets": offsets, "items": items, "identity": identity}
    with written_atomically(folder / "plan.json") as stream:
        stream.write(json.dumps(head).encode())
    return Plan(folder, tuple(offsets), items, identity)


def read(folder: Path) -> Plan | None:
    """The plan in `folder`, or None when none was finished there."""
    try:
        head = json.loads((folder / "plan.json").read_bytes())
        if head["version"] != PLAN_VERSION:
            raise Conflict(f"`{folder}` was planned by another release; choose another --out")
        return Plan(folder, tuple(head["offsets"]), head["items"], head["identity"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise Conflict(f"the plan in `{folder}` is damaged; choose another --out or delete that folder") from error


def _shard_to_json(shard: Shard) -> dict[str, Any]:
    if isinstance(shard, TableShard):
        return {key: value for key, value in asdict(shard).items() if key != "number"}
    return {"rows": [_row_to_json(row) for row in shard.rows]}


def _row_to_json(row: Row) -> dict[str, Any]:
    return {key: value for key, value in asdict(row).items() if value}


def _shard_from_json(number: int, record: dict[str, Any]) -> Shard:
    if "table" in record:
        return TableShard(number, **record)
    return FileShard(number, tuple(Row(**row) for row in record["rows"]))
