"""The appeals as seniors and supervisors work on them: the list by clock, one appeal, its answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from starlette.responses import Response

from rempart.cases.appeals import answering, codes, external, listing, working
from rempart.cases.appeals.answering import Answer
from rempart.cases.appeals.external import Ended
from rempart.cases.appeals.queries import Row
from rempart.cases.appeals.working import Opened
from rempart.cases.review import guards
from rempart.cases.review.decide import QUESTIONS
from rempart.cases.review.taxonomy import load_taxonomy
from rempart.errors import Conflict, NotAllowed, UserMistake
from rempart.people.records import Language
from rempart.web.access import TheDesk, Visitor, people
from rempart.web.rendering import back_to, page
from rempart.web.words import known, say
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
MOST_ID = 2**53
Senior = Annotated[Visitor, Depends(people(*guards.SENIORS))]
Id = Annotated[int, Path(ge=1, le=MOST_ID)]
Number = Annotated[int | None, Query(ge=1, le=MOST_ID)]
Word = Annotated[str, Form(max_length=120)]
Long = Annotated[str, Form(max_length=4 * answering.LONGEST_WORDS)]


@router.get("/appeals")
def everything(
    request: Request, visitor: Senior, desk: TheDesk, case: Number = None, before: Number = None
) -> Response:
    """What waits, the one whose clock ends first first; below it what was answered. case: of this case only."""
    with desk.database.reading() as reader:
        if case is not None:
            rows = listing.of_case(reader, visitor.actor, case)
            waits, done = [row for row in rows if not row["decided_at"]], [row for row in rows if row["decided_at"]]
        else:
            waits = listing.waiting(reader, visitor.actor)
            done = listing.answered(reader, visitor.actor, before, listing.PAGE + 1)
    more = done[listing.PAGE - 1]["id"] if case is None and len(done) > listing.PAGE else None
    return page(
        request,
        visitor,
        "appeals/list.html",
        case=case,
        waiting=[_line(desk, visitor, row) for row in waits],
        answered=[_line(desk, visitor, row) for row in done[: listing.PAGE]],
        older=f"/appeals?before={more}" if more else "",
        first="/appeals" if before else "",
    )


@router.get("/appeals/code")
def ask_code(request: Request, visitor: Senior, case: Number = None) -> Response:
    """The button that makes a code for the user whose content a case is about."""
    return page(request, visitor, "appeals/code.html", case=case, made=None, address="")


@router.post("/appeals/code")
def make_code(
    request: Request, visitor: Senior, desk: TheDesk, case: Annotated[int, Form(ge=1, le=MOST_ID)]
) -> Response:
    """Number and code, shown this once."""
    with desk.database.writing() as writer:
        made = codes.make_code(
            writer, desk.fields, visitor.actor, case, days=desk.settings.desk.appeal_days, now=desk.clock()
        )
    address = f"{desk.settings.serve.public_url or request.base_url}".rstrip("/") + "/appeal"
    return page(request, visitor, "appeals/code.html", case=case, made=made, address=address)


@router.get("/appeals/{appeal_id}")
def one(request: Request, visitor: Senior, desk: TheDesk, appeal_id: Id) -> Response:
    """One appeal. No picture is in it, and none is loaded by it."""
    return _draw(request, visitor, desk, appeal_id)


@router.post("/appeals/{appeal_id}/claim")
def claim(visitor: Senior, desk: TheDesk, appeal_id: Id) -> Response:
    """The appeal is this person's."""
    with desk.database.writing() as writer:
        working.claim(writer, visitor.actor, appeal_id, desk.clock())
    return back_to(f"/appeals/{appeal_id}", "appeals.claimed")


@router.post("/appeals/{appeal_id}/release")
def release(visitor: Senior, desk: TheDesk, appeal_id: Id) -> Response:
    """The appeal waits for somebody again."""
    with desk.database.writing() as writer:
        working.release(writer, visitor.actor, appeal_id, desk.clock())
    return back_to("/appeals", "appeals.released")


@router.post("/appeals/{appeal_id}/answer")
def answer(
    request: Request,
    visitor: Senior,
    desk: TheDesk,
    appeal_id: Id,
    outcome: Word = "",
    code: Word = "",
    words: Long = "",
    ai: Word = "",
    public: Word = "",
    identified_child: Word = "",
    excepted: Annotated[Sequence[int], Form()] = (),
) -> Response:
    """The appeal is answered; or its page again, with every word and with what is wrong."""
    answers = {"ai": ai, "public": public, "identified_child": identified_child}
    said = Answer(outcome, words, code, answers, excepted)
    try:
        with desk.database.writing() as writer:
            answering.answer(
                writer, desk.fields, visitor.actor, appeal_id, said, taxonomy=desk.taxonomy, now=desk.clock()
            )
    except NotAllowed:
        raise
    except UserMistake as mistake:
        status = 409 if isinstance(mistake, Conflict) else 400
        return _draw(request, visitor, desk, appeal_id, said, str(mistake), status)
    return back_to(f"/appeals/{appeal_id}", "appeals.done")


@router.post("/appeals/{appeal_id}/external")
def begin_external(visitor: Senior, desk: TheDesk, appeal_id: Id, body: Word = "", reference: Word = "") -> Response:
    """It is recorded that a body outside has the matter."""
    with desk.database.writing() as writer:
        external.begin(writer, visitor.actor, appeal_id, body, reference, desk.clock())
    return back_to(f"/appeals/{appeal_id}", "appeals.begun")


@router.post("/appeals/{appeal_id}/external/{step_id}")
def end_external(
    visitor: Senior,
    desk: TheDesk,
    appeal_id: Id,
    step_id: Id,
    outcome: Word = "",
    code: Word = "",
    words: Long = "",
) -> Response:
    """It is recorded what came of it; a code judges the case anew."""
    with desk.database.writing() as writer:
        external.end(
            writer,
            desk.fields,
            visitor.actor,
            appeal_id,
            step_id,
            Ended(outcome, words, code),
            taxonomy=desk.taxonomy,
            now=desk.clock(),
        )
    return back_to(f"/appeals/{appeal_id}", "appeals.begun")


def _draw(
    request: Request,
    visitor: Visitor,
    desk: Desk,
    appeal_id: int,
    said: Answer | None = None,
    problem: str = "",
    status_code: int = 200,
) -> Response:
    with desk.database.reading() as reader:
        opened = working.opened(reader, desk.fields, visitor.actor, appeal_id)
    row, language, t = opened.row, visitor.language, partial(say, visitor.language)
    return page(
        request,
        visitor,
        "appeals/appeal.html",
        status_code,
        line=_line(desk, visitor, row),
        row=row,
        opened=opened,
        mine=row["assignee"] == visitor.actor.pid and row["state"] == "assigned",
        may_free=row["state"] == "assigned" and visitor.actor.role == "supervisor",
        code_label=partial(code_label, language=language),
        outcome_label=partial(_named, language, "overview.outcome"),
        action_label=partial(_named, language, "action"),
        state_label=partial(_named, language, "action.state"),
        changed=_changed(opened),
        judged=opened.case["state"] in ("decided", "closed"),
        codes=[(code.name, code.label(language)) for code in desk.taxonomy.codes],
        outcomes=[(one, t(f"appeals.choose.{one}"), t(f"appeals.choose.{one}.hint")) for one in answering.OUTCOMES],
        questions=QUESTIONS,
        endings=[(one, t(f"appeal.outside.{one}")) for one in external.ENDINGS],
        said=said or Answer("", "", ""),
        steps=[(step, working.words(desk.fields, step["words_sealed"])) for step in opened.externals],
        external_open=any(step["ended_at"] is None for step in opened.externals),
        problem=problem,
    )


def code_label(decision: Any, language: Language) -> str:
    """What the code of a decision is called; the code itself when its profile is not known here any more."""
    try:
        return load_taxonomy(decision["taxonomy"]).code(decision["code"]).label(language)
    except UserMistake:
        return str(decision["code"])


def _changed(opened: Opened) -> Any:
    """The decision in force, when it is not the one that is contested and the appeal has no answer yet."""
    other = opened.now is not None and opened.now["id"] != opened.contested["id"]
    return opened.now if other and opened.row["decided_at"] is None else None


def _line(desk: Desk, visitor: Visitor, row: Row) -> dict[str, Any]:
    """One appeal as a list shows it."""
    person = row["assignee"] or ""
    return {
        "row": row,
        "state": say(visitor.language, f"appeals.state.{row['state']}", person=person),
        "by": say(visitor.language, f"appeals.by.{row['brought_by']}"),
        "clock": _clock(row, desk.clock(), desk.settings.desk.due_soon_hours),
    }


def _clock(row: Row, now: datetime, soon_hours: float) -> str:
    """`late` or `soon` for an appeal without an answer; empty for the others."""
    if row["decided_at"] is not None:
        return ""
    if row["due_at"] <= now:
        return "late"
    return "soon" if row["due_at"] <= now + timedelta(hours=soon_hours) else ""


def _named(language: Language, kind: str, name: str) -> str:
    return say(language, f"{kind}.{name}") if known(f"{kind}.{name}") else name
