"""Deciding: what will follow is shown before, and can be undone after."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rempart.cases.review import acting, decide, guards, reveal, undo
from rempart.cases.review import card as cards
from rempart.cases.review.card import Card
from rempart.cases.review.decide import QUESTIONS, Judgement
from rempart.cases.review.following import of_shown, shown_as
from rempart.cases.review.second_look import asks_for_reason, asks_for_two
from rempart.cases.review.taxonomy import Code
from rempart.errors import Conflict
from rempart.storage.database import Reader
from rempart.web.access import TheDesk, Visitor, people
from rempart.web.keys import Keys
from rempart.web.pages.case import draw
from rempart.web.pages.case_shown import Shown, named
from rempart.web.pages.queue import next_for
from rempart.web.rendering import back_to, page
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Judge = Annotated[Visitor, Depends(people(*guards.JUDGES))]
Senior = Annotated[Visitor, Depends(people(*guards.SENIORS))]
Word = Annotated[str, Form(max_length=80)]


def judgement_of(
    code: Word = "",
    reason: Annotated[str, Form(max_length=decide.LONGEST_REASON * 2)] = "",
    ai: Word = "",
    public: Word = "",
    identified_child: Word = "",
    excepted: Annotated[list[int], Form()] = [],  # noqa: B006 - FastAPI copies it
    shown: Word = "",
) -> Judgement:
    """What the form says. What is not answered stays open."""
    answers = {"ai": ai, "public": public, "identified_child": identified_child}
    return Judgement(code, reason, answers, tuple(dict.fromkeys(excepted)), shown)


Judged = Annotated[Judgement, Depends(judgement_of)]


@router.post("/cases/{case_id}/decide")
def judge(
    request: Request,
    visitor: Judge,
    desk: TheDesk,
    case_id: int,
    judgement: Judged,
    confirmed: Word = "",
    then: Word = "",
) -> Response:
    """First what would follow; once that is confirmed, the decision, and the next case if it is wanted."""
    if not judgement.code:
        return draw(request, visitor, desk, case_id, problem="decide.missing", status_code=400)
    if confirmed != "yes":
        return _ask(request, visitor, desk, case_id, judgement)
    chosen = desk.settings.desk
    with desk.database.writing() as writer:
        decide.decide(
            writer,
            visitor.actor,
            case_id,
            judgement,
            taxonomy=desk.taxonomy,
            second_review=chosen.second_review,
            undo_seconds=chosen.undo_seconds,
            now=desk.clock(),
        )
    found = next_for(desk, visitor) if then == "next" else None
    return back_to("/queue" if found is None else f"/cases/{found}")


@router.post("/decisions/{decision_id}/undo")
def take_back(visitor: Judge, desk: TheDesk, decision_id: int) -> Response:
    """The case stands as before the decision."""
    with desk.database.writing() as writer:
        case_id = undo.undo(writer, visitor.actor, decision_id, desk.clock())
    return back_to(f"/cases/{case_id}", "decide.undone")


@router.post("/cases/{case_id}/actions/{action_id}/approve")
def approve(visitor: Senior, desk: TheDesk, case_id: int, action_id: int) -> Response:
    """The drafted action goes its way."""
    with desk.database.writing() as writer:
        acting.check_of(writer, visitor.actor, case_id, action_id)
        acting.approve(writer, visitor.actor, action_id, desk.clock())
    return back_to(f"/cases/{case_id}#actions", "review.approved")


@router.post("/cases/{case_id}/actions/{action_id}/drop")
def drop(visitor: Senior, desk: TheDesk, case_id: int, action_id: int) -> Response:
    """The drafted action will not be carried out."""
    with desk.database.writing() as writer:
        acting.check_of(writer, visitor.actor, case_id, action_id)
        acting.drop(writer, visitor.actor, action_id, desk.clock())
    return back_to(f"/cases/{case_id}#actions", "review.dropped")


def _ask(request: Request, visitor: Visitor, desk: Desk, case_id: int, judgement: Judgement) -> Response:
    """What would follow, to be confirmed. Raises Conflict when the case is not this person's any more."""
    code = desk.taxonomy.code(judgement.code)
    with desk.database.reading() as reader:
        card = cards.card(reader, desk.fields, visitor.actor, case_id, desk.clock())
        if card.row["assignee"] != visitor.actor.pid:
            raise Conflict(f"case {case_id} is not yours now: the lease ended or somebody else took it; claim it again")
        seen = reveal.viewed(reader, visitor.actor.organisation, [case_id], visitor.actor.pid)[case_id]
        known = of_shown(judgement.shown, card.following)
        together = known - set(judgement.excepted)
        following = _following(reader, desk, visitor, card, code, _gravest(card, together))
    shown = Shown(desk, visitor.language, desk.clock())
    values: dict[str, Any] = {
        "card": card,
        "judgement": judgement,
        "code": code.label(visitor.language),
        "outcome": named(shown.t, "overview.outcome", code.outcome),
        "answers": {name: (judgement.answers or {}).get(name, "") for name in QUESTIONS},
        "seen": named(shown.t, "case.viewed", seen),
        "unseen": seen == "none" and bool(card.media),
        "together": len(together) + 1,
        "shown_as": judgement.shown or shown_as(known),
        "excepted": [one for one in judgement.excepted if one in known],
        "undo_seconds": desk.settings.desk.undo_seconds,
        **following,
    }
    return page(request, visitor, "review/confirm.html", keys=Keys("case"), **values)


def _gravest(card: Card, together: set[int]) -> int:
    """The tier of the gravest of the cases that are judged together."""
    return min([int(card.row["tier"]), *(one.tier for one in card.members if one.id in together)])


def _following(reader: Reader, desk: Desk, visitor: Visitor, card: Card, code: Code, tier: int) -> dict[str, Any]:
    """What would follow. Whether a second judgement agrees with the first is not told before it is given."""
    first = card.state not in ("needs_second", "disputed")
    asked = asks_for_two(code.outcome, tier, desk.settings.desk.second_review)
    planned = acting.would_follow(reader, card.row, code.outcome)
    t = Shown(desk, visitor.language, desk.clock()).t
    return {
        "follows": [(named(t, "action", one.kind), one.state == "drafted") for one in planned],
        "second": first and asked,
        "grave": asks_for_reason(code.outcome, tier),
        "tier": tier,
        "may_differ": card.state == "needs_second",
    }
