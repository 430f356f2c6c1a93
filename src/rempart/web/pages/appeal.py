"""The public side of appeals: a form, a number with a code, and the answer. No account, no name, nothing of content."""

import re
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rempart.cases.appeals.bringing import LONGEST_GROUNDS, Appellant, Brought, bring
from rempart.cases.appeals.following import appeal_state
from rempart.errors import Conflict, NotFound, Unavailable, UserMistake
from rempart.web.access import TheDesk, Visitor, everyone
from rempart.web.errors import retry_after
from rempart.web.rendering import page
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
MOST_LETTERS = 100
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
STATUS = "/appeal/status"
Anybody = Annotated[Visitor, Depends(everyone())]
Text = Annotated[str, Form()]


@dataclass(frozen=True, slots=True)
class Sent:
    """The form as it arrived. token: of the page that was filled in."""

    number: str = ""
    code: str = field(default="", repr=False)
    grounds: str = field(default="", repr=False)
    token: str = ""


@router.get("/appeal")
def ask(request: Request, visitor: Anybody) -> Response:
    """The empty form."""
    return _form(request, visitor, Sent())


@router.post("/appeal")
def tell(
    request: Request,
    visitor: Anybody,
    desk: TheDesk,
    number: Text = "",
    code: Text = "",
    grounds: Text = "",
    token: Text = "",
) -> Response:
    """Number and code of the appeal; or the form again, with every word and with what is wrong."""
    sent = Sent(number[:MOST_LETTERS], code[:MOST_LETTERS], grounds, token if TOKEN.fullmatch(token) else "")
    try:
        brought = _brought(visitor, desk, sent)
    except UserMistake as mistake:
        status = 404 if isinstance(mistake, NotFound) else 409 if isinstance(mistake, Conflict) else 400
        return _form(request, visitor, sent, str(mistake), status)
    except Unavailable as error:  # nothing was kept: the words stay on the page, to be sent again
        answer = _form(request, visitor, sent, "", 503)
        answer.headers["Retry-After"] = retry_after(error)
        return answer
    address = f"{desk.settings.serve.public_url or request.base_url}".rstrip("/") + STATUS
    return page(request, visitor, "appeal/received.html", brought=brought, status_address=address)


@router.get("/appeal/status")
def ask_state(request: Request, visitor: Anybody) -> Response:
    """The form for number and code."""
    return page(request, visitor, "appeal/status.html", state=None, problem=False, bodies=())


@router.post("/appeal/status")
def show(request: Request, visitor: Anybody, desk: TheDesk, number: Text = "", code: Text = "") -> Response:
    """How far the appeal is, and its answer. A wrong number and a wrong code are answered alike, word for word."""
    try:
        with desk.database.reading() as reader:
            state = appeal_state(reader, desk.fields, number[:MOST_LETTERS], code[:MOST_LETTERS])
    except NotFound:
        return page(request, visitor, "appeal/status.html", 404, state=None, problem=True, bodies=())
    bodies = desk.settings.desk.dispute_bodies
    return page(request, visitor, "appeal/status.html", state=state, problem=False, bodies=bodies)


def _brought(visitor: Visitor, desk: Desk, sent: Sent) -> Brought:
    said = Appellant(sent.number, sent.code, sent.grounds, visitor.language, _request_key(sent))
    try:
        return _kept(desk, said)
    except Conflict:
        if said.request_key is None:
            raise
        return _kept(desk, said)  # perhaps sent twice at once, and the other one kept it


def _kept(desk: Desk, said: Appellant) -> Brought:
    chosen = desk.settings.desk
    with desk.database.writing() as writer:
        return bring(
            writer,
            desk.fields,
            said,
            appeal_days=chosen.appeal_days,
            answer_days=chosen.appeal_answer_days,
            now=desk.clock(),
        )


def _request_key(sent: Sent) -> str | None:
    """The same for the same words from the same page; None without a page."""
    if not sent.token:
        return None
    said = repr((sent.token, sent.number, sent.code, sent.grounds))
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _form(request: Request, visitor: Visitor, sent: Sent, problem: str = "", status_code: int = 200) -> Response:
    return page(
        request,
        visitor,
        "appeal/form.html",
        status_code,
        sent=sent,
        token=sent.token or secrets.token_urlsafe(24),
        problem=problem,
        unavailable=status_code == 503,
        longest=LONGEST_GROUNDS,
    )
