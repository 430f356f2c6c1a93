"""Watches as rows: begun once for each place, changed by looks, every change in the ledger."""

from datetime import datetime
from typing import Any

from rempart.audit.queries import append
from rempart.facts.people import worker
from rempart.reporting.watching import queries
from rempart.reporting.watching.machine import Event, Seen, Watch, begun, step
from rempart.reporting.watching.queries import Row
from rempart.storage.database import Writer


def begin(
    writer: Writer,
    organisation: int,
    case_id: int,
    location_id: int,
    now: datetime,
    chance: float,
    *,
    address: str = "",
    country: str = "",
    network: str = "",
) -> None:
    """Nothing; the place is watched from now on. One that is watched already stays as it is."""
    known = queries.of_location(writer, organisation, location_id)
    if known is not None and known["active"]:
        return
    columns = _columns(begun(now, chance, address=address, country=country, network=network)) | {"changed_at": now}
    if known is None:
        queries.insert(writer, organisation=organisation, case_id=case_id, location=location_id, **columns)
    else:  # its watch had ended, and the place was judged anew
        queries.change(writer, organisation, known["id"], known["next_at"], **columns)
    data = {"location": location_id}
    append(writer, worker(organisation), "case", case_id, "case.watch_begun", data, now)


def apply(writer: Writer, row: Row, seen: Seen, chance: float) -> tuple[Event, ...]:
    """What happened with this look; nothing when somebody else looked in the meantime."""
    after, events = step(watch_of(row), seen, chance)
    changed = queries.change(
        writer, row["organisation"], row["id"], row["next_at"], changed_at=seen.at, **_columns(after)
    )
    if not changed:
        return ()
    for event in events:
        data: dict[str, Any] = {"location": row["location"], "misses": after.misses, "by": sorted(after.missed_by)}
        data |= {"country": after.country, "network": after.network} if event == "moved" else {}
        append(writer, worker(row["organisation"]), "case", row["case_id"], f"case.watch_{event}", data, seen.at)
    return events


def stop(writer: Writer, row: Row, now: datetime) -> None:
    """Nothing; nobody looks at the place any more, because the case is not judged illegal any more."""
    queries.stop(writer, row["organisation"], [row["id"]], now)
    data = {"location": row["location"]}
    append(writer, worker(row["organisation"]), "case", row["case_id"], "case.watch_stopped", data, now)


def watch_of(row: Row) -> Watch:
    """The watch that the row keeps."""
    return Watch(
        state=row["state"],
        next_at=row["next_at"],
        misses=row["misses"],
        first_miss_at=row["first_miss_at"],
        missed_by=frozenset(row["missed_by"]),
        address=row["address"],
        country=row["country"],
        network=row["network"],
        rechecks_done=row["rechecks_done"],
        down_at=row["down_at"],
    )


def _columns(watch: Watch) -> dict[str, Any]:
    return {
        "state": watch.state,
        "next_at": watch.next_at,
        "misses": watch.misses,
        "first_miss_at": watch.first_miss_at,
        "missed_by": sorted(watch.missed_by),
        "address": watch.address,
        "country": watch.country,
        "network": watch.network,
        "rechecks_done": watch.rechecks_done,
        "down_at": watch.down_at,
        "active": watch.next_at is not None,
    }
