"""Verifying the ledger: any edit, removal, insertion or change of order is found, and the first bad entry named."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rempart.audit import queries
from rempart.audit.chain import BEGINNING, fault_in
from rempart.audit.checkpoints import Checkpoint, digest, opened, path_of, paths
from rempart.storage.database import Database, Reader

MOST_TOLD = 20
PROGRESS_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold, at the entry with this seq (or where it should be)."""

    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found.

    entries: how many are there. checkpoints: how many signed ones agree. problems: the first ones, by seq.
    problem_count: all. missing_guards: triggers that should forbid changes and are gone; somebody may have needed that.
    """

    entries: int
    checkpoints: int
    problems: tuple[Problem, ...]
    problem_count: int
    missing_guards: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether everything holds."""
        return not self.problems and not self.missing_guards

    @property
    def first_bad(self) -> int | None:
        """The seq of the first entry that does not hold, or is not there."""
        return self.problems[0].seq if self.problems else None


def verify(
    database: Database,
    public_key: str,
    folder: Path,
    *,
    at_least_seq: int = 0,
    elsewhere: Iterable[bytes] = (),
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Verdict:
    """What holds of the whole ledger, whoever's entries they are.

    at_least_seq: the highest entry that other tables speak of, read before. elsewhere: checkpoints kept elsewhere.
    Cost: one pass, memory for one checkpoint's hash each. Others may go on appending meanwhile.
    """
    found = _Found()
    on_disk = paths(folder)  # before the database is looked at: what a file speaks of was committed before it
    with database.reading() as reader:
        claims = _Claims(public_key, found)
        claims.take_rows(queries.checkpoints(reader), folder)
        claims.take_files(on_disk)
        claims.take_others(elsewhere)
        before = queries.head(reader)
        last, entries = _walk(reader, claims, found, progress, before[0])
        _check_end(last, before, queries.head(reader), max(at_least_seq, claims.highest), found)
        for seq in queries.mistyped(reader):
            found.note(seq, "a column holds another sort of value than was written")
        guards = tuple(queries.missing_guards(reader))
    return Verdict(entries, claims.agreed, found.told(), found.count, guards)


class _Found:
    """Problems as they are found; the earliest are kept, all are counted."""

    def __init__(self) -> None:
        self.count = 0
        self._kept: list[Problem] = []

    def note(self, seq: int, what: str) -> None:
        self.count += 1
        self._kept = sorted([*self._kept, Problem(seq, what)], key=lambda one: one.seq)[:MOST_TOLD]

    def told(self) -> tuple[Problem, ...]:
        return tuple(self._kept)


class _Claims:
    """What checkpoints say about entries."""

    def __init__(self, public_key: str, found: _Found) -> None:
        self._public_key, self._found = public_key, found
        self._hashes: defaultdict[int, set[str]] = defaultdict(set)
        self._rows: dict[int, str] = {}
        self._numbers = 0
        self.highest = self.agreed = 0

    def take_rows(self, rows: Iterator[tuple[int, bytes]], folder: Path) -> None:
        """Nothing; the checkpoints of the database are chained, ours, and each has its file."""
        previous = BEGINNING
        for seq, statement in rows:
            made = self._taken(seq, statement, "in the database")
            if made is not None and (made.number, made.previous) != (self._numbers + 1, previous):
                self._found.note(seq, "a checkpoint before this one is missing")
            self._numbers = made.number if made is not None else self._numbers + 1
            previous = digest(statement)
            self._rows[seq] = previous
            if not path_of(folder, seq).exists():
                self._found.note(seq, f"the file of its checkpoint is missing in `{folder.name}`")

    def take_files(self, files: Iterable[Path]) -> None:
        """Nothing; the checkpoints in the folder are ours, and each has its row, but for one killed in between."""
        for path in files:
            seq = int(path.stem) if path.stem.isdecimal() else 0
            statement = path.read_bytes()
            made = self._taken(seq, statement, f"in the file {path.name}")
            if seq in self._rows:
                if self._rows[seq] != digest(statement):
                    self._found.note(seq, "its checkpoints in the database and in the folder differ")
            elif made is not None and made.number != self._numbers + 1:
                self._found.note(seq, "its checkpoint is in the folder, and missing in the database")

    def take_others(self, statements: Iterable[bytes]) -> None:
        """Nothing; what these checkpoints say is compared, too."""
        for statement in statements:
            made = opened(statement, self._public_key)
            self._taken(made.seq if made else 0, statement, "kept elsewhere")

    def compare(self, seq: int, hash_: str) -> None:
        """Nothing; a checkpoint of this entry agrees with its hash, or that is a problem."""
        claimed = self._hashes.pop(seq, None)
        if claimed is None:
            return
        self.agreed += claimed == {hash_}
        if claimed != {hash_}:
            self._found.note(seq, "it is not the entry that was signed: something up to here was rewritten")

    def _taken(self, seq: int, statement: bytes, where: str) -> Checkpoint | None:
        made = opened(statement, self._public_key)
        if made is None or made.seq != seq:
            self._found.note(seq, f"its checkpoint {where} is not signed with this key, or was changed")
            return None
        self._hashes[seq].add(made.hash)
        self.highest = max(self.highest, seq)
        return made


def _walk(
    reader: Reader, claims: _Claims, found: _Found, progress: Callable[[int, int], None], total: int
) -> tuple[tuple[int, str], int]:
    """((seq, hash) of the last entry, how many there are)."""
    seq, hash_, entries = 0, BEGINNING, 0
    for stored in queries.stored(reader):
        fault = fault_in(stored, seq + 1, hash_)
        if fault:
            found.note(min(seq + 1, stored.seq), fault)
        seq, hash_, entries = stored.seq, stored.hash, entries + 1
        claims.compare(seq, hash_)
        if entries % PROGRESS_EVERY == 0:
            progress(entries, max(total, entries))
    return (seq, hash_), entries


def _check_end(
    last: tuple[int, str], before: tuple[int, str], after: tuple[int, str], at_least: int, found: _Found
) -> None:
    """Nothing; the ledger ends where its head says, and not before what others speak of."""
    if last[0] < max(at_least, before[0]):
        highest = max(at_least, before[0])
        found.note(last[0] + 1, f"entries {last[0] + 1} to {highest} are missing: the ledger once went so far")
    elif last[0] > after[0] or (before == after and last != after):
        found.note(last[0], "the ledger does not end where it was last written: its end was put in or changed")
