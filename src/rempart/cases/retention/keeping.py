"""What goes by itself after a time: media of cases found not illegal, and objects that nothing speaks of any more."""

from datetime import datetime, timedelta

from rempart.cases.retention import queries
from rempart.cases.retention.purging import purge_case
from rempart.facts.people import worker
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields
from rempart.vault import Vault
from rempart.vault import queries as objects
from rempart.vault.purging import purge

REASON = "kept no longer than needed"
OUTCOME = "not_illegal"
# An object gets its row and the row that speaks of it at once; what nothing speaks of for a day, nothing will.
UNNAMED = timedelta(days=1)
BATCH = 50


def due_cases(reader: Reader, organisation: int, days: int, now: datetime) -> list[int]:
    """The next cases that were found not illegal so many days ago and hold something still."""
    return queries.over(reader, organisation, OUTCOME, now - timedelta(days=days), now, BATCH)


def purge_due(writer: Writer, vault: Vault, fields: Fields, organisation: int, case_id: int, now: datetime) -> None:
    """Nothing; what the case holds is purged. Raises Conflict when something keeps it by now."""
    purge_case(writer, vault, fields, worker(organisation), case_id, REASON, now, by="retention")


def purge_bundles(writer: Writer, vault: Vault, organisation: int, days: int, now: datetime) -> int:
    """How many files of imported bundles were purged."""
    rows = queries.ended_bundles(writer, organisation, now - timedelta(days=days), BATCH)
    for row in rows:
        purge(writer, vault, worker(organisation), row["vault_id"], f"bundle {row['id']}", REASON, now)
        queries.forget_bundle(writer, organisation, row["id"])
    return len(rows)


def purge_unnamed(writer: Writer, vault: Vault, organisation: int, after: str, now: datetime) -> str:
    """The id to go on from; empty when all were looked at. What no row speaks of was purged, such as what was screened
    late and met nothing."""
    some = objects.open_ones(writer, organisation, now - UNNAMED, after, BATCH)
    named = queries.named(writer, organisation, some) if some else set()
    for one in some:
        if one not in named:
            purge(writer, vault, worker(organisation), one, "nothing", REASON, now)
    return some[-1] if len(some) == BATCH else ""
