"""Which cases belong together, said by whoever works on one of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from rempart.cases.review import guards, together
from rempart.web.access import TheDesk, Visitor, people
from rempart.web.rendering import back_to

router = APIRouter(include_in_schema=False)
Judge = Annotated[Visitor, Depends(people(*guards.JUDGES))]
Number = Annotated[int, Form(ge=1, le=2**53)]


@router.post("/cases/{case_id}/merge")
def merge(visitor: Judge, desk: TheDesk, case_id: int, other: Number) -> Response:
    """The two cases, and all that belonged to either, are together."""
    with desk.database.writing() as writer:
        together.merge(writer, visitor.actor, case_id, other, desk.clock())
    return back_to(f"/cases/{case_id}#cluster", "review.merged")


@router.post("/cases/{case_id}/split")
def split(visitor: Judge, desk: TheDesk, case_id: int, member: Number) -> Response:
    """The member stands alone."""
    with desk.database.writing() as writer:
        together.split(writer, visitor.actor, case_id, member, desk.clock())
    return back_to(f"/cases/{case_id}#cluster", "review.split")


@router.post("/cases/{case_id}/surface")
def surface(visitor: Judge, desk: TheDesk, case_id: int, member: Number) -> Response:
    """The member stands in the queue on its own."""
    with desk.database.writing() as writer:
        together.surface(writer, visitor.actor, case_id, member, desk.clock())
    return back_to(f"/cases/{case_id}#cluster", "review.surfaced")
