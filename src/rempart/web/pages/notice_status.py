"""What became of a notice, for whoever has its number and its code. Nothing about content, matches or other notices."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rempart.cases.intake.following import NoticeState, notice_state
from rempart.errors import NotFound
from rempart.web.access import TheDesk, Visitor, everyone
from rempart.web.rendering import page
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
MOST_LETTERS = 100
Text = Annotated[str, Form()]


@router.get("/notice/status")
def ask(request: Request, visitor: Annotated[Visitor, Depends(everyone())]) -> Response:
    """The form for number and code."""
    return page(request, visitor, "notice/status.html", state=None, appeal_until=None, problem=False)


@router.post("/notice/status")
def show(
    request: Request,
    visitor: Annotated[Visitor, Depends(everyone())],
    desk: TheDesk,
    number: Text = "",
    code: Text = "",
) -> Response:
    """How far the notice has come. A wrong number and a wrong code are answered alike, word for word."""
    try:
        with desk.database.reading() as reader:
            state = notice_state(reader, number[:MOST_LETTERS], code[:MOST_LETTERS])
    except NotFound:
        return page(request, visitor, "notice/status.html", 404, state=None, appeal_until=None, problem=True)
    until = _appeal_until(desk, state)
    return page(request, visitor, "notice/status.html", state=state, appeal_until=until, problem=False)


def _appeal_until(desk: Desk, state: NoticeState) -> datetime | None:
    """Until when the outcome can be appealed; None without an outcome, and when that time is over."""
    if state.outcome_at is None:
        return None
    until = state.outcome_at + timedelta(days=desk.settings.desk.appeal_days)
    return until if until > desk.clock() else None
