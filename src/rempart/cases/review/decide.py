"""One card, one decision, one ledger entry: what a person judged, what they had really seen, and how to undo it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rempart.cases.review import guards
from rempart.cases.review.claim import FREE
from rempart.cases.review.following import except_member, follow, following, kept
from rempart.cases.review.queries import cases, decisions
from rempart.cases.review.reveal import viewed
from rempart.cases.review.second_look import SecondReview, asks_for_reason, asks_for_two
from rempart.cases.review.taxonomy import Code, Taxonomy
from rempart.cases.story import told
from rempart.cases.triage.grouping import lead_on
from rempart.errors import UserMistake
from rempart.facts.case import CaseState, Round
from rempart.facts.people import Actor
from rempart.storage import outbox
from rempart.storage.database import Writer

QUESTIONS = ("ai", "public", "identified_child")
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says about a case.

    answers: question of QUESTIONS -> yes or no; what is not answered stays unknown. excepted: members of the cluster
    that it is not about. shown: `following.shown_as` of the members that the person saw; empty when it is about all.
    """

    code: str
    reason: str = ""
    answers: Mapping[str, str] | None = None
    excepted: Collection[int] = ()
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a judgement: the case's state now, and until when it can be undone."""

    decision: int
    state: CaseState
    final_at: datetime
    members: tuple[int, ...]
    excepted: tuple[int, ...]


def decide(
    writer: Writer,
    actor: Actor,
    case_id: int,
    judgement: Judgement,
    *,
    taxonomy: Taxonomy,
    second_review: SecondReview,
    undo_seconds: int,
    now: datetime,
) -> Decided:
    """What became of it. The person holds the case. Nothing leaves the house before `final_at`."""
    code, answers = taxonomy.code(judgement.code), answers_of(judgement.answers or {})
    reason = _reason(judgement.reason)
    row = guards.held(writer, actor, case_id)
    guards.may_take(writer, actor, row)
    earlier = decisions.of_case(writer, actor.organisation, case_id)
    round_ = _round(row["state"])
    final_at = now + timedelta(seconds=undo_seconds)
    together, alone = following(writer, actor, row, judgement.excepted, judgement.shown)
    tier = gravest(row, together)
    if not reason and asks_for_reason(code.outcome, tier):
        raise UserMistake(f"a case of tier {tier} ends like this only for a reason in words; write why")
    state = _state(round_, code, taxonomy, earlier, asked=asks_for_two(code.outcome, tier, second_review))
    given = {
        "round": round_,
        "taxonomy": taxonomy.name,
        "taxonomy_version": taxonomy.version,
        "code": code.name,
        "outcome": code.outcome,
        "answers": answers,
        "reason": reason,
        "at": now,
        "final_at": final_at,
    }
    seen = viewed(writer, actor.organisation, [row["id"], *(one["id"] for one in together)], actor.pid)
    seconds = max(int((now - row["claimed_at"]).total_seconds()), 0) if row["claimed_at"] else 0
    made = decisions.insert(
        writer,
        organisation=actor.organisation,
        case_id=case_id,
        reviewer=actor.pid,
        lane=row["lane"] or "chosen",
        viewed=seen[case_id],
        seconds=seconds,
        followed=None,
        before=_before(row, alone),
        **given,
    )
    _put(writer, actor, made, state, now, final_at)
    data = _told(given, seen[case_id], state, made) | {
        "lane": row["lane"] or "chosen",
        "tier": row["tier"],
        "members": [one["id"] for one in together],
        "excepted": [one["id"] for one in alone],
    }
    columns: dict[str, Any] = {"state": state, "final_at": final_at, **FREE}
    columns |= {"outcome": code.outcome, "decided_at": now} if state == "decided" else {}
    cases.record(writer, actor, case_id, "case.decided", data, now, **columns)
    for one in together:
        follow(writer, actor, one, made, given, seen[one["id"]], columns, now)
    for one in alone:
        except_member(writer, actor, one, made, now)
    if state == "decided" and row["leads"] and row["cluster"] is not None:
        lead_on(writer, actor, row["cluster"], now)  # members that stood elsewhere are not left behind
    return Decided(made, state, final_at, _ids(together), _ids(alone))


def gravest(row: cases.Row, together: Sequence[cases.Row]) -> int:
    """The tier of the gravest of the cases that are judged together."""
    return min(int(one["tier"]) for one in (row, *together))


def _round(state: str) -> Round:
    if state == "needs_second":
        return "second"
    return "adjudication" if state == "disputed" else "first"


def _state(
    round_: Round, code: Code, taxonomy: Taxonomy, earlier: Sequence[decisions.Row], *, asked: bool
) -> CaseState:
    """Where the case stands after this judgement. asked: whether a second person judges as well."""
    if round_ == "adjudication":
        return "decided"
    if round_ == "second":
        first = next(one for one in reversed(earlier) if one["round"] == "first")
        return "decided" if _agree(first, code, taxonomy) else "disputed"
    return "needs_second" if asked else "decided"


def _agree(first: decisions.Row, code: Code, taxonomy: Taxonomy) -> bool:
    """Whether two people said the same. Codes of two profiles cannot be compared: then their outcomes are."""
    if first["taxonomy"] == taxonomy.name:
        return bool(first["code"] == code.name)
    return bool(first["outcome"] == code.outcome)


def _put(writer: Writer, actor: Actor, made: int, state: CaseState, now: datetime, final_at: datetime) -> None:
    if state == "decided":
        outbox.put(
            writer,
            actor.organisation,
            "decision.final",
            {"decision": made},
            about=f"decision:{made}",
            key=f"decision.final:{made}",
            now=now,
            not_before=final_at,
        )


def _told(given: Mapping[str, Any], seen: str, state: str, made: int) -> dict[str, Any]:
    """What the ledger says: codes and times; never the person's words."""
    kept = ("round", "taxonomy", "taxonomy_version", "code", "outcome", "answers")
    data = {name: given[name] for name in kept}
    return data | {"decision": made, "viewed": seen, "state": state, "final_at": told(given["final_at"])}


def _before(row: cases.Row, alone: Sequence[cases.Row]) -> dict[str, Any]:
    return {"case": kept(row), "excepted": {str(one["id"]): kept(one) for one in alone}}


def answers_of(given: Mapping[str, str]) -> dict[str, str | None]:
    """The answers as they are kept: what was not answered stays unknown. Raises UserMistake."""
    wrong = [name for name in given if name not in QUESTIONS]
    wrong += [name for name, value in given.items() if value not in ("yes", "no", "")]
    if wrong:
        raise UserMistake(f"an answer is yes, no or left open, to one of {', '.join(QUESTIONS)}; correct the form")
    return {name: given.get(name) or None for name in QUESTIONS}


def _reason(text: str) -> str:
    reason = text.strip()
    if len(reason) > LONGEST_REASON:
        raise UserMistake(f"a reason has at most {LONGEST_REASON} characters; write the rest as a note")
    return reason


def _ids(rows: Sequence[cases.Row]) -> tuple[int, ...]:
    return tuple(row["id"] for row in rows)
