"""Who may judge what: the rules that every gesture of review asks first."""

from typing import Any

from rempart.cases.review.queries import cases, decisions
from rempart.errors import Conflict, NotAllowed, NotFound
from rempart.facts.people import Actor, Role
from rempart.storage.database import Reader, Writer

JUDGES: tuple[Role, ...] = ("reviewer", "senior", "supervisor")
SENIORS: tuple[Role, ...] = ("senior", "supervisor")
FIRST_STATES = ("triaged", "escalated", "needs_info")
OPEN_STATES = (*FIRST_STATES, "needs_second", "disputed")
SENIOR_STATES = ("escalated", "disputed")


def judge(actor: Actor) -> None:
    """Nothing. Raises NotAllowed for who does not review."""
    if actor.role not in JUDGES:
        raise NotAllowed("only reviewers, seniors and supervisors work on cases; ask a supervisor")


def found(reader: Reader, actor: Actor, case_id: int) -> cases.Row:
    """The case. Raises NotFound when the organisation has none of this number."""
    row = cases.read(reader, actor.organisation, case_id)
    if row is None:
        raise NotFound(f"there is no case {case_id}; look it up in the queue")
    return row


def locked(writer: Writer, actor: Actor, case_id: int) -> cases.Row:
    """The case, which nobody else changes meanwhile. Raises NotFound as `found` does."""
    rows = cases.lock(writer, actor.organisation, [case_id])
    if not rows:
        raise NotFound(f"there is no case {case_id}; look it up in the queue")
    return rows[0]


def held(writer: Writer, actor: Actor, case_id: int) -> cases.Row:
    """The case, locked. Raises Conflict unless this person holds it."""
    judge(actor)
    row = locked(writer, actor, case_id)
    if row["assignee"] != actor.pid:
        raise Conflict(f"case {case_id} is not yours now: the lease ended or somebody else took it; claim it again")
    return row


def may_take(reader: Reader, actor: Actor, row: Any) -> None:
    """Nothing. Raises NotAllowed or Conflict when this person may not judge the case as it stands."""
    judge(actor)
    if row["state"] not in OPEN_STATES:
        raise Conflict(f"case {row['id']} is decided; it can be appealed or opened again, not claimed")
    if row["state"] in SENIOR_STATES and actor.role not in SENIORS:
        raise NotAllowed(f"case {row['id']} waits for a senior; claim another one")
    waits_for_other = row["state"] in ("needs_second", "disputed")
    if waits_for_other and actor.pid in decisions.deciders(reader, actor.organisation, [row["id"]]):
        raise NotAllowed(f"case {row['id']} waits for somebody who has not judged it yet; claim another one")
