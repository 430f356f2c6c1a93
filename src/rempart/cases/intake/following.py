"""What became of what was sent: an item for its host, a notice for its reporter. Nothing about matches or content."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from rempart.cases.intake.items import answer_of
from rempart.cases.intake.numbers import hash_of_code, read_number, same_hash
from rempart.cases.intake.queries import cases, items, notices
from rempart.cases.intake.queries.cases import Row
from rempart.cases.intake.submitted import WhenUnable
from rempart.errors import NotFound
from rempart.facts.people import Actor
from rempart.storage.database import Reader

Step = Literal["received", "being_reviewed", "closed"]
# What a reporter may be told of an outcome, in the words of DSA article 16(5).
Told = Literal["illegal", "against_rules", "no_action", "not_assessable"]
_TOLD: dict[str, Told] = {
    "illegal_baseline": "illegal",
    "illegal_national": "illegal",
    "policy_violation": "against_rules",
    "not_illegal": "no_action",
    "not_assessable": "not_assessable",
}
_NO_HASH = "0" * 64


def told_of(outcome: str | None) -> Told | None:
    """What a reporter is told of this outcome; None while there is none."""
    return _TOLD.get(outcome or "")


@dataclass(frozen=True, slots=True)
class NoticeState:
    """What a reporter sees with number and code."""

    number: str
    received_at: datetime
    step: Step
    outcome: Told | None
    outcome_at: datetime | None
    organisation: int
    notice: int


def notice_state(reader: Reader, number: str, code: str) -> NoticeState:
    """How far the notice has come. Raises NotFound: the same for a wrong number as for a wrong code."""
    plain = read_number(number)
    row = notices.notice_numbered(reader, plain)
    known = (row["code_hash"] if row else None) or _NO_HASH
    if not same_hash(known, hash_of_code(plain, code)) or row is None:
        raise NotFound("no notice has this number and this code; check both as they were given to you")
    outcome = told_of(row["outcome"])
    return NoticeState(
        row["number"],
        row["received_at"],
        _step(reader, row),
        outcome,
        row["outcome_at"] if outcome else None,
        row["organisation"],
        row["id"],
    )


def item_state(reader: Reader, actor: Actor, number: str, when_unable: WhenUnable, now: datetime) -> dict[str, Any]:
    """What the host is told of its own item: the answer, the state of its case, what is to be done. Raises NotFound."""
    row = items.item_numbered(reader, actor.organisation, actor.pid, read_number(number))
    if row is None:
        raise NotFound("there is no item of yours with this number; items without a match are kept for 30 days")
    state: dict[str, Any] = {"state": None, "outcome": None, "actions": []}
    case = cases.case_row(reader, actor.organisation, row["case_id"]) if row["case_id"] else None
    if case is not None:
        final = case["outcome"] if case["final_at"] and case["final_at"] <= now else None
        actions = cases.actions_for_host(reader, actor.organisation, case["id"]) if final else []
        state = {"state": case["state"], "outcome": final, "actions": actions}
    return answer_of(row, when_unable).to_json() | state


def _step(reader: Reader, row: Row) -> Step:
    if row["state"] in ("outcome_sent", "closed"):
        return "closed"
    return "being_reviewed" if notices.is_looked_at(reader, row["id"]) else "received"
