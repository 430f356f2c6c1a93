"""Pages and periods of the ledger of one organisation."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from rempart.audit.chain import Entry
from rempart.audit.tables import checkpoint, ledger
from rempart.storage.database import Reader

PAGE = 50
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are looked for; an empty text or None asks for nothing.

    verb: a whole verb, or its beginning up to the dot, such as `case.`. since: inclusive. until: exclusive.
    """

    about: str = ""
    about_id: str = ""
    verb: str = ""
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None


def page(
    reader: Reader, organisation: int, wanted: Wanted, before: int | None = None, limit: int = PAGE
) -> list[Entry]:
    """The newest entries that are wanted, older than the entry `before`; newest first."""
    older = [] if before is None else [ledger.c.seq < before]
    mine = select(ledger).where(ledger.c.organisation == organisation, *_conditions(wanted), *older)
    return [Entry(**row) for row in reader.rows(mine.order_by(ledger.c.seq.desc()).limit(limit))]


def in_period(
    reader: Reader, organisation: int, verbs: Collection[str], since: datetime, until: datetime
) -> Iterator[Entry]:
    """Every entry with one of these verbs from `since` until before `until`, in order."""
    mine = (ledger.c.organisation == organisation, ledger.c.verb.in_(verbs), *_between(since, until))
    # Ordered by a sum: else SQLite walks everything by its number, and not the few entries of these verbs.
    for row in reader.each(select(ledger).where(*mine).order_by(ledger.c.seq + 0)):
        yield Entry(**row)


def of_things(
    reader: Reader, organisation: int, about: str, ids: Collection[str], verbs: Collection[str]
) -> Iterator[Entry]:
    """Every entry with one of these verbs about one of these things, whenever; in order for each thing."""
    every = sorted(ids)
    for start in range(0, len(every), CHUNK):
        some = every[start : start + CHUNK]
        mine = (ledger.c.organisation == organisation, ledger.c.about == about, ledger.c.about_id.in_(some))
        wanted = select(ledger).where(*mine, ledger.c.verb.in_(verbs))
        for row in reader.rows(wanted.order_by(ledger.c.seq + 0)):
            yield Entry(**row)


def last_checkpoint(reader: Reader) -> tuple[int, datetime] | None:
    """(seq, when) of the newest signed checkpoint; None before the first. It covers every organisation."""
    row = reader.one(select(checkpoint.c.seq, checkpoint.c.at).order_by(checkpoint.c.seq.desc()).limit(1))
    return None if row is None else (row["seq"], row["at"])


def newest(reader: Reader, organisation: int) -> int:
    """The seq of the organisation's newest entry; 0 when there is none."""
    own = select(ledger.c.seq).where(ledger.c.organisation == organisation)
    return int(reader.value(own.order_by(ledger.c.seq.desc()).limit(1)) or 0)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    exact = ((ledger.c.about, wanted.about), (ledger.c.about_id, wanted.about_id), (ledger.c.actor, wanted.actor))
    asked = [column == value for column, value in exact if value]
    if wanted.verb.endswith("."):
        asked.append(ledger.c.verb.startswith(wanted.verb, autoescape=True))
    elif wanted.verb:
        asked.append(ledger.c.verb == wanted.verb)
    return [*asked, *_between(wanted.since, wanted.until)]


def _between(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    return ([ledger.c.at >= since] if since else []) + ([ledger.c.at < until] if until else [])
