"""The public notice form: anybody tells of something, anonymously if they like, and keeps a number and a code.

Neither stands in an address or in a log. Whatever goes wrong, the page comes back with every word that was typed.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from rempart.cases.intake.notices import receive, received_before
from rempart.cases.intake.telling import MOST_LETTERS, Draft, Problem, problems_of, request_key, told_from
from rempart.cases.intake.told import ABOUT_ABUSE, CATEGORIES, GOING_ON, Attachment, Received
from rempart.errors import Conflict, Unavailable
from rempart.facts.people import public
from rempart.web.access import TheDesk, Visitor, everyone
from rempart.web.api.arrived import Upload, form_of, read_upload
from rempart.web.errors import retry_after
from rempart.web.pages.helplines import help_values
from rempart.web.rendering import page
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
# More than are taken, so that whoever sends too many is told so and keeps every word.
MORE_FILES = 50
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
YES = "yes"
STATUS = "/notice/status"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it arrived. token: of the page that was filled in; empty when nothing of that kind came."""

    draft: Draft
    files: tuple[Upload, ...]
    token: str


@router.get("/notice")
def ask(request: Request, visitor: Annotated[Visitor, Depends(everyone())], desk: TheDesk) -> Response:
    """The empty form."""
    return _form(request, visitor, desk, Sent(Draft(), (), ""))


@router.post("/notice")
async def tell(request: Request, visitor: Annotated[Visitor, Depends(everyone())], desk: TheDesk) -> Response:
    """Number and code of the notice; or the form again, with what is wrong."""
    sent = await _sent(request)
    return await run_in_threadpool(_answer, request, visitor, desk, sent)


def _answer(request: Request, visitor: Visitor, desk: Desk, sent: Sent) -> Response:
    limits = desk.settings.intake
    sizes = [len(one.content) for one in sent.files]
    problems = problems_of(sent.draft, sizes, limits.max_attachments, limits.attachment_bytes)
    if problems:
        return _form(request, visitor, desk, sent, problems)
    try:
        received = _received(visitor, desk, sent)
    except Unavailable as error:  # nothing was kept: the words stay on the page, to be sent again
        answer = _form(request, visitor, desk, sent, unavailable=True)
        answer.headers["Retry-After"] = retry_after(error)
        return answer
    return page(
        request,
        visitor,
        "notice/received.html",
        received=received,
        files=len(sent.files),
        status_address=f"{desk.settings.serve.public_url or request.base_url}".rstrip("/") + STATUS,
        **help_values(request, visitor, desk),
    )


def _received(visitor: Visitor, desk: Desk, sent: Sent) -> Received:
    """What the reporter keeps. Who is signed in is not asked: a notice is always anonymous."""
    actor, intake = public(visitor.actor.organisation), desk.intake
    key = request_key(sent.draft, [one.sha256 for one in sent.files], sent.token)
    with desk.database.reading() as reader:
        before = received_before(reader, intake, actor, key)
    if before is not None:
        return before
    attachments = [Attachment(one.name, desk.vault.seal(one.content), one.sha256) for one in sent.files]
    told = told_from(sent.draft, attachments, visitor.language, sent.token)
    try:
        with desk.database.writing() as writer:
            return receive(writer, intake, actor, told, desk.clock())
    except Conflict:  # sent twice at once: the other one kept it
        with desk.database.reading() as reader:
            before = received_before(reader, intake, actor, key)
        if before is None:
            raise
        return before


def _form(
    request: Request,
    visitor: Visitor,
    desk: Desk,
    sent: Sent,
    problems: Sequence[Problem] = (),
    *,
    unavailable: bool = False,
) -> Response:
    status = 503 if unavailable else 400 if problems else 200
    return page(
        request,
        visitor,
        "notice/form.html",
        status,
        draft=sent.draft,
        token=sent.token or secrets.token_urlsafe(24),
        categories=CATEGORIES,
        going_on=GOING_ON,
        named=frozenset(CATEGORIES) - ABOUT_ABUSE,
        problems=problems,
        wrong={one.name for one in problems},
        unavailable=unavailable,
        lost_files=len(sent.files),
        limits=desk.settings.intake,
        mails=bool(desk.settings.mail.host and desk.settings.mail.notifiers),
        letters=MOST_LETTERS,
        most_bytes=desk.settings.serve.max_request_bytes,
        **help_values(request, visitor, desk),
    )


async def _sent(request: Request) -> Sent:
    """The form as it arrived. Raises HTTPException for one that is damaged."""
    most_files = request.app.state.desk.settings.intake.max_attachments + MORE_FILES
    async with form_of(request, most_files) as form:
        chosen = [one for one in form.getlist("files") if isinstance(one, UploadFile) and _is_chosen(one)]
        files = [await read_upload(one) for one in chosen]
    token = _text(form, "token")
    return Sent(_draft(form), tuple(files), token if TOKEN.fullmatch(token) else "")


def _draft(form: FormData) -> Draft:
    return Draft(
        category=_text(form, "category"),
        urls=_text(form, "urls"),
        description=_text(form, "description"),
        seen_at=_text(form, "seen_at"),
        urgent=_text(form, "urgent") == YES,
        self_report=_text(form, "self_report") == YES,
        name=_text(form, "name"),
        email=_text(form, "email"),
        good_faith=_text(form, "good_faith") == YES,
    )


def _text(form: FormData, field: str) -> str:
    """The text of the field, as it can be kept and shown: halves of a character become a question mark."""
    found = form.get(field)
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def _is_chosen(file: UploadFile) -> bool:
    """Whether there is a file: a browser sends a nameless, empty one where none was chosen."""
    return bool(file.filename or file.size)
