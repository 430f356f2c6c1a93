"""Taking a decision back while nothing has left the house: everything stands as it stood before."""

from dataclasses import dataclass
from datetime import datetime

from rempart.cases.review import guards
from rempart.cases.review.following import restored
from rempart.cases.review.queries import cases, decisions
from rempart.errors import Conflict, NotAllowed, NotFound
from rempart.facts.people import Actor
from rempart.storage import outbox
from rempart.storage.database import Reader, Writer


@dataclass(frozen=True, slots=True)
class Undoable:
    """A decision of this person that can be taken back until then."""

    decision: int
    case_id: int
    code: str
    final_at: datetime


def undoable(reader: Reader, actor: Actor, now: datetime) -> Undoable | None:
    """The person's newest decision that can still be undone, or None."""
    row = decisions.last_of(reader, actor.organisation, actor.pid, now)
    return None if row is None else Undoable(row["id"], row["case_id"], row["code"], row["final_at"])


def undo(writer: Writer, actor: Actor, decision_id: int, now: datetime) -> int:
    """The id of the case, which stands as before the decision, as do the members that followed or were excepted.

    Only who decided may. Raises Conflict once it is too late: what follows from it has begun.
    """
    guards.judge(actor)
    row = decisions.read(writer, actor.organisation, decision_id)
    if row is None or row["followed"] is not None or row["round"] == "appeal":
        raise NotFound(f"there is no decision {decision_id} that could be undone; look at the history of its case")
    if row["reviewer"] != actor.pid:
        raise NotAllowed(f"decision {decision_id} is not yours; only who decided undoes it")
    followers = decisions.followers(writer, actor.organisation, decision_id)
    before = {row["case_id"]: row["before"]["case"]} | {one["case_id"]: one["before"]["case"] for one in followers}
    excepted = {int(one): columns for one, columns in row["before"]["excepted"].items()}
    locked = cases.lock(writer, actor.organisation, [*before, *excepted])
    again = decisions.read(writer, actor.organisation, decision_id)  # nobody changes it now that its case is locked
    if again is None or again["undone_at"] is not None or again["final_at"] <= now:
        raise Conflict(f"decision {decision_id} cannot be undone any more; open the case again if it is wrong")
    outbox.cancel(writer, f"decision:{decision_id}", now)
    decisions.withdraw(writer, actor.organisation, [decision_id, *(one["id"] for one in followers)], now)
    data = {"decision": decision_id}
    for one in locked:
        columns = before.get(one["id"]) or excepted[one["id"]]
        if one["id"] in excepted:
            if not _untouched(one):
                continue
            cases.resize(writer, actor.organisation, columns["cluster"], 1)
            decisions.restore(writer, actor.organisation, one["id"], row["at"])
        cases.record(writer, actor, one["id"], "case.undone", data, now, **restored(columns))
    return int(row["case_id"])


def _untouched(row: cases.Row) -> bool:
    """Whether an excepted member still waits where the decision put it: one that went on is left alone."""
    return row["state"] == "triaged" and row["assignee"] is None and row["cluster"] is None
