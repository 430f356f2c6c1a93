"""What each thread of a job screens with: its own sandboxed child, and the newest snapshot for every item."""

from collections.abc import Callable, Iterator
from pathlib import Path

from rempart.batch import rows
from rempart.batch.plan import FileShard, Shard
from rempart.batch.sources import Row
from rempart.facts import Finding, Item
from rempart.matching import Snapshot
from rempart.screening import Opener, not_examined, screen


class ScreeningWorker:
    """Findings for shards. snapshot: called before every item, so that a withdrawal counts at once."""

    def __init__(self, opener: Opener, snapshot: Callable[[], Snapshot]) -> None:
        self._opener, self._snapshot = opener, snapshot

    def findings(self, shard: Shard) -> Iterator[Finding]:
        """One finding per item of the shard, and per member of its archives."""
        if not isinstance(shard, FileShard):
            yield from rows.findings(shard, self._snapshot())
            return
        for row in shard.rows:
            yield from self._of_row(row)

    def close(self) -> None:
        """Give the child back."""
        self._opener.close()

    def _of_row(self, row: Row) -> Iterator[Finding]:
        if row.refused is not None:
            yield not_examined(row.name, row.refused)
            return
        item = Item(row.name, Path(row.path) if row.path is not None else None, row.fingerprints())
        yield from screen(item, self._snapshot, self._opener)
