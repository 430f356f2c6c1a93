"""The end of a case, and its new beginning: both by a senior, for a reason that the ledger keeps."""

from datetime import datetime

from rempart.audit.queries import append
from rempart.cases.review import acting, guards
from rempart.cases.review.claim import FREE
from rempart.cases.review.queries import cases, clocks, decisions
from rempart.cases.review.second_look import GRAVE
from rempart.cases.triage.grouping import lead_on, surface
from rempart.errors import Conflict, NotAllowed, UserMistake
from rempart.facts.people import Actor, worker
from rempart.storage.database import Writer

REOPEN_REASONS = ("new_information", "mistake", "authority_asks", "seen_again")
# A decided case is done; one that nobody has judged is closed for one of the others.
DONE = "done"
CLOSE_REASONS = (DONE, "duplicate", "out_of_scope", "test")
ENDED_ORDERS = ("executed", "impossible")


def reopen(writer: Writer, actor: Actor, case_id: int, reason: str, now: datetime) -> None:
    """Nothing; the case waits in the queue again, its outcome unknown. What nobody has carried out yet will not be.

    reason: one of REOPEN_REASONS. Raises Conflict while its decision can be undone or is being carried out.
    """
    _senior(actor)
    if reason not in REOPEN_REASONS:
        raise UserMistake(f"a case is opened again for a reason; choose one of {', '.join(REOPEN_REASONS)}")
    _reopen(writer, actor, case_id, reason, now)


def seen_again(writer: Writer, organisation: int, case_id: int, now: datetime) -> None:
    """Nothing; what the case is about is back where it was, so the case waits in the queue again. As `reopen` does."""
    _reopen(writer, worker(organisation), case_id, "seen_again", now)


def _reopen(writer: Writer, actor: Actor, case_id: int, reason: str, now: datetime) -> None:
    row = guards.locked(writer, actor, case_id)
    if row["state"] not in acting.JUDGED:
        raise Conflict(f"case {case_id} is open; nothing was changed")
    if row["final_at"] is not None and row["final_at"] > now:
        raise Conflict(f"case {case_id} was decided a moment ago and may still be undone; try again shortly")
    acting.check_acted(writer, row)
    if decisions.list_work_waits(writer, actor.organisation, case_id):
        raise Conflict(f"the decision on case {case_id} is being carried out; try again shortly")
    acting.retract(writer, actor.organisation, case_id, now, "the case was opened again")
    columns = {"state": "triaged", "outcome": None, "decided_at": None, "final_at": None, "aged_at": now, **FREE}
    data = {"reason": reason, "state": "triaged", "outcome": row["outcome"]}
    cases.record(writer, actor, case_id, "case.reopened", data, now, **columns)
    if not row["leads"]:
        surface(writer, actor, [case_id], now)


def close(writer: Writer, actor: Actor, case_id: int, reason: str, now: datetime) -> None:
    """Nothing; the case is closed, and so are notices about it that nobody has answered. reason: of CLOSE_REASONS.

    Raises Conflict while it is held, judged or carried out: who gave notice is told of a decision before its case ends.
    """
    _senior(actor)
    if reason not in CLOSE_REASONS:
        raise UserMistake(f"a case is closed for a reason; choose one of {', '.join(CLOSE_REASONS)}")
    row = guards.locked(writer, actor, case_id)
    _may_close(writer, actor, row, reason, now)
    data = {"reason": reason, "state": "closed", "outcome": row["outcome"]}
    cases.record(writer, actor, case_id, "case.closed", data, now, state="closed", **FREE)
    for notice in cases.close_notices(writer, actor.organisation, case_id):
        append(writer, actor, "notice", notice, "notice.closed", {"case": case_id, "reason": reason}, now)
    if row["cluster"] is not None and row["leads"]:
        lead_on(writer, actor, row["cluster"], now)


def _may_close(writer: Writer, actor: Actor, row: cases.Row, reason: str, now: datetime) -> None:
    case_id = row["id"]
    if row["state"] == "closed":
        raise Conflict(f"case {case_id} is closed already; nothing was changed")
    if row["state"] in ("needs_second", "disputed"):
        raise Conflict(f"case {case_id} waits for another judgement; it can be closed once it is decided")
    if row["assignee"] not in (None, actor.pid):
        raise Conflict(f"case {case_id} is held by somebody else; release it before you close it")
    if row["final_at"] is not None and row["final_at"] > now:
        raise Conflict(f"case {case_id} was decided a moment ago and may still be undone; try again shortly")
    if (row["state"] == "decided") != (reason == DONE):
        raise UserMistake("a decided case is closed as done, one that nobody has judged for another reason; choose it")
    if reason != DONE and row["tier"] in GRAVE:
        raise Conflict(
            f"case {case_id} stands in tier {row['tier']} and nobody has judged it; judge it, do not close it"
        )
    acting.check_acted(writer, row)
    orders = clocks.orders(writer, row["organisation"], case_id)
    if any(order["state"] not in ENDED_ORDERS for order in orders):
        raise Conflict(f"an order runs on case {case_id}; answer it before you close the case")


def _senior(actor: Actor) -> None:
    if actor.role not in guards.SENIORS:
        raise NotAllowed("a case is closed or opened again by a senior or a supervisor; ask one")
