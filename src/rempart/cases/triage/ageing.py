"""Waiting cases gain points in steps, so that nothing waits for ever. The worker calls `age` every few minutes."""

from datetime import datetime, timedelta

from rempart.audit.queries import append
from rempart.cases.triage.features import from_row
from rempart.cases.triage.queries import ranking as queries
from rempart.cases.triage.rank import place
from rempart.cases.triage.ruleset import Ageing, Rules
from rempart.facts.people import worker
from rempart.storage.database import Writer

BATCH = 500


def age(writer: Writer, organisation: int, rules: Rules, now: datetime, limit: int = BATCH) -> int:
    """How many waiting cases were placed anew because another step of waiting has passed; call it until it is 0.

    Facts that change with time, such as evidence that is soon deleted, count anew as well. The ledger gets one entry
    a call: each place follows from features, rules and time.
    """
    step = timedelta(hours=rules.ageing.every_hours)
    rows = queries.waited(writer, organisation, now - step, limit)
    places = [
        (
            int(row["id"]),
            place(from_row(row["features"]), rules, now, row["received_at"]),
            last_step(row["received_at"], rules.ageing, now),
        )
        for row in rows
    ]
    queries.replace(writer, organisation, places)
    if places:
        told = {"cases": len(places), "rules": rules.version}
        append(writer, worker(organisation), "queue", organisation, "queue.aged", told, now)
    return len(places)


def last_step(received_at: datetime, ageing: Ageing, now: datetime) -> datetime:
    """When the case last gained points, or came: from then on the next step is counted."""
    step = timedelta(hours=ageing.every_hours)
    return received_at + max((now - received_at) // step, 0) * step
