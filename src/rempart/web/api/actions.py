"""`/v1/actions`: a host fetches what it is to carry out, and says what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from rempart.cases.review import hosting
from rempart.cases.review.acting import LARGEST_PAGE
from rempart.cases.review.hosting import HostAction
from rempart.facts.case import ActionState
from rempart.reporting import delivering
from rempart.storage.columns import FORMAT
from rempart.storage.database import Reader
from rempart.web.access import TheDesk, Visitor, services
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of

router = APIRouter(tags=["actions"])
VERSION = 1
MOST_ID = 2**53
Calling = Annotated[Visitor, Depends(services("actions"))]


class ItemOfAction(BaseModel):
    """An item that the action is about."""

    number: str
    reference: str | None = Field(description="the Idempotency-Key that the item came with")


class StatementTold(BaseModel):
    """A statement of reasons that was approved: the host delivers it to its user, word for word."""

    version: Literal[1]
    language: str
    subject: str
    text: str


class ActionTold(BaseModel):
    """One action."""

    id: int
    kind: str
    state: str
    case: int
    outcome: str
    created_at: str
    changed_at: str
    due_at: str | None
    note: str
    items: list[ItemOfAction]
    urls: list[str]
    statement: StatementTold | None = Field(
        description="of `statement_of_reasons`: the text to deliver; null where the host writes its own"
    )


class ActionPage(BaseModel):
    """One page of actions."""

    version: Literal[1]
    actions: list[ActionTold]
    after: int | None = Field(description="ask the next page of this round with it; null when this was the last")


class ActionAnswer(BaseModel):
    """What became of an action."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["fulfilled", "refused"]
    note: str = Field("", max_length=500, description="why, in a sentence; needed when it was refused")


@router.get("/v1/actions", responses={200: {"model": ActionPage}})
def fetch(
    visitor: Calling,
    desk: TheDesk,
    state: ActionState = "queued",
    after: Annotated[int, Query(ge=0, le=MOST_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
) -> Response:
    """The actions in this state, oldest first. Begin every round without `after`: one approved late has an old id."""
    with desk.database.reading() as reader:
        found = hosting.page(reader, desk.fields, visitor.actor.organisation, state, after, limit)
        texts = _texts(reader, desk, visitor, found)
    last = found[-1].id if len(found) == limit else None
    return JSONResponse({"version": VERSION, "actions": [told(one, texts) for one in found], "after": last})


@router.post("/v1/actions/{action_id}", responses={200: {"model": ActionTold}})
def report(
    visitor: Calling,
    desk: TheDesk,
    action_id: Annotated[int, Path(ge=1, le=MOST_ID)],
    said: ActionAnswer,
) -> Response:
    """Says what became of one action. Saying the same again changes nothing."""
    with desk.database.writing() as writer:
        now = desk.clock()
        done = hosting.answer(writer, desk.fields, visitor.actor, action_id, said.state, said.note, now)
        delivering.answered(writer, reporting_of(desk), visitor.actor, action_id, said.state, said.note, now)
        texts = _texts(writer, desk, visitor, [done])
    return JSONResponse(told(done, texts))


def told(action: HostAction, texts: Mapping[int, object]) -> dict[str, object]:
    """The action as it is sent."""
    return {**{name: _written(value) for name, value in asdict(action).items()}, "statement": texts.get(action.id)}


def _texts(reader: Reader, desk: Desk, visitor: Visitor, found: Sequence[HostAction]) -> dict[int, dict[str, Any]]:
    wanted = [one.id for one in found if one.kind == "statement_of_reasons"]
    return delivering.texts(reader, reporting_of(desk), visitor.actor.organisation, wanted)


def _written(value: object) -> object:
    return value.strftime(FORMAT) if isinstance(value, datetime) else value
