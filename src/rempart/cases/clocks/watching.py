"""Watching clocks: what is due soon and what was missed stands in the ledger, once each, whatever kind it is of."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from rempart.audit.queries import append
from rempart.cases.clocks import clocks, queries
from rempart.cases.clocks.queries import Row
from rempart.cases.story import told
from rempart.facts.people import worker
from rempart.law import rule
from rempart.storage.database import Reader, Writer

Find = Callable[[Reader, int, datetime, Sequence[str]], list[Row]]
Tell = Callable[[int, str], None]
FINDERS: tuple[tuple[str, Find], ...] = (
    ("clock", queries.untold_clocks),
    ("order", queries.untold_orders),
    ("appeal", queries.untold_appeals),
)


def watch(writer: Writer, organisation: int, soon: timedelta, now: datetime) -> int:
    """How many entries the ledger got: one when a clock is due soon, and one when it was missed.

    A period that only an authority has to keep ends by itself, and is missed by nobody.
    """
    count = _let_elapse(writer, organisation, now)
    for kind, find in FINDERS:

        def tell(row_id: int, word: str, kind: str = kind) -> None:
            queries.tell(writer, organisation, kind, row_id, word)

        count += watch_kind(writer, organisation, kind, find, tell, soon, now)
    return count


def watch_kind(
    writer: Writer, organisation: int, kind: str, find: Find, tell: Tell, soon: timedelta, now: datetime
) -> int:
    """How many entries the ledger got about things of one kind. A clock is missed after its last second, not in it."""
    count = 0
    last = now - timedelta(seconds=1)  # times are kept in whole seconds
    for word, until, before in (("missed", last, ("", "due_soon")), ("due_soon", now + soon, ("",))):
        for row in find(writer, organisation, until, before):
            tell(row["id"], word)
            data = {"due_at": told(row["due_at"])}
            data |= {name: row[name] for name in ("rule", "about") if kind == "clock"}
            about = row["id"] if kind == "clock" else row["about"]
            append(writer, worker(organisation), kind, about, f"{kind}.{word}", data, now)
            count += 1
    return count


def _let_elapse(writer: Writer, organisation: int, now: datetime) -> int:
    over = queries.untold_clocks(writer, organisation, now, ("", "due_soon"))
    elapsed = [row for row in over if rule(row["rule"]).scope == clocks.OTHERS]
    for case_id in sorted({row["case_id"] for row in elapsed} - {None}):  # before the ledger, and in one order
        queries.lock_case(writer, organisation, case_id)
    for row in elapsed:
        clocks.end(writer, worker(organisation), row["id"], "elapsed", now)
    return len(elapsed)
