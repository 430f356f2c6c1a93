"""Requests for erasure: registered, looked at, answered. No picture is on these pages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import Response

from rempart.cases.erasure import requests
from rempart.cases.erasure.looking import Subject
from rempart.cases.erasure.requests import About
from rempart.cases.intake.moments import moment_of
from rempart.cases.intake.numbers import read_number
from rempart.errors import NotFound, UserMistake
from rempart.reporting import queries as reports
from rempart.storage.database import Reader
from rempart.web.access import Visitor, people
from rempart.web.rendering import back_to, page
from rempart.web.visitor import TheDesk
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Senior = Annotated[Visitor, Depends(people("senior", "supervisor"))]
Word = Annotated[str, Form(max_length=2000)]
Asked = Annotated[str, Query(max_length=2000)]
MOST_DIGITS = 15


@router.get("/erasures")
def every_request(request: Request, visitor: Senior, desk: TheDesk) -> Response:
    """The open requests, those that were answered, and the form for a new one."""
    return _list(request, visitor, desk)


@router.post("/erasures")
def register(
    request: Request,
    visitor: Senior,
    desk: TheDesk,
    words: Annotated[str, Form(max_length=20_000)] = "",
    language: Word = "",
    received_at: Word = "",
) -> Response:
    """The request, registered; or the form, with what is wrong with it."""
    try:
        plain = received_at.strip()
        at = moment_of(f"{plain}+00:00" if plain else "", "received_at")
        if at is None or language not in ("en", "fr"):
            raise UserMistake("when the request came, or the language of the answer, is missing; write it")
        with desk.database.writing() as writer:
            number = requests.receive(
                writer, desk.fields, visitor.actor, words, "fr" if language == "fr" else "en", at, desk.clock()
            )
    except UserMistake as mistake:
        return _list(request, visitor, desk, str(mistake), words, language, received_at)
    return back_to(f"/erasures/{number}", "erasures.kept")


@router.get("/erasures/{number}")
def one(
    request: Request, visitor: Senior, desk: TheDesk, number: str, cases: Asked = "", notices: Asked = ""
) -> Response:
    """One request; with cases and notices named, what may go and what keeps the rest."""
    return _one(request, visitor, desk, number, cases, notices)


@router.post("/erasures/{number}/answer")
def answer(
    request: Request,
    visitor: Senior,
    desk: TheDesk,
    number: str,
    cases: Word = "",
    notices: Word = "",
    confirm: Word = "",
) -> Response:
    """What may go is gone, and the answer stands on the page; or the page again, with what is wrong."""
    plain = read_number(number)
    try:
        if read_number(confirm) != plain:
            raise UserMistake("that is not the number of the request; nothing was erased")
        with desk.database.writing() as writer:
            about = _about(writer, visitor.actor.organisation, cases, notices)
            requests.answer(
                writer,
                desk.vault,
                desk.fields,
                visitor.actor,
                plain,
                about,
                appeal_days=desk.settings.desk.appeal_days,
                now=desk.clock(),
            )
    except UserMistake as mistake:
        return _one(request, visitor, desk, number, cases, notices, str(mistake))
    return back_to(f"/erasures/{plain}", "erasures.answered")


def _list(
    request: Request,
    visitor: Visitor,
    desk: Desk,
    problem: str = "",
    words: str = "",
    language: str = "",
    received_at: str = "",
) -> Response:
    with desk.database.reading() as reader:
        found = requests.listed(reader, desk.fields, visitor.actor.organisation)
    return page(
        request,
        visitor,
        "erasures/erasures.html",
        status_code=400 if problem else 200,
        waiting=[each for each in found if each.state == "open"],
        past=[each for each in found if each.state != "open"],
        problem=problem,
        given={"words": words, "language": language, "received_at": received_at},
    )


def _one(
    request: Request, visitor: Visitor, desk: Desk, number: str, cases: str, notices: str, problem: str = ""
) -> Response:
    mine, subjects = visitor.actor.organisation, []
    with desk.database.reading() as reader:
        found = requests.get(reader, desk.fields, mine, read_number(number))
        try:
            subjects = _looked(reader, desk, mine, cases, notices)
        except (UserMistake, NotFound) as mistake:
            problem = problem or str(mistake)
    return page(
        request,
        visitor,
        "erasures/erasure.html",
        status_code=400 if problem else 200,
        asked=found,
        subjects=subjects,
        cases=cases,
        notices=notices,
        problem=problem,
    )


def _looked(reader: Reader, desk: Desk, organisation: int, cases: str, notices: str) -> list[Subject]:
    about = _about(reader, organisation, cases, notices)
    return requests.look(reader, organisation, about, desk.settings.desk.appeal_days, desk.clock())


def _about(reader: Reader, organisation: int, cases: str, notices: str) -> About:
    words = cases.replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() and len(word) <= MOST_DIGITS for word in words):
        raise UserMistake("cases are named by their numbers, with blanks between; correct it")
    chosen = tuple(int(word) for word in words[: requests.MOST + 1])
    busy = frozenset(one for one in chosen if reports.waits(reader, organisation, one))
    return About(chosen, tuple(read_number(word) for word in notices.replace(",", " ").split()), busy)
