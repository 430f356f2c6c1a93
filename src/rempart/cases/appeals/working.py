"""Working on appeals: who may, taking one, giving it back; what the page of one shows."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rempart.audit.queries import append
from rempart.cases.appeals import queries
from rempart.cases.appeals.together import together
from rempart.cases.review import guards
from rempart.cases.review.queries import cases, decisions, reveals
from rempart.errors import Conflict, NotAllowed, NotFound
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields


@dataclass(frozen=True, slots=True)
class Opened:
    """One appeal as who works on it sees it.

    contested, now: the decision it is against, and the one in force. members: other cases of its cluster that stand
    by the same decision. same_content: further cases that hold the same bytes. barred: this person took part.
    """

    row: queries.Row
    case: cases.Row
    media: tuple[reveals.Row, ...]
    actions: tuple[decisions.Row, ...]
    grounds: str
    answer: str
    contested: decisions.Row
    now: decisions.Row | None
    members: tuple[int, ...]
    same_content: tuple[int, ...]
    externals: tuple[queries.Row, ...]
    barred: bool


def claim(writer: Writer, actor: Actor, appeal_id: int, now: datetime) -> None:
    """Nothing; the appeal is this person's. Raises NotAllowed for who decided anything in its case."""
    row = locked(writer, actor, appeal_id)
    if row["state"] not in queries.UNDECIDED:
        raise Conflict(f"appeal {row['number']} is answered; nothing was changed")
    if row["assignee"] == actor.pid:
        return
    if row["assignee"] is not None:
        raise Conflict(f"appeal {row['number']} is with {row['assignee']}; a supervisor can free it")
    check_other(writer, actor, row)
    queries.change(writer, actor.organisation, appeal_id, state="assigned", assignee=actor.pid, assigned_at=now)
    append(writer, actor, "appeal", appeal_id, "appeal.assigned", {"case": row["case_id"]}, now)


def release(writer: Writer, actor: Actor, appeal_id: int, now: datetime) -> None:
    """Nothing; the appeal waits for somebody again. A supervisor may free anybody's."""
    row = locked(writer, actor, appeal_id)
    if row["state"] != "assigned":
        raise Conflict(f"appeal {row['number']} is with nobody; nothing was changed")
    if row["assignee"] != actor.pid and actor.role != "supervisor":
        raise NotAllowed(f"appeal {row['number']} is with {row['assignee']}; a supervisor can free it")
    queries.change(writer, actor.organisation, appeal_id, state="open", assignee=None, assigned_at=None)
    append(writer, actor, "appeal", appeal_id, "appeal.released", {"from": row["assignee"]}, now)


def opened(reader: Reader, fields: Fields, actor: Actor, appeal_id: int) -> Opened:
    """The appeal. Raises NotFound."""
    _senior(actor)
    row = _found(queries.read(reader, actor.organisation, appeal_id), appeal_id)
    of_case = decisions.of_case(reader, actor.organisation, row["case_id"])
    contested = decisions.read(reader, actor.organisation, row["decision_id"])
    assert contested is not None  # noqa: S101 - the database keeps it
    members = [one["id"] for one, _ in together(reader, actor.organisation, of_case[-1])] if of_case else []
    ids = [row["case_id"], *members]
    return Opened(
        row,
        guards.found(reader, actor, row["case_id"]),
        tuple(reveals.media_of(reader, actor.organisation, [row["case_id"]])),
        tuple(decisions.actions_of_case(reader, actor.organisation, row["case_id"])),
        words(fields, row["grounds_sealed"]),
        words(fields, row["answer_sealed"]),
        contested,
        of_case[-1] if of_case else None,
        tuple(members),
        tuple(queries.same_content(reader, actor.organisation, ids)),
        tuple(queries.externals(reader, actor.organisation, appeal_id)),
        actor.pid in deciders(reader, actor.organisation, row["case_id"]),
    )


def words(fields: Fields, sealed: bytes | None) -> str:
    """The text that was sealed with an appeal; empty for none."""
    if sealed is None:
        return ""
    kept: dict[str, Any] = json.loads(fields.unseal_text("appeal", sealed))
    return str(kept["text"])


def locked(writer: Writer, actor: Actor, appeal_id: int) -> queries.Row:
    """The appeal, which nobody else changes meanwhile. Raises NotAllowed or NotFound."""
    _senior(actor)
    return _found(queries.lock(writer, actor.organisation, appeal_id), appeal_id)


def check_other(reader: Reader, actor: Actor, row: queries.Row) -> None:
    """Nothing. Raises NotAllowed for who decided anything in the case: an appeal is another person's."""
    if actor.pid in deciders(reader, actor.organisation, row["case_id"]):
        raise NotAllowed(f"you decided in case {row['case_id']}; its appeal is for somebody who has not")


def deciders(reader: Reader, organisation: int, case_id: int) -> set[str]:
    """Who decided anything in the case, in whatever round, or answered an appeal about it."""
    answered = {one["decided_by"] for one in queries.of_case(reader, organisation, case_id)} - {None}
    return decisions.deciders(reader, organisation, [case_id]) | answered


def _senior(actor: Actor) -> None:
    if actor.role not in guards.SENIORS:
        raise NotAllowed("appeals are for seniors and supervisors; ask one")


def _found(row: queries.Row | None, appeal_id: int) -> queries.Row:
    if row is None:
        raise NotFound(f"there is no appeal {appeal_id}; look it up in the list of appeals")
    return row
