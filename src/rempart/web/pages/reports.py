"""Reports: what waits for people, the questions that only they can answer, the exact bytes, and how it ended."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from rempart.audit.chain import Entry
from rempart.audit.queries import story
from rempart.errors import UserMistake
from rempart.facts.report import Payload, ReportState
from rempart.people.records import Language
from rempart.reporting import drafting, planning, queries, sending
from rempart.reporting.drafting import Looked
from rempart.reporting.guards import APPROVERS, DRAFTERS
from rempart.reporting.mailing import queries as mailing
from rempart.reporting.recipient import Question
from rempart.storage.database import Writer
from rempart.web.access import TheDesk, Visitor, people
from rempart.web.rendering import back_to, page
from rempart.web.words import known, say
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of

router = APIRouter(include_in_schema=False)
Reading = Annotated[Visitor, Depends(people("reviewer", "senior", "supervisor", "auditor"))]
Drafter = Annotated[Visitor, Depends(people(*DRAFTERS))]
Approver = Annotated[Visitor, Depends(people(*APPROVERS))]
Word = Annotated[str, Form(max_length=400)]
PAGE = 50
WAITING: tuple[ReportState, ...] = ("needs_people", "approved", "draft")
ENDED: tuple[ReportState, ...] = ("finished", "refused", "withdrawn")
MOST_SHOWN = 60_000
HAS_LEFT = ("finished", "refused")
RECEIPT = "report.receipt"


@router.get("/reports")
def every_report(
    request: Request, visitor: Reading, desk: TheDesk, before: Annotated[int | None, Query(ge=1, le=2**53)] = None
) -> Response:
    """Reports that wait for people first, then those on their way, then those that ended."""
    mine = visitor.actor.organisation
    with desk.database.reading() as reader:
        waiting = queries.waiting(reader, mine, WAITING, PAGE)
        leaving = queries.in_states(reader, mine, ("sending",), limit=PAGE)
        ended = queries.in_states(reader, mine, ENDED, before, PAGE)
        counts = queries.counts(reader, mine)
    return page(
        request,
        visitor,
        "reports/reports.html",
        groups=(("waiting", waiting), ("leaving", leaving), ("ended", ended)),
        waiting=sum(counts.get(state, 0) for state in WAITING),
        older=ended[-1]["id"] if len(ended) == PAGE else None,
        later=before is not None,
        environment=desk.settings.reporting.environment,
        now=desk.clock(),
        named=_recipient_name(visitor.language),
    )


@router.get("/reports/{report_id}")
def one_report(request: Request, visitor: Reading, desk: TheDesk, report_id: int) -> Response:
    """One report: where it stands, what it asks, what would leave."""
    return _one(request, visitor, desk, report_id)


@router.get("/reports/{report_id}/payload")
def payload(visitor: Drafter, desk: TheDesk, report_id: int) -> Response:
    """The exact bytes, as a file."""
    looked = _looked(desk, visitor, report_id)
    if looked.payload is None:
        raise UserMistake("the report cannot be made yet; answer its questions first")
    name = "".join(one for one in looked.payload.file_name if one.isalnum() or one in "-._")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(looked.payload.content, media_type="application/octet-stream", headers=headers)


@router.post("/cases/{case_id}/reports")
def draft(visitor: Drafter, desk: TheDesk, case_id: int, recipient: Word = "") -> Response:
    """A new draft of a report about the case."""
    with desk.database.writing() as writer:
        made = planning.draft_by_hand(writer, reporting_of(desk), visitor.actor, case_id, recipient, desk.clock())
    return back_to(f"/reports/{made}", "reports.drafted")


@router.post("/reports/{report_id}/answers")
async def answer(request: Request, visitor: Drafter, desk: TheDesk, report_id: int) -> Response:
    """What a person answered to the questions of the draft."""
    form = await request.form(max_fields=200, max_files=0)
    given = {name.removeprefix("q-"): str(value) for name, value in form.items() if name.startswith("q-")}
    reporting = reporting_of(desk)
    return _step(
        request,
        visitor,
        desk,
        report_id,
        lambda writer, now: drafting.answer(writer, reporting, visitor.actor, report_id, given, now),
        given,
    )


@router.post("/reports/{report_id}/approve")
def approve(request: Request, visitor: Approver, desk: TheDesk, report_id: int) -> Response:
    """A named person answers for it; with the last approval its bytes are final."""
    reporting = reporting_of(desk)
    return _step(
        request,
        visitor,
        desk,
        report_id,
        lambda writer, now: drafting.approve(writer, reporting, visitor.actor, report_id, now),
    )


@router.post("/reports/{report_id}/withdraw")
def withdraw(request: Request, visitor: Approver, desk: TheDesk, report_id: int, reason: Word = "") -> Response:
    """The report never leaves."""
    return _step(
        request,
        visitor,
        desk,
        report_id,
        lambda writer, now: drafting.withdraw(writer, visitor.actor, report_id, reason, now),
    )


@router.post("/reports/{report_id}/hand-over")
def hand_over(request: Request, visitor: Approver, desk: TheDesk, report_id: int, reference: Word = "") -> Response:
    """A person handed the sheet over."""
    reporting = reporting_of(desk)
    return _step(
        request,
        visitor,
        desk,
        report_id,
        lambda writer, now: sending.hand_over(writer, reporting, visitor.actor, report_id, reference, now),
    )


@router.post("/reports/{report_id}/order")
def order(
    request: Request, visitor: Approver, desk: TheDesk, report_id: int, what: Word = "", case: Word = ""
) -> Response:
    """A report that stands still goes on, begins again, or is taken back; what is final needs the case's number."""

    def do(writer: Writer, now: datetime) -> None:
        row = queries.read(writer, visitor.actor.organisation, report_id)
        if what != "go_on" and row is not None and case.strip() != str(row["case_id"]):
            raise UserMistake("this cannot be undone; write the number of the case to confirm it")
        sending.order(writer, visitor.actor, report_id, what, now)

    return _step(request, visitor, desk, report_id, do)


def _step(
    request: Request,
    visitor: Visitor,
    desk: Desk,
    report_id: int,
    do: Callable[[Writer, datetime], object],
    typed: Mapping[str, str] | None = None,
) -> Response:
    try:
        with desk.database.writing() as writer:
            do(writer, desk.clock())
    except UserMistake as mistake:
        return _one(request, visitor, desk, report_id, str(mistake), typed or {})
    return back_to(f"/reports/{report_id}", "reports.kept")


def _looked(desk: Desk, visitor: Visitor, report_id: int) -> Looked:
    with desk.database.reading() as reader:
        return drafting.look(reader, reporting_of(desk), visitor.actor.organisation, report_id, desk.clock())


def _one(
    request: Request,
    visitor: Visitor,
    desk: Desk,
    report_id: int,
    problem: str = "",
    typed: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """typed: answers that were not kept; the form has them still."""
    looked = _looked(desk, visitor, report_id)
    with desk.database.reading() as reader:
        receipts = queries.receipts(reader, visitor.actor.organisation, report_id)
        mail_round = mailing.round_of(reader, visitor.actor.organisation, report_id)
        journey = story(reader, visitor.actor.organisation, drafting.ABOUT, report_id)
    row, role = looked.row, visitor.actor.role
    content = role in DRAFTERS
    return page(
        request,
        visitor,
        "reports/report.html",
        400 if problem else 200,
        row=row,
        recipient=looked.recipient,
        name=_recipient_name(visitor.language)(row["recipient"]),
        questions=[_asked(visitor.language, one) for one in looked.recipient.questions] if content else (),
        answers={**looked.answers, **typed} if content else {},
        problems=looked.problems if content else (),
        blocks=looked.draft.get("blocks", ()) if content else (),
        notes=looked.draft.get("notes", ()) if content else (),
        shown=_shown(looked.payload) if content else None,
        cut=content and looked.payload is not None and len(looked.payload.content) > MOST_SHOWN,
        receipts=[(one, _word(visitor.language, "step", one["kind"])) for one in receipts],
        journey=[
            (one, _word(visitor.language, "told", one.verb.removeprefix("report.")))
            for one in journey
            if one.verb != RECEIPT
        ],
        has_left=row["state"] in HAS_LEFT,
        round=mail_round,
        known=known,
        drafts=content and row["state"] == "draft",
        approves=role in APPROVERS,
        orders=_orders(row["state"], looked.recipient.transport),
        opens=role in DRAFTERS,
        now=desk.clock(),
        problem=problem,
    )


def _orders(state: str, transport: str) -> tuple[str, ...]:
    """What may be ordered about a report that stands still."""
    if transport in ("sheet", "host"):
        return ()
    if state in ("needs_people", "refused"):
        return sending.ORDERS
    return ("retract",) if state == "sending" else ()


def _asked(language: Language, question: Question) -> dict[str, Any]:
    """A question as the form shows it."""
    choices = ("yes", "no") if question.kind == "yesno" else question.choices
    return {
        "name": f"q-{question.name}",
        "plain": question.name,
        "text": question.fr if language == "fr" else question.en,
        "kind": question.kind,
        "choices": [(one, _choice(language, one)) for one in choices],
        "required": question.required,
    }


def _choice(language: Language, word: str) -> str:
    return _word(language, "choice", word)


def _word(language: Language, kind: str, word: str) -> str:
    """What the word is called; the word itself where nobody named it."""
    key = f"reports.{kind}.{word}"
    return say(language, key) if known(key) else word.replace("_", " ")


def _told(language: Language, journey: Sequence[Entry]) -> list[tuple[Entry, str]]:
    """What happened, in words; the receipts stand apart."""
    rest = (one for one in journey if one.verb != RECEIPT)
    return [(one, _word(language, "told", one.verb.removeprefix("report."))) for one in rest]


def _recipient_name(language: Language) -> Callable[[str], str]:
    def name(recipient: str) -> str:
        key = f"reports.recipient.{recipient}"
        return say(language, key) if known(key) else recipient

    return name


def _shown(made: Payload | None) -> str | None:
    """The bytes as text, the beginning of long ones; None while they cannot be made."""
    return None if made is None else made.content[:MOST_SHOWN].decode("utf-8", "replace")


def of_case(desk: Desk, visitor: Visitor, case_id: int, state: str) -> dict[str, Any]:
    """What the card of a case shows of its reports; nothing before it is decided."""
    if state not in ("decided", "closed"):
        return {"reports": None, "proposals": ()}
    with desk.database.reading() as reader:
        rows = queries.of_case(reader, visitor.actor.organisation, case_id)
        first = planning.asked_for(reader, visitor.actor.organisation, case_id)
    name = _recipient_name(visitor.language)
    return {
        "reports": [(row, name(row["recipient"])) for row in rows],
        "proposals": [(one, name(one)) for one in _ordered(first, reporting_of(desk).recipients)],
        "no_environment": desk.settings.reporting.environment is None,
    }


def _ordered(first: Sequence[str], recipients: Any) -> list[str]:
    """Recipients, those that the case's actions ask for first."""
    wanted = [name for name, one in recipients.items() if one.carries_out in first]
    return [*wanted, *(name for name in recipients if name not in wanted)]
