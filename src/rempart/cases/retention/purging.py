"""Purging what a case holds: originals, previews, fingerprints and names. Its record and its statistics stay."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rempart.audit.queries import append
from rempart.cases.retention import queries
from rempart.cases.review import guards
from rempart.cases.review.queries import cases, decisions
from rempart.errors import Conflict
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields
from rempart.vault import Vault
from rempart.vault.certificates import Certificate
from rempart.vault.purging import checked, purge

GONE = "purged"
# What stands in a notice instead of the reporter's words, in the shape that its readers know.
NOTHING: dict[str, Any] = {
    "version": 1,
    "urls": [],
    "text": "",
    "seen_at": "",
    "self_report": False,
    "name": "",
    "email": "",
    "good_faith": False,
}


@dataclass(frozen=True, slots=True)
class Holding:
    """What a purge of the case would take. originals: in the vault. media: of which anything is left."""

    case: int
    state: str
    outcome: str | None
    media: int
    originals: int
    size_bytes: int


def holding(reader: Reader, actor: Actor, case_id: int, now: datetime) -> Holding:
    """What the case holds. Raises NotFound for no case, Conflict while something keeps it from being purged."""
    row = guards.found(reader, actor, case_id)
    _may_go(reader, row, now)
    kept = queries.kept_media(reader, actor.organisation, case_id)
    originals = [one for one in kept if one["vault_id"] is not None]
    size = sum(one["size_bytes"] for one in originals)
    return Holding(case_id, row["state"], row["outcome"], len(kept), len(originals), size)


def purge_case(
    writer: Writer,
    vault: Vault,
    fields: Fields,
    actor: Actor,
    case_id: int,
    reason: str,
    now: datetime,
    *,
    by: str = "hand",
) -> list[Certificate]:
    """The certificates, one for each original. by: `hand` or `retention`, for the ledger.

    Raises Conflict while a duty to preserve runs, an appeal or an order waits for its answer, or the case is open.
    """
    reason = checked(reason)
    row = guards.locked(writer, actor, case_id)
    _may_go(writer, row, now)
    kept = queries.kept_media(writer, actor.organisation, case_id)
    if not kept:
        raise Conflict(f"case {case_id} holds nothing that could be purged; nothing was changed")
    ids = dict.fromkeys(one["vault_id"] for one in kept if one["vault_id"] is not None)
    made = [purge(writer, vault, actor, one, f"case {case_id}", reason, now) for one in ids]
    queries.empty_media(writer, actor.organisation, case_id, fields.seal_text("name", GONE))
    told = {"by": by, "media": len(kept), "certificates": [one.digest for one in made]}
    append(writer, actor, "case", case_id, "case.purged", told, now)
    return made


def empty_notice(
    writer: Writer, fields: Fields, actor: Actor, notice_id: int, number: str, now: datetime, *, by: str
) -> None:
    """Nothing; the reporter's words and contact are gone, and the code of the notice admits to nothing any more."""
    sealed = fields.seal_text("notice", json.dumps(NOTHING))
    queries.empty_notice(writer, actor.organisation, notice_id, sealed, now)
    append(writer, actor, "notice", number, "notice.erased", {"by": by}, now)


def _may_go(reader: Reader, row: cases.Row, now: datetime) -> None:
    organisation, case_id = row["organisation"], row["id"]
    held = queries.holds(reader, organisation, case_id, now)
    if held:
        until = held[0]["ends_at"].strftime("until %Y-%m-%d") if held[0]["ends_at"] else "until it is released"
        raise Conflict(f"case {case_id} is to be preserved {until} ({held[0]['basis']}); nothing was purged")
    if row["state"] not in ("decided", "closed") or (row["final_at"] is not None and row["final_at"] > now):
        raise Conflict(f"case {case_id} is open; decide or close it before what it holds is purged")
    number = queries.open_appeal(reader, organisation, case_id)
    if number is not None:
        raise Conflict(f"appeal {number} about case {case_id} has no answer yet; nothing was purged")
    number = queries.running_order(reader, organisation, case_id)
    if number is not None:
        raise Conflict(f"order {number} about case {case_id} is not carried out yet; nothing was purged")
    if decisions.list_work_waits(reader, organisation, case_id):
        raise Conflict(f"the decision on case {case_id} is being carried out; try again shortly")
