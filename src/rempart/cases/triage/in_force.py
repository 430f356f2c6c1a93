"""Rules come into force: every undecided case that other rules placed is placed anew, a batch at a time."""

from datetime import datetime

from rempart.audit.queries import append, latest
from rempart.cases.triage.ageing import BATCH, places_anew
from rempart.cases.triage.queries import ranking as queries
from rempart.cases.triage.ruleset import Rules
from rempart.facts.people import worker
from rempart.storage.database import Reader, Writer

RULED = "queue.ruled"


def rules_in_force(reader: Reader, organisation: int) -> str | None:
    """The version of the rules that the whole queue was last placed with; None before that was ever noted."""
    entry = latest(reader, organisation, RULED)
    return None if entry is None else str(entry.data["rules"])


def renew(
    writer: Writer, organisation: int, rules: Rules, now: datetime, after: int = 0, limit: int = BATCH
) -> tuple[int, int]:
    """(cases that were placed anew, the last of them): call it with `after` the last one, until there were none.

    A case that somebody is just changing is passed over; whoever changes it places it anew, or its next step does.
    """
    rows = queries.placed_otherwise(writer, organisation, rules.version, after, limit)
    places_anew(writer, organisation, rows, rules, now)
    return len(rows), int(rows[-1]["id"]) if rows else after


def note(writer: Writer, organisation: int, rules: Rules, cases: int, now: datetime) -> None:
    """Nothing; the ledger says that these rules are in force from now on. cases: how many were placed anew."""
    told = {"rules": rules.version, "before": rules_in_force(writer, organisation), "cases": cases}
    append(writer, worker(organisation), "queue", organisation, RULED, told, now)
