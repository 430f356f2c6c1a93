"""Checkpoints: signed statements of how far the ledger goes and which hash stands there.

Each is kept twice: as a row, and as a file beside the database, so that a database that was rolled back, or rewritten
from some entry on, contradicts its own checkpoints. They are numbered and chained, so that none can be left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from rempart.audit import queries
from rempart.audit.chain import BEGINNING, fault_in
from rempart.errors import Broken, Conflict, Unavailable
from rempart.storage.atomic import make_folder, sync_folder, written_atomically
from rempart.storage.columns import FORMAT
from rempart.storage.database import Database, Reader, Writer
from rempart.storage.keys import KeyRing
from rempart.storage.signed import sign_body, signed_body

BODY_TYPE = "rempart-ledger-checkpoint"
BODY_VERSION = 1
EVERY_ENTRIES = 1000
EVERY = timedelta(hours=1)
READ_ONLY = 0o400
VERIFY = "run `rempart audit verify`"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One signed statement. previous: the SHA-256 (hex) of the statement before it."""

    number: int
    seq: int
    hash: str
    at: datetime
    previous: str
    statement: bytes


def checkpoint_if_due(database: Database, keys: KeyRing, folder: Path, now: datetime) -> Checkpoint | None:
    """A new checkpoint when 1000 entries or an hour have passed since the last, and something was added; else None."""
    with database.reading() as reader:
        last = newest(reader, keys.public_signing_key, folder)
        seq, _ = queries.head(reader)
        since = last.at if last else queries.first_at(reader)
    added = seq - (last.seq if last else 0)
    due = added >= EVERY_ENTRIES or (added > 0 and since is not None and now - since >= EVERY)
    return make_checkpoint(database, keys, folder, now) if due else None


def make_checkpoint(database: Database, keys: KeyRing, folder: Path, now: datetime) -> Checkpoint | None:
    """A new checkpoint of what is committed; None when nothing was added since the last one.

    Opens units of work of its own: an entry that is not committed must not be signed. What was added since the last
    checkpoint is verified first. Raises Broken when it does not hold: a signature must not cover up a change.
    Raises Conflict when another process made one meanwhile.
    """
    with database.reading() as reader:
        last = newest(reader, keys.public_signing_key, folder)
        seq, hash_ = _verified_head(reader, last)
    with database.writing() as writer:
        _complete(writer, last)
        if seq == (last.seq if last else 0):
            return None
        made = _signed(keys, last, seq, hash_, now)
        # From here on no other process makes a checkpoint with this number, until this one has ended.
        queries.keep_checkpoint(writer, made.number, seq, made.statement, made.at)
        if paths(folder)[-1:] != ([path_of(folder, last.seq)] if last else []):
            raise Conflict("another process made a checkpoint meanwhile; nothing is missing")
        # The file comes before the commit: one without a row is completed later, a row without a file is a removal.
        _write(folder, made)
    return made


def opened(statement: bytes, public_key: str) -> Checkpoint | None:
    """The checkpoint in a statement signed with this key; None when it is none, or was changed."""
    body = signed_body(statement, public_key, BODY_TYPE)
    if body is None or body.get("version") != BODY_VERSION:
        return None
    at = datetime.strptime(body["at_utc"], FORMAT).replace(tzinfo=UTC)
    return Checkpoint(body["number"], body["seq"], body["hash"], at, body["previous"], statement)


def newest(reader: Reader, public_key: str, folder: Path) -> Checkpoint | None:
    """The newest checkpoint, of the database or of the folder. Raises Broken when it is not ours."""
    row = queries.last_checkpoint(reader)
    statements = [row[1]] if row else []
    statements += [path.read_bytes() for path in paths(folder)[-1:]]
    known = [opened(statement, public_key) for statement in statements]
    if None in known:
        raise Broken(f"the newest checkpoint is not signed with the key of this installation; {VERIFY}")
    return max((one for one in known if one is not None), key=lambda one: one.number, default=None)


def paths(folder: Path) -> list[Path]:
    """The files of the checkpoints, oldest first."""
    return sorted(folder.glob("*.json"))


def path_of(folder: Path, seq: int) -> Path:
    """Where the checkpoint of this entry is kept."""
    return folder / f"{seq:015d}.json"


def digest(statement: bytes) -> str:
    """The SHA-256 (hex) by which the next checkpoint names this one."""
    return sha256(statement).hexdigest()


def _signed(keys: KeyRing, last: Checkpoint | None, seq: int, hash_: str, now: datetime) -> Checkpoint:
    number, previous = (last.number + 1, digest(last.statement)) if last else (1, BEGINNING)
    at = now.astimezone(UTC).replace(microsecond=0)
    body = {
        "type": BODY_TYPE,
        "version": BODY_VERSION,
        "number": number,
        "seq": seq,
        "hash": hash_,
        "at_utc": at.strftime(FORMAT),
        "previous": previous,
    }
    return Checkpoint(number, seq, hash_, at, previous, sign_body(body, keys))


def _complete(writer: Writer, last: Checkpoint | None) -> None:
    """Nothing; a checkpoint that was killed between its file and its row has its row now."""
    row = queries.last_checkpoint(writer)
    if last is not None and (row is None or row[0] < last.seq):
        queries.keep_checkpoint(writer, last.number, last.seq, last.statement, last.at)


def _verified_head(reader: Reader, last: Checkpoint | None) -> tuple[int, str]:
    """The head, once everything between the last checkpoint and it was found to hold."""
    head = queries.head(reader)
    seq, hash_ = (last.seq, last.hash) if last else (0, BEGINNING)
    if last is not None and queries.hash_at(reader, seq) != hash_:
        raise Broken(f"entry {seq} of the ledger is not the one that was signed; {VERIFY}")
    first = ""
    for stored in queries.stored(reader, after=seq, until=head[0]):
        fault = fault_in(stored, seq + 1, hash_)
        if fault and not first:
            first = f"entry {seq + 1} of the ledger does not hold: {fault}; {VERIFY}"
        seq, hash_ = stored.seq, stored.hash
    if first:
        raise Broken(first)
    if (seq, hash_) != head or (not seq and queries.last_stored(reader)[0]):
        raise Broken(f"the ledger does not end where it was last written; {VERIFY}")
    return head


def _write(folder: Path, made: Checkpoint) -> None:
    try:
        make_folder(folder)
        with written_atomically(path_of(folder, made.seq), mode=READ_ONLY, sync_name=False) as file:
            file.write(made.statement)
        sync_folder(folder)
    except OSError as error:
        raise Unavailable(f"the checkpoint cannot be written ({error.strerror}); make room in `{folder}`") from error


def files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """(path, statement) of every checkpoint in the folder, oldest first."""
    for path in paths(folder):
        yield path, path.read_bytes()
