"""What the operator asked for: inputs to shards, and what makes two jobs the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from rempart.batch import sources, tables
from rempart.batch.plan import Shard, cut
from rempart.batch.sources import Row
from rempart.errors import UserMistake


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files, folders and archives; files that list them; manifests; index tables.

    columns: which column of the tables holds what, as `{"md5": "MD5_HEX", "url": "URL"}`; empty means by name.
    """

    paths: tuple[str, ...] = ()
    file_lists: tuple[Path, ...] = ()
    manifests: tuple[Path, ...] = ()
    tables: tuple[Path, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)

    def rows(self, leave_out: Path | None = None) -> Iterator[Row]:
        """Everything but the tables, row by row. leave_out: the job's own folder."""
        return chain(
            sources.from_paths(list(self.paths), leave_out),
            chain.from_iterable(sources.from_file_list(listing) for listing in self.file_lists),
            chain.from_iterable(sources.from_manifest(manifest) for manifest in self.manifests),
        )

    def shards(self, folder: Path) -> Iterator[Shard]:
        """The shards of the job. folder: where tables that are not Parquet are converted to, inside the job's own."""
        number = 0
        for shard in cut(self.rows(leave_out=folder.parent)):
            yield shard
            number = shard.number + 1
        for position, table in enumerate(self.tables):
            for part in tables.shards(table, self.columns, folder / f"table-{position}", number):
                yield part
                number = part.number + 1

    def identity(self) -> dict[str, Any]:
        """What makes two requests the same job, as JSON values. Raises UserMistake when nothing is named."""
        if not (self.paths or self.file_lists or self.manifests or self.tables):
            raise UserMistake("nothing to screen; name files, folders, --files-from, --manifest or --table")
        return {
            "paths": [str(Path(path).absolute()) for path in self.paths],
            "file_lists": [str(path.absolute()) for path in self.file_lists],
            "manifests": [str(path.absolute()) for path in self.manifests],
            "tables": [str(path.absolute()) for path in self.tables],
            "columns": dict(self.columns),
        }
