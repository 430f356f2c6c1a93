"""When a case is due: at the earliest clock that runs on it, whatever started that one."""

from collections.abc import Iterable
from datetime import datetime

from rempart.audit.queries import append
from rempart.cases.clocks import queries
from rempart.cases.story import told
from rempart.facts.people import Actor
from rempart.storage.database import Writer


def reckon(writer: Writer, actor: Actor, cases: Iterable[int], now: datetime) -> None:
    """Nothing; each case is due when the earliest order, appeal or other clock on it ends, or not at all."""
    for case_id in cases:
        row = queries.lock_case(writer, actor.organisation, case_id)
        due_at = queries.earliest(writer, actor.organisation, case_id)
        if row is not None and row["due_at"] != due_at:
            data = {"due_at": told(due_at) if due_at else None}
            entry = append(writer, actor, "case", case_id, "case.clock", data, now)
            queries.set_due(writer, actor.organisation, case_id, due_at, entry)
