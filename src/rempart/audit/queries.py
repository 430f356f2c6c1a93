"""Appending to the ledger, and reading it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from rempart.audit.chain import BEGINNING, Entry, hash_of
from rempart.audit.tables import ledger
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer

_LEDGER_LOCK = 7_305_822  # any number that nothing else of ours locks


def append(
    writer: Writer, actor: Actor, about: str, about_id: str | int, verb: str, data: dict[str, Any], now: datetime
) -> int:
    """The seq of the new entry. From here to the commit no one else appends: call it last in a unit of work."""
    if writer.dialect == "postgresql":
        writer.run(text(f"SELECT pg_advisory_xact_lock({_LEDGER_LOCK})"))
    last = writer.one(select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1))
    seq, previous = (last["seq"] + 1, last["hash"]) if last else (1, BEGINNING)
    entry = Entry(seq, actor.organisation, now, actor.pid, about, str(about_id), verb, data, previous)
    writer.insert(
        ledger,
        seq=seq,
        organisation=actor.organisation,
        at=now,
        actor=actor.pid,
        about=about,
        about_id=str(about_id),
        verb=verb,
        data=data,
        previous=previous,
        hash=hash_of(entry),
    )
    return seq


def story(reader: Reader, organisation: int, about: str, about_id: str | int) -> list[Entry]:
    """Every event of one thing, oldest first."""
    mine = (ledger.c.organisation == organisation, ledger.c.about == about, ledger.c.about_id == str(about_id))
    return [Entry(**row) for row in reader.rows(select(ledger).where(*mine).order_by(ledger.c.seq))]


def entries(reader: Reader, after: int = 0) -> Iterator[Entry]:
    """Every entry behind `after`, in order."""
    for row in reader.each(select(ledger).where(ledger.c.seq > after).order_by(ledger.c.seq)):
        yield Entry(**row)


def head(reader: Reader) -> tuple[int, str]:
    """(seq, hash) of the newest entry; (0, BEGINNING) when there is none."""
    row = reader.one(select(ledger.c.seq, ledger.c.hash).order_by(ledger.c.seq.desc()).limit(1))
    return (row["seq"], row["hash"]) if row else (0, BEGINNING)


def count(reader: Reader) -> int:
    """How many entries there are."""
    return int(reader.value(select(func.count()).select_from(ledger)))


def rehashed(entry: Entry) -> Entry:
    """The entry with the hash that it ought to have."""
    return replace(entry, hash=hash_of(entry))
