"""Judging a case anew: what has not left yet is stopped at once, what was done is undone by the worker."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rempart.cases.appeals.together import together
from rempart.cases.review import acting, guards
from rempart.cases.review.decide import answers_of
from rempart.cases.review.following import kept
from rempart.cases.review.queries import cases, decisions
from rempart.cases.review.reveal import viewed
from rempart.cases.review.taxonomy import Taxonomy
from rempart.errors import Conflict, UserMistake
from rempart.facts.people import Actor
from rempart.storage import outbox
from rempart.storage.database import Writer

REMEDY = "appeal.remedy"
WHY_STOPPED = "the decision was changed on appeal"


@dataclass(frozen=True, slots=True)
class Anew:
    """The other judgement. excepted: cases that stood by the same decision, and are to stand as they do."""

    code: str
    answers: Mapping[str, str] | None = None
    excepted: Collection[int] = ()


def judge_anew(
    writer: Writer,
    actor: Actor,
    case_id: int,
    anew: Anew,
    *,
    appeal: int,
    taxonomy: Taxonomy,
    since: datetime,
    now: datetime,
) -> int:
    """The id of the decision that stands from now on. since: when the person began, for the time that it took.

    Open actions are withdrawn here and now, so that none leaves meanwhile. Raises Conflict while the case is judged
    by others, or what follows from the decision before is still under way.
    """
    code, answers = taxonomy.code(anew.code), answers_of(anew.answers or {})
    row = guards.found(writer, actor, case_id)
    current = decisions.of_case(writer, actor.organisation, case_id)[-1:]
    others = together(writer, actor.organisation, current[0]) if current else []
    wrong = set(anew.excepted) - {one["id"] for one, _ in others}
    if wrong:
        raise UserMistake("an exception is a case that stands by the same decision; choose from the list")
    ids = [case_id, *(one["id"] for one, _ in others if one["id"] not in anew.excepted)]
    locked = {one["id"]: one for one in cases.lock(writer, actor.organisation, ids)}
    row, followers = locked[case_id], [locked[one] for one in ids[1:]]
    if row["state"] not in ("decided", "closed") or not current:
        raise Conflict(f"case {case_id} is being judged again; answer the appeal once that is done")
    for one in locked.values():
        acting.check_acted(writer, one)
    if any(decisions.list_work_waits(writer, actor.organisation, one) for one in ids):
        raise Conflict("what follows from the decision is still being carried out; try again in a moment")
    given = {
        "round": "appeal",
        "taxonomy": taxonomy.name,
        "taxonomy_version": taxonomy.version,
        "code": code.name,
        "outcome": code.outcome,
        "answers": answers,
        "at": now,
        "final_at": now,
    }
    seen = viewed(writer, actor.organisation, ids, actor.pid)
    seconds = max(int((now - since).total_seconds()), 0)
    made = _record(writer, actor, row, None, appeal, given, seen[case_id], seconds, now)
    for one in followers:
        _record(writer, actor, one, made, appeal, given, seen[one["id"]], 0, now)
    body = {"appeal": appeal, "decision": made}
    outbox.put(writer, actor.organisation, REMEDY, body, about=f"appeal:{appeal}", key=f"{REMEDY}:{made}", now=now)
    return made


def _record(
    writer: Writer,
    actor: Actor,
    row: cases.Row,
    leading: int | None,
    appeal: int,
    given: Mapping[str, Any],
    seen: str,
    seconds: int,
    now: datetime,
) -> int:
    """The id of the decision on one case, whose open actions are withdrawn."""
    organisation, case_id = row["organisation"], row["id"]
    made = decisions.insert(
        writer,
        organisation=organisation,
        case_id=case_id,
        reviewer=actor.pid,
        lane="chosen",
        viewed=seen,
        seconds=seconds,
        reason="",
        followed=leading,
        before={"case": kept(row), "excepted": {}},
        **given,
    )
    stopped = acting.retract(writer, organisation, case_id, now, WHY_STOPPED)
    told = {name: given[name] for name in ("taxonomy", "taxonomy_version", "code", "outcome", "answers")}
    data = told | {"decision": made, "appeal": appeal, "before": row["outcome"], "viewed": seen, "stopped": stopped}
    data |= {"followed": leading} if leading is not None else {}
    columns = {"outcome": given["outcome"], "decided_at": now, "final_at": now}
    cases.record(writer, actor, case_id, "case.judged_anew", data, now, **columns)
    return made
