"""`/v1/appeal-codes`: a host asks for what its user needs to contest a decision."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from rempart.cases.appeals import codes
from rempart.cases.appeals.codes import Made
from rempart.cases.intake.numbers import read_number
from rempart.errors import UserMistake
from rempart.storage.columns import FORMAT
from rempart.web.access import TheDesk, Visitor, services
from rempart.web.api.arrived import request_key_of

router = APIRouter(tags=["appeals"])
VERSION = 1
MOST_ID = 2**53


class About(BaseModel):
    """What the user is affected by: an action that the host was given, or an item that it sent."""

    model_config = ConfigDict(extra="forbid")

    action: int | None = Field(None, ge=1, le=MOST_ID, description="the id of an action from /v1/actions")
    item: str | None = Field(None, max_length=40, description="the number of an item from /v1/items")


class CodeTold(BaseModel):
    """What the host hands over to its user, who brings the appeal at `address`."""

    version: Literal[1]
    number: str
    code: str = Field(description="secret; shown this once, unless the same Idempotency-Key is sent again")
    until: str
    address: str


@router.post("/v1/appeal-codes", status_code=201, responses={201: {"model": CodeTold}})
def make(
    request: Request, visitor: Annotated[Visitor, Depends(services("actions"))], desk: TheDesk, about: About
) -> Response:
    """Makes a number and a code with which the user can contest the decision, once."""
    if (about.action is None) == (about.item is None):
        raise UserMistake("a code is made for an action or for an item; send one of them")
    item = read_number(about.item) if about.item is not None else None
    with desk.database.writing() as writer:
        case_id = codes.case_of(writer, visitor.actor, action=about.action, item=item)
        made = codes.make_code(
            writer,
            desk.fields,
            visitor.actor,
            case_id,
            days=desk.settings.desk.appeal_days,
            now=desk.clock(),
            request_key=request_key_of(request),
        )
    return JSONResponse(told(made, f"{desk.settings.serve.public_url or request.base_url}"), 201)


def told(made: Made, base: str) -> dict[str, object]:
    """The code as it is sent."""
    return {
        "version": VERSION,
        "number": made.number,
        "code": made.code,
        "until": made.ends_at.strftime(FORMAT),
        "address": base.rstrip("/") + "/appeal",
    }
