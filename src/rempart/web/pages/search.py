"""The search: asked by POST, so that what was looked for stands in no address, history or log."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rempart.audit.queries import append
from rempart.cases.overview.search.finding import Found, find
from rempart.cases.overview.search.question import KINDS, Question, understood
from rempart.errors import UserMistake
from rempart.facts.case import OUTCOMES, CaseState
from rempart.web.access import Visitor, people
from rempart.web.rendering import page
from rempart.web.visitor import TheDesk
from rempart.web.words import say

router = APIRouter(include_in_schema=False)
STATES: tuple[str, ...] = get_args(CaseState)
TIERS = range(6)
Searcher = Annotated[Visitor, Depends(people("reviewer", "senior", "supervisor"))]
Word = Annotated[str, Form(max_length=4096)]


@router.get("/search")
def ask(request: Request, visitor: Searcher) -> Response:
    """The empty form."""
    return _page(request, visitor, {}, None)


@router.post("/search")
def answer(
    request: Request,
    visitor: Searcher,
    desk: TheDesk,
    q: Word = "",
    kind: Word = "",
    state: Word = "",
    tier: Word = "",
    outcome: Word = "",
    since: Word = "",
    until: Word = "",
    before: Word = "",
) -> Response:
    """The form as it was filled in, and one page of what was found; the ledger keeps the kind of the question only."""
    asked = {"q": q, "kind": kind, "state": state, "tier": tier, "outcome": outcome, "since": since, "until": until}
    try:
        question = question_of(asked, before)
        with desk.database.writing() as writer:
            found = find(writer, desk.fields, visitor.actor, question, desk.clock())
            made = {"kind": question.kind, "filters": question.filters}
            append(writer, visitor.actor, "search", visitor.actor.pid, "search.made", made, desk.clock())
    except UserMistake as mistake:
        return _page(request, visitor, asked, None, str(mistake))
    return _page(request, visitor, asked, found)


def question_of(asked: dict[str, str], before: str = "") -> Question:
    """The question that these words of the form put. Raises UserMistake when one of them is none."""
    kind, text = understood(asked["q"], asked["kind"])
    until = day_of(asked["until"], "until")
    return Question(
        kind,
        text,
        state=_one_of(asked["state"], STATES, "state"),
        tier=_number(asked["tier"], "tier"),
        outcome=_one_of(asked["outcome"], OUTCOMES, "outcome"),
        since=day_of(asked["since"], "since"),
        until=until + timedelta(days=1) if until else None,
        before=_number(before, "before"),
    )


def day_of(text: str, name: str) -> datetime | None:
    """The beginning of the day that is written; None when nothing is. Raises UserMistake when it is no day."""
    if not text.strip():
        return None
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise UserMistake(f"`{name}` is no day; write it as in 2026-11-22") from None
    if day.year >= datetime.max.year:
        raise UserMistake(f"`{name}` is too far away; write it as in 2026-11-22")
    return day


def _one_of(text: str, known: tuple[str, ...], name: str) -> str:
    if text and text not in known:
        raise UserMistake(f"`{name}` is none of those that exist; choose one of {', '.join(known)}")
    return text


def _number(text: str, name: str) -> int | None:
    if not text.strip():
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise UserMistake(f"`{name}` is no number; write digits only")
    return int(text)


def _page(
    request: Request, visitor: Visitor, asked: dict[str, str], found: Found | None, problem: str = ""
) -> Response:
    t = partial(say, visitor.language)
    return page(
        request,
        visitor,
        "search/search.html",
        status_code=400 if problem else 200,
        asked=dict.fromkeys(("q", "kind", "state", "tier", "outcome", "since", "until"), "") | asked,
        kinds=[(kind, t(f"search.kind.{kind}")) for kind in KINDS if kind != "all"],
        states=[(state, t(f"overview.state.{state}")) for state in STATES],
        tiers=[str(tier) for tier in TIERS],
        outcomes=[(outcome, t(f"overview.outcome.{outcome}")) for outcome in OUTCOMES],
        found=found,
        problem=problem,
    )
