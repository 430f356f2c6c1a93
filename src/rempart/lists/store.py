"""The lists we hold: import, append, withdraw, hold, verify, and the snapshot that screening matches against."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

import numpy as np

from rempart.clock import Clock
from rempart.errors import NotFound, Unavailable
from rempart.facts import Entry, Fingerprint, Polarity, Policy
from rempart.lists import diffing, holding, importing, withdrawing
from rempart.lists.changing import change, stamp
from rempart.lists.disk import Disk
from rempart.lists.gathering import gather, gather_entries
from rempart.lists.memory import Memory
from rempart.lists.names import check_name
from rempart.lists.planning import Mode
from rempart.lists.reading import open_rows
from rempart.lists.receipts import Receipt
from rempart.lists.reports import AppendReport, ImportReport, ListDiff, ListSummary, Verification, WithdrawalPreview
from rempart.lists.rows import Mapped
from rempart.lists.verifying import verify
from rempart.lists.view import ListView
from rempart.matching import Snapshot
from rempart.storage.keys import KeyRing
from rempart.storage.locks import exclusive


class Lists:
    """All lists of one data folder.

    folder: sealed files. memory_folder: where the readable indexes live, mapped by all processes; it must be
    memory-backed. None: each process keeps a copy of its own. Safe to use from threads and processes.
    """

    def __init__(self, folder: Path, keys: KeyRing, memory_folder: Path | None, clock: Clock) -> None:
        self.folder = folder
        self._keys = keys
        self._clock = clock
        self._memory = Memory(memory_folder) if memory_folder is not None else None
        self._views: dict[str, ListView] = {}
        self._guard = RLock()
        self._last: tuple[tuple[int, ...], Snapshot] | None = None

    def names(self) -> list[str]:
        """The names of all lists, sorted."""
        try:
            found = [path.name for path in self.folder.iterdir() if Disk(path, self._keys).exists()]
        except FileNotFoundError:
            return []
        return sorted(found)

    def import_file(
        self,
        path: Path,
        *,
        name: str,
        format: str | None = None,  # noqa: A002 - the word operators use
        mapping: Mapped | None = None,
        source: str | None = None,
        polarity: Polarity | None = None,
        policy: Policy | None = None,
        max_distance_bits: int | None = None,
        max_age_days: int | None = None,
        jurisdiction: str | None = None,
        classification: str | None = None,
        mode: Mode = "replace",
        allow_shrink: bool = False,
        dry_run: bool = False,
    ) -> ImportReport:
        """What the import did, or with dry_run would do.

        mode: `replace` makes the file the new truth, `add` only adds. What is not stated stays as it is; a new list
        needs a source, and is known-bad, for review, within 31 bits and 7 days unless stated otherwise
        (max_age_days=0: never stale). allow_shrink: also when most entries would go (see LIST_SHRINK_SHARE).
        Raises UserMistake or Conflict before anything is changed.
        """
        disk = self._disk(name)
        stated = importing.Stated(
            source, polarity, policy, max_distance_bits, max_age_days, jurisdiction, classification
        )
        stated.check()
        format_name, rows = open_rows(path, format, mapping or {})
        if not disk.exists():
            stated.as_settings(name)
        gathered = gather(rows)
        importing.check_usable(gathered, name, disk.current()[0].entries if disk.exists() else 0)
        if dry_run:
            planned, merged, _, now, _ = importing.preview(disk, gathered, stated, mode, name)
            version = now.version if now else 0
            return importing.report(
                planned, merged, gathered, name, format_name, mode, version, version + 1, dry_run=True
            )
        disk.make()
        with self._changing(name, disk):
            planned, merged, settings, now, sha256 = importing.preview(disk, gathered, stated, mode, name)
            importing.check_shrinking(planned, now, name, allowed=allow_shrink)
            start = now or importing.first_version(name, settings, self._stamp())
            after = importing.carry_out(disk, planned, settings, start, sha256, gathered, self._stamp())
        self._view(name).rebase()
        return importing.report(planned, merged, gathered, name, format_name, mode, start.version, after.version)

    def append(self, name: str, entries: Iterable[Entry]) -> AppendReport:
        """What the append did; the entries match at the next snapshot. Entries of one ref become one entry."""
        disk = self._disk(name)
        gathered = gather_entries(entries)
        table, merged = gathered.table()
        with self._changing(name, disk):
            now, sha256 = disk.current()
            if len(table):
                add = table.pick(np.arange(len(table)), now.next_id)
                at_utc = self._stamp()
                now = change(disk, now, sha256, "append", at_utc, add=add, fresh_at_utc=at_utc)
        return AppendReport(name, gathered.rows_read, len(table), merged, dict(gathered.refused), now.version)

    def withdraw(
        self,
        name: str,
        *,
        refs: Sequence[str] = (),
        fingerprints: Sequence[Fingerprint] = (),
        reason: str,
    ) -> Receipt:
        """The signed receipt of a withdrawal: the entries match no more, and their values stand in no file.

        The entries are named by their refs, or by holding one of these very fingerprints. Raises NotFound, and
        withdraws nothing, when one of them is not in the list.
        """
        withdrawing.check_reason(reason)
        disk, view = self._disk(name), self._view(name)
        with self._changing(name, disk):
            chosen = withdrawing.choose(disk, view, refs, fingerprints)
            receipt = withdrawing.withdraw(disk, chosen, reason, self._stamp())
        try:
            view.rebase()
            view.snapshot()
        except Unavailable as error:
            raise Unavailable(f"the entries are withdrawn and the receipt is kept, but {error}") from None
        return receipt

    def preview_withdrawal(
        self, name: str, *, refs: Sequence[str] = (), fingerprints: Sequence[Fingerprint] = ()
    ) -> WithdrawalPreview:
        """What `withdraw` would take away; nothing is changed. Raises NotFound as it does."""
        return withdrawing.choose(self._held(name), self._view(name), refs, fingerprints).preview()

    def receipts(self, name: str) -> list[bytes]:
        """The signed statements of all withdrawals from the list, oldest first."""
        return withdrawing.receipts(self._held(name))

    def hold(self, name: str, refs: Sequence[str], why: str) -> int:
        """The new version: a match of these entries asks for review at most, until they are released."""
        disk = self._disk(name)
        with self._changing(name, disk):
            return holding.hold(disk, refs, why, self._stamp())

    def release(self, name: str, refs: Sequence[str]) -> int:
        """The new version: the entries are held no more."""
        disk = self._disk(name)
        with self._changing(name, disk):
            return holding.release(disk, refs, self._stamp())

    def held(self, name: str) -> dict[str, str]:
        """Ref -> why, of the entries held for review."""
        return holding.held(self._held(name))

    def record_hits(self, hits: Mapping[tuple[str, str], int], items: int) -> list[tuple[str, str]]:
        """The (list, ref) that are held from now on because one job met them too often; not those held before.

        hits: (list, ref) -> how many distinct items of the job met the entry; the caller counts an item once, however
        often its bytes come back. items: how many distinct items the job had.
        """
        flooding = holding.flooding(hits, items)
        fresh: list[tuple[str, str]] = []
        for name in sorted({name for name, _ in flooding}):
            disk = self._disk(name)
            refs = [ref for of, ref in flooding if of == name]
            with self._changing(name, disk):
                held = holding.hold_known(disk, refs, holding.WHY_FLOOD, self._stamp())
            fresh += [(name, ref) for ref in sorted(held)]
        return fresh

    def show(self, name: str) -> ListSummary:
        """One list: settings, counts, freshness."""
        disk = self._held(name)
        now, _ = disk.current()
        heard = datetime.strptime(now.fresh_at_utc, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        age_days = (self._clock() - heard).total_seconds() / 86_400
        limit = now.settings.max_age_days
        return ListSummary(
            facts=now.facts(),
            fingerprints=dict(now.counts),
            age_days=age_days,
            stale=limit is not None and age_days > limit,
            held=len(now.holds),
            quarantined=len(importing.read_quarantine(disk, now)),
        )

    def ls(self) -> list[ListSummary]:
        """All lists, by name."""
        return [self.show(name) for name in self.names()]

    def quarantine(self, name: str) -> tuple[tuple[int, str], ...]:
        """(line or record number, reason) of each row refused at the last import."""
        disk = self._held(name)
        return importing.read_quarantine(disk, disk.current()[0])

    def diff(self, name: str, old: int, new: int | None = None) -> ListDiff:
        """The refs that came and went between two versions; new: the current one when left out."""
        return diffing.diff(self._held(name), old, new)

    def verify(self, name: str) -> Verification:
        """Every problem of the list's files; none when all is as it was written."""
        return verify(self._disk(name))

    def snapshot(self, names: Sequence[str] | None = None) -> Snapshot:
        """These lists, or all, at their current versions. Ask again for every item: when nothing changed it is
        cheap, and it is what makes an append or a withdrawal of another process take effect."""
        lists = tuple(self._view(name).snapshot() for name in (self.names() if names is None else names))
        last = self._last
        identity = tuple(map(id, lists))
        if last is not None and last[0] == identity:
            return last[1]
        snapshot = Snapshot(lists)
        self._last = (identity, snapshot)
        return snapshot

    def _stamp(self) -> str:
        return stamp(self._clock())

    def _disk(self, name: str) -> Disk:
        return Disk(self.folder / check_name(name), self._keys)

    def _held(self, name: str) -> Disk:
        disk = self._disk(name)
        if not disk.exists():
            raise NotFound(f"there is no list `{name}`; see `rempart lists ls`")
        return disk

    def _view(self, name: str) -> ListView:
        with self._guard:
            if name not in self._views:
                self._views[name] = ListView(self._disk(name), self._memory)
            return self._views[name]

    @contextmanager
    def _changing(self, name: str, disk: Disk) -> Iterator[None]:
        """Nothing; while it lasts this is the only change of the list. What a killed change left is gone first."""
        if not disk.folder.is_dir():
            raise NotFound(f"there is no list `{name}`; see `rempart lists ls`")
        before = disk.peek()
        try:
            with exclusive(disk.lock_path):
                before = disk.peek()
                if before:
                    disk.sweep(disk.current()[0])
                yield
        except OSError as error:
            why, repair = error.strerror, "make room, or check who may write there"
            if disk.peek() == before:
                problem = f"list `{name}` cannot be changed in {self.folder} ({why}): it stays as it was; {repair}"
            else:
                problem = (
                    f"list `{name}` is changed, but what the change replaced cannot be removed from {self.folder} "
                    f"({why}); {repair}, then repeat the command to finish; `rempart lists receipts {name}` shows "
                    "what was withdrawn"
                )
            raise Unavailable(problem) from None
