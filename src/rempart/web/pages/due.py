"""What is due: every clock that runs, day by day, late first, with the law that it comes from; and each clock alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from starlette.responses import Response

from rempart.audit.queries import story
from rempart.cases.clocks import clocks
from rempart.cases.intake.moments import moment_of
from rempart.errors import UserMistake
from rempart.law import laws
from rempart.reporting.calendar import Due
from rempart.reporting.calendar import due as everything
from rempart.storage.database import Writer
from rempart.web.access import Visitor, people
from rempart.web.rendering import back_to, page
from rempart.web.visitor import TheDesk
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Reading = Annotated[Visitor, Depends(people("reviewer", "senior", "supervisor", "auditor"))]
Acting = Annotated[Visitor, Depends(people("senior", "supervisor"))]
Word = Annotated[str, Form(max_length=200)]
MOST_ID = 2**53
Id = Annotated[int, Path(ge=1, le=MOST_ID)]
# What each role may follow a link to; the rest stands there as a name.
PATHS = {
    "reviewer": ("/orders/", "/cases/", "/reports/"),
    "senior": ("/orders/", "/cases/", "/reports/", "/appeals/"),
    "supervisor": ("/orders/", "/cases/", "/reports/", "/appeals/"),
    "auditor": ("/orders/",),
}


@router.get("/due")
def due(
    request: Request, visitor: Reading, desk: TheDesk, jurisdiction: Annotated[str, Query(max_length=8)] = ""
) -> Response:
    """The calendar; of one jurisdiction only, when it is named."""
    return _calendar(request, visitor, desk, jurisdiction)


@router.post("/due/start")
def start(
    request: Request,
    visitor: Acting,
    desk: TheDesk,
    rule: Word = "",
    about: Word = "",
    at: Word = "",
    case: Word = "",
) -> Response:
    """Somebody says what happened that starts a clock."""
    try:
        with desk.database.writing() as writer:
            made = clocks.start(
                writer, visitor.actor, rule, about, _needed(at, "at"), desk.clock(), case_id=_number(case)
            )
    except UserMistake as mistake:
        return _calendar(
            request, visitor, desk, "", str(mistake), {"rule": rule, "about": about, "at": at, "case": case}
        )
    return back_to(f"/due/{made}", "due.kept")


@router.get("/due/{clock}")
def one_clock(request: Request, visitor: Reading, desk: TheDesk, clock: Id) -> Response:
    """One clock: its rule, its pauses, and what can be done about it."""
    return _one(request, visitor, desk, clock)


@router.post("/due/{clock}/pause")
def pause(request: Request, visitor: Acting, desk: TheDesk, clock: Id, reason: Word = "", at: Word = "") -> Response:
    """It stands still."""
    return _step(
        request,
        visitor,
        desk,
        clock,
        lambda writer, now: clocks.pause(writer, visitor.actor, clock, reason, _needed(at, "at"), now),
    )


@router.post("/due/{clock}/resume")
def resume(request: Request, visitor: Acting, desk: TheDesk, clock: Id, at: Word = "") -> Response:
    """It runs again."""
    return _step(
        request,
        visitor,
        desk,
        clock,
        lambda writer, now: clocks.resume(writer, visitor.actor, clock, _needed(at, "at"), now),
    )


@router.post("/due/{clock}/end")
def end(request: Request, visitor: Acting, desk: TheDesk, clock: Id, how: Word = "") -> Response:
    """The duty is done."""
    return _step(request, visitor, desk, clock, lambda writer, now: clocks.end(writer, visitor.actor, clock, how, now))


def _calendar(
    request: Request,
    visitor: Visitor,
    desk: Desk,
    jurisdiction: str,
    problem: str = "",
    given: dict[str, str] | None = None,
) -> Response:
    now = desk.clock()
    with desk.database.reading() as reader:
        found = everything(reader, visitor.actor.organisation, visitor.language, now)
    known = sorted({one.jurisdiction for one in found})
    shown = [_reachable(visitor, one) for one in found if jurisdiction in ("", one.jurisdiction)]
    coming = [one for one in shown if not one.late(now) and not one.paused]
    return page(
        request,
        visitor,
        "due/due.html",
        status_code=400 if problem else 200,
        late=[one for one in shown if one.late(now)],
        days=[(day, list(lines)) for day, lines in groupby(coming, key=lambda one: one.at.date())],
        paused=[one for one in shown if one.paused],
        jurisdictions=known,
        jurisdiction=jurisdiction,
        now=now,
        acts=visitor.actor.role in clocks.ROLES,
        rules=[(one.id, one.says(visitor.language)) for one in laws().values() if _startable(one.id)],
        given={"rule": "", "about": "", "at": "", "case": ""} | (given or {}),
        problem=problem,
    )


def _one(request: Request, visitor: Visitor, desk: Desk, clock: Id, problem: str = "") -> Response:
    now = desk.clock()
    with desk.database.reading() as reader:
        one = clocks.get(reader, visitor.actor.organisation, clock, now)
        told = story(reader, visitor.actor.organisation, clocks.ABOUT, clock)
    return page(
        request,
        visitor,
        "due/clock.html",
        status_code=400 if problem else 200,
        clock=one,
        rule=one.law.says(visitor.language),
        missed=one.missed(now),
        story=told,
        acts=visitor.actor.role in clocks.ROLES,
        sees="/cases/" in PATHS[visitor.actor.role or "auditor"],
        problem=problem,
    )


def _step(
    request: Request, visitor: Visitor, desk: Desk, clock: Id, do: Callable[[Writer, datetime], object]
) -> Response:
    try:
        with desk.database.writing() as writer:
            do(writer, desk.clock())
    except UserMistake as mistake:
        return _one(request, visitor, desk, clock, str(mistake))
    return back_to(f"/due/{clock}", "due.kept")


def _reachable(visitor: Visitor, one: Due) -> Due:
    """The line, whose link leads to where this visitor may go."""
    if one.clock is not None:
        return replace(one, path=f"/due/{one.clock}")
    return one if one.path.startswith(PATHS[visitor.actor.role or "auditor"]) else replace(one, path="")


def _startable(name: str) -> bool:
    law = laws()[name]
    return law.kind == "duty" and law.in_force and law.trigger not in clocks.KEPT_ELSEWHERE


def _needed(text: str, field: str) -> datetime:
    """The time of a form, which is in UTC and says no offset. Raises UserMistake."""
    plain = text.strip()
    found = moment_of(f"{plain}+00:00" if plain else "", field)
    if found is None:
        raise UserMistake(f"`{field}` is missing: a time is never filled in for you; write it")
    return found


def _number(text: str) -> int | None:
    plain = text.strip()
    if plain and not (plain.isascii() and plain.isdigit() and len(plain) <= 15):
        raise UserMistake("the number of a case has digits only; correct it, or leave it out")
    return int(plain) if plain else None
