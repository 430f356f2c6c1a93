"""What each thread of a job screens with: its own sandboxed child, and the newest snapshot for every item."""

from collections.abc import Callable, Iterator
from pathlib import Path

from rempart.batch import rows
from rempart.batch.plan import FileShard, Shard
from rempart.batch.sources import Row
from rempart.errors import RempartError
from rempart.facts import Finding, Item, reasons
from rempart.matching import Snapshot
from rempart.screening import Opener, not_examined, screen


class ScreeningWorker:
    """Findings for shards. snapshot: called before every judgement, so that a withdrawal counts at once."""

    def __init__(self, opener: Opener, snapshot: Callable[[], Snapshot]) -> None:
        self._opener, self._snapshot = opener, snapshot

    def findings(self, shard: Shard) -> Iterator[Finding]:
        """One finding per item of the shard, and per member of its archives."""
        if not isinstance(shard, FileShard):
            yield from rows.findings(shard, self._snapshot)
            return
        for row in shard.rows:
            yield from self._of_row(row)

    def versions(self) -> dict[str, int]:
        """List name -> version, of the lists in force now."""
        return {held.facts.name: held.facts.version for held in self._snapshot().lists}

    def close(self) -> None:
        """Give the child back."""
        self._opener.close()

    def _of_row(self, row: Row) -> Iterator[Finding]:
        if row.refused is not None:
            yield not_examined(row.name, row.refused)
            return
        item = Item(row.name, Path(row.path) if row.path is not None else None, row.fingerprints())
        try:
            yield from screen(item, self._snapshot, self._opener)
        except RempartError:
            raise  # a list or a key that cannot be opened concerns every item
        except Exception as error:  # noqa: BLE001 - the batch loop: one item may not take the job with it
            yield not_examined(row.name, reasons.reason(reasons.CRASHED, type(error).__name__))
