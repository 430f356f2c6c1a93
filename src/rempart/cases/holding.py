"""Holds: duties to preserve what belongs to a case. While one runs nothing of the case is purged."""

from datetime import datetime

from rempart.audit.queries import append
from rempart.cases.review.queries import decisions
from rempart.facts.people import Actor
from rempart.storage.database import Writer


def begin(writer: Writer, actor: Actor, case_id: int, basis: str, now: datetime, ends: datetime | None) -> int:
    """The id of the hold. basis: the rule of law, such as `us.2258a.h`. ends: None until somebody releases it."""
    made = decisions.insert_hold(writer, actor.organisation, case_id, basis, now, ends)
    data = {"hold": made, "basis": basis, "ends": ends.isoformat() if ends else None}
    append(writer, actor, "case", case_id, "case.held", data, now)
    return made
