"""What goes by itself after a time: media that nothing keeps, reporters' words, objects that nothing speaks of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from rempart.cases.retention import queries
from rempart.cases.retention.purging import empty_notice, purge_case
from rempart.facts.people import worker
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields
from rempart.vault import Vault
from rempart.vault import queries as objects
from rempart.vault.purging import purge

REASON = "kept no longer than needed"
NOT_ILLEGAL = ("not_illegal",)
ILLEGAL = ("illegal_baseline", "illegal_national")
# An object gets its row and the row that speaks of it at once; what nothing speaks of for a day, nothing will.
UNNAMED = timedelta(days=1)
BATCH = 50


@dataclass(frozen=True, slots=True)
class Times:
    """How long things are kept, in days: each as short as it may be, and none before an appeal could need it."""

    not_illegal_days: int
    after_holds_days: int
    reporter_days: int
    appeal_days: int


def due_cases(reader: Reader, organisation: int, times: Times, now: datetime, but: Collection[int] = ()) -> list[int]:
    """The next cases that hold media which nothing keeps any more, and nobody may contest. but: those to leave out."""
    told_before = now - timedelta(days=times.appeal_days)
    common = (told_before, now, BATCH)
    free = queries.over(
        reader, organisation, NOT_ILLEGAL, now - timedelta(days=times.not_illegal_days), *common, but=but
    )
    if len(free) < BATCH:
        before = now - timedelta(days=times.after_holds_days)
        free += queries.over(reader, organisation, ILLEGAL, before, *common, held=True, but=but)
    return free


def purge_due(writer: Writer, vault: Vault, fields: Fields, organisation: int, case_id: int, now: datetime) -> None:
    """Nothing; what the case holds is purged. Raises Conflict when something keeps it by now."""
    purge_case(writer, vault, fields, worker(organisation), case_id, REASON, now, by="retention")


def forget_reporters(writer: Writer, fields: Fields, organisation: int, times: Times, now: datetime) -> int:
    """How many notices were emptied of their reporter's words and contact: not before the time to appeal is over."""
    before = now - timedelta(days=max(times.reporter_days, times.appeal_days))
    rows = queries.old_notices(writer, organisation, before, BATCH)
    for row in rows:
        empty_notice(writer, fields, worker(organisation), row["id"], row["number"], now, by="retention")
    return len(rows)


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
