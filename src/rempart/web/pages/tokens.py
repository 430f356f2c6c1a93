"""Service tokens: what programmes sign in with. For administrators."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rempart.errors import UserMistake
from rempart.facts.people import SCOPES
from rempart.people import queries, tokens
from rempart.web.access import Visitor, people
from rempart.web.rendering import back_to, page
from rempart.web.visitor import TheDesk
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Admin = Annotated[Visitor, Depends(people("admin"))]


@router.get("/tokens")
def every_token(request: Request, visitor: Admin, desk: TheDesk) -> Response:
    """The tokens of the organisation; never their secrets."""
    return _tokens(request, visitor, desk)


@router.post("/tokens")
def make(
    request: Request,
    visitor: Admin,
    desk: TheDesk,
    name: Annotated[str, Form()] = "",
    scopes: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """The new token, shown this once."""
    try:
        with desk.database.writing() as writer:
            pid, token = tokens.make(writer, visitor.actor, name, scopes, desk.clock())
    except UserMistake as problem:
        return _tokens(request, visitor, desk, 400, problem=str(problem), name=name[:80], chosen=scopes)
    return page(request, visitor, "people/token.html", pid=pid, token=token)


@router.post("/tokens/{pid}/revoke")
def revoke(visitor: Admin, desk: TheDesk, pid: str) -> Response:
    """The token works no more."""
    with desk.database.writing() as writer:
        tokens.revoke(writer, visitor.actor, pid, desk.clock())
    return back_to("/tokens", "tokens.gone")


def _tokens(
    request: Request,
    visitor: Visitor,
    desk: Desk,
    status_code: int = 200,
    *,
    problem: str = "",
    name: str = "",
    chosen: list[str] | None = None,
) -> Response:
    with desk.database.reading() as reader:
        found = queries.tokens_of(reader, visitor.actor.organisation)
    values = {"tokens": found, "scopes": SCOPES, "problem": problem, "name": name, "chosen": chosen or []}
    return page(request, visitor, "people/tokens.html", status_code, **values)
