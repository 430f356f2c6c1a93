"""Appending to the ledger, and reading it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BLOB, ColumnElement, LargeBinary, String, cast, func, or_, select, text, type_coerce

from rempart.audit.chain import BEGINNING, Entry, Stored, hash_of, plain
from rempart.audit.tables import checkpoint, ledger
from rempart.audit.tables import head as head_row
from rempart.errors import Broken
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer

_LEDGER_LOCK = 7_305_822  # any number that nothing else of ours locks
_HEAD = 1  # the id of the one row
_MOST_MISTYPED = 100
_COLUMNS = ("organisation", "at", "actor", "about", "about_id", "verb", "data", "previous", "hash")


def append(
    writer: Writer, actor: Actor, about: str, about_id: str | int, verb: str, data: dict[str, Any], now: datetime
) -> int:
    """The seq of the new entry. From here to the commit no one else appends: call it last in a unit of work."""
    lock(writer)
    last, previous = _end(writer)
    new = Entry(last + 1, actor.organisation, now, actor.pid, about, str(about_id), verb, plain(data), previous)
    new = rehashed(new)
    writer.insert(ledger, seq=new.seq, **{name: getattr(new, name) for name in _COLUMNS})
    if last:
        writer.run(head_row.update().where(head_row.c.id == _HEAD).values(seq=new.seq, hash=new.hash))
    else:
        writer.insert(head_row, id=_HEAD, seq=new.seq, hash=new.hash)
    return new.seq


def lock(writer: Writer) -> None:
    """Nothing; until the unit of work ends no one else appends. (On SQLite nobody could anyway.)"""
    if writer.dialect == "postgresql":
        writer.run(text(f"SELECT pg_advisory_xact_lock({_LEDGER_LOCK})"))


def _end(writer: Writer) -> tuple[int, str]:
    """Where the next entry is chained to: not what lies last in the table, or a removal could be covered up."""
    known = head(writer)
    if not known[0] and last_stored(writer)[0]:
        raise Broken("the ledger has entries and no head; run `rempart audit verify`, and restore the database")
    return known


def head(reader: Reader) -> tuple[int, str]:
    """(seq, hash) of the newest entry that was appended; (0, BEGINNING) when there is none."""
    row = reader.one(select(head_row.c.seq, head_row.c.hash).where(head_row.c.id == _HEAD))
    return (row["seq"], row["hash"]) if row else (0, BEGINNING)


def last_stored(reader: Reader) -> tuple[int, str]:
    """(seq, hash) of the last entry that is there; it should be the head."""
    row = reader.one(select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1))
    return (row["seq"], row["hash"]) if row else (0, BEGINNING)


def story(reader: Reader, organisation: int, about: str, about_id: str | int) -> list[Entry]:
    """Every event of one thing, oldest first."""
    mine = (ledger.c.organisation == organisation, ledger.c.about == about, ledger.c.about_id == str(about_id))
    return [Entry(**row) for row in reader.rows(select(ledger).where(*mine).order_by(ledger.c.seq))]


def subjects(reader: Reader, verb: str, after: int) -> Sequence[str]:
    """What the entries with this verb behind `after` are about, of every organisation, in order."""
    wanted = select(ledger.c.about_id).where(ledger.c.seq > after, ledger.c.verb == verb).order_by(ledger.c.seq)
    return reader.values(wanted)


def latest(reader: Reader, organisation: int, verb: str) -> Entry | None:
    """The newest event of this kind; None when there was none."""
    mine = (ledger.c.organisation == organisation, ledger.c.verb == verb)
    row = reader.one(select(ledger).where(*mine).order_by(ledger.c.at.desc(), ledger.c.seq.desc()).limit(1))
    return Entry(**row) if row else None


def entries(reader: Reader, after: int = 0) -> Iterator[Entry]:
    """Every entry behind `after`, in order."""
    for row in reader.each(select(ledger).where(ledger.c.seq > after).order_by(ledger.c.seq)):
        yield Entry(**row)


def stored(reader: Reader, after: int | None = None, until: int | None = None) -> Iterator[Stored]:
    """Every entry (behind `after`, up to `until`) in order, its columns as they lie there; for verification."""
    raw = [_raw(reader, name).label(name) for name in _COLUMNS if name != "organisation"]
    chosen = select(ledger.c.seq, ledger.c.organisation, *raw).order_by(ledger.c.seq)
    chosen = chosen if after is None else chosen.where(ledger.c.seq > after)
    for row in reader.each(chosen if until is None else chosen.where(ledger.c.seq <= until)):
        yield Stored(**{name: _text(value) for name, value in row.items()})


def _raw(reader: Reader, name: str) -> ColumnElement[Any]:
    """The column unread. On SQLite as bytes: it keeps any bytes as text, and the driver would stumble over them."""
    column = ledger.c[name]
    return cast(column, String) if reader.dialect == "postgresql" else type_coerce(cast(column, BLOB), LargeBinary)


def _text(value: Any) -> Any:
    try:
        return value.decode() if isinstance(value, bytes) else value
    except UnicodeDecodeError:
        return value


def mistyped(reader: Reader) -> Sequence[int]:
    """The entries with a column of another type than was written; only SQLite lets that happen."""
    if reader.dialect != "sqlite":
        return ()
    wrong = [func.typeof(ledger.c[name]) != ("integer" if name == "organisation" else "text") for name in _COLUMNS]
    return reader.values(select(ledger.c.seq).where(or_(*wrong)).order_by(ledger.c.seq).limit(_MOST_MISTYPED))


def count(reader: Reader) -> int:
    """How many entries there are."""
    return int(reader.value(select(func.count()).select_from(ledger)))


def first_at(reader: Reader) -> datetime | None:
    """When the first entry was written; None when there is none."""
    found: datetime | None = reader.value(select(ledger.c.at).order_by(ledger.c.seq).limit(1))
    return found


def hash_at(reader: Reader, seq: int) -> str | None:
    """The hash that the entry has; None when it is not there."""
    found: str | None = reader.value(select(ledger.c.hash).where(ledger.c.seq == seq))
    return found


def rehashed(entry: Entry) -> Entry:
    """The entry with the hash that it ought to have."""
    return replace(entry, hash=hash_of(entry))


def keep_checkpoint(writer: Writer, number: int, seq: int, statement: bytes, now: datetime) -> None:
    """Nothing; the checkpoint stands in the database. A second one with this number is a Conflict."""
    writer.insert(checkpoint, number=number, seq=seq, statement=statement, at=now)


def checkpoints(reader: Reader) -> Iterator[tuple[int, bytes]]:
    """(seq, statement) of every checkpoint, oldest first."""
    for row in reader.each(select(checkpoint.c.seq, checkpoint.c.statement).order_by(checkpoint.c.number)):
        yield row["seq"], row["statement"]


def last_checkpoint(reader: Reader) -> tuple[int, bytes] | None:
    """(seq, statement) of the newest checkpoint."""
    newest = select(checkpoint.c.seq, checkpoint.c.statement).order_by(checkpoint.c.number.desc()).limit(1)
    row = reader.one(newest)
    return None if row is None else (row["seq"], row["statement"])


def missing_guards(reader: Reader) -> Sequence[str]:
    """The names of triggers that ought to forbid changes, and are not there."""
    if reader.dialect == "sqlite":
        there = reader.values(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        expected = [f"{t}_no_{change}" for t in (ledger.name, checkpoint.name) for change in ("update", "delete")]
    else:
        there = reader.values(text("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"))
        expected = [f"{t}_no_change" for t in (ledger.name, checkpoint.name)]
    return [name for name in expected if name not in there]
