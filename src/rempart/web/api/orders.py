"""`/v1/orders`: an authority's order is brought into the register by a programme; people do what follows."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.responses import JSONResponse, Response

from rempart.cases.intake.moments import moment_of
from rempart.cases.intake.numbers import read_number
from rempart.cases.intake.told import Category
from rempart.cases.intake.urls import normalise
from rempart.cases.orders import register
from rempart.cases.orders.kinds import kinds
from rempart.cases.orders.records import Order, Sent
from rempart.errors import UserMistake
from rempart.storage.columns import FORMAT
from rempart.web.access import TheDesk, Visitor, services
from rempart.web.api.arrived import is_text
from rempart.web.api.screening import intake_of

router = APIRouter(tags=["orders"])
VERSION = 1
MOST_PLACES = register.MOST_PLACES
Calling = Annotated[Visitor, Depends(services("orders"))]
MOMENT: dict[str, JsonValue] = {"format": "date-time"}
Place = Annotated[str, Field(min_length=1, max_length=4096)]


class OrderSent(BaseModel):
    """An order as it came. Nothing is filled in for you: leave out what the order does not say."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=20, json_schema_extra={"enum": list(kinds())})
    authority: str = Field(min_length=1, max_length=120)
    reference: str = Field(min_length=1, max_length=120, description="the authority's own; the same one is one order")
    legal_basis: str = Field(min_length=1, max_length=200)
    received_at: str = Field(
        max_length=40, json_schema_extra=MOMENT, description="when it reached you, which starts its clock"
    )
    category: Category = Field(description="what it is about, in the words of notices")
    urls: list[Place] = Field(default_factory=list, max_length=MOST_PLACES)
    accounts: list[Place] = Field(default_factory=list, max_length=MOST_PLACES)
    reasons: str = Field("", max_length=register.LONGEST_TEXT)
    territory: str = Field("", max_length=200)
    language: Literal["en", "fr"] = "en"
    due_at: str = Field(
        "", max_length=40, json_schema_extra=MOMENT, description="the time that the order itself sets, if it does"
    )
    user_wait_until: str = Field(
        "", max_length=40, json_schema_extra=MOMENT, description="the user must not be told before"
    )


class OrderTold(BaseModel):
    """Where an order stands. Nothing of its contents."""

    version: Literal[1]
    order: str
    kind: str
    authority: str
    reference: str
    state: str
    received_at: str
    due_at: str
    authenticated: bool = Field(description="somebody verified who sent it")
    effect_at: str | None
    ended_at: str | None
    cases: list[int]


class OrderAdded(OrderTold):
    """An order that came in."""

    again: bool = Field(description="it was in the register already")


class OrderPage(BaseModel):
    """Orders whose clock runs, those that are due first first."""

    version: Literal[1]
    orders: list[OrderTold]


@router.post("/v1/orders", responses={200: {"model": OrderAdded}})
def bring(visitor: Calling, desk: TheDesk, said: OrderSent) -> Response:
    """Adds an order to the register. It is authenticated by a person, never by a programme."""
    sent = sent_of(said)
    with desk.database.writing() as writer:
        added = register.add(writer, intake_of(desk), visitor.actor, sent, desk.clock())
    return JSONResponse(told(added.order) | {"again": added.again})


@router.get("/v1/orders", responses={200: {"model": OrderPage}})
def running(visitor: Calling, desk: TheDesk, limit: Annotated[int, Query(ge=1, le=200)] = 100) -> Response:
    """The orders whose clock runs."""
    with desk.database.reading() as reader:
        orders, _ = register.running(reader, desk.fields, visitor.actor.organisation, limit=limit)
    return JSONResponse({"version": VERSION, "orders": [told(one) for one in orders]})


@router.get("/v1/orders/{number}", responses={200: {"model": OrderTold}})
def follow(number: Annotated[str, Path(max_length=40)], visitor: Calling, desk: TheDesk) -> Response:
    """Where one order stands."""
    with desk.database.reading() as reader:
        order = register.get(reader, desk.fields, visitor.actor.organisation, read_number(number))
    return JSONResponse(told(order))


def sent_of(said: OrderSent) -> Sent:
    """The order as it is kept. Raises UserMistake."""
    if not all(is_text(text) for text in (*said.accounts, said.reasons, said.territory)):
        raise UserMistake("a text has characters that cannot be kept; correct it")
    received_at = moment_of(said.received_at, "received_at")
    if received_at is None:
        raise UserMistake("`received_at` is missing: when the order reached you; give it")
    return Sent(
        said.kind,
        said.authority,
        said.reference,
        said.legal_basis,
        received_at,
        said.category,
        tuple(dict.fromkeys(normalise(url) for url in said.urls)),
        tuple(dict.fromkeys(said.accounts)),
        said.reasons,
        said.territory,
        said.language,
        moment_of(said.due_at, "due_at"),
        moment_of(said.user_wait_until, "user_wait_until"),
    )


def told(order: Order) -> dict[str, Any]:
    """The order as it is sent."""
    return {
        "version": VERSION,
        "order": order.number,
        "kind": order.kind.id,
        "authority": order.authority,
        "reference": order.reference,
        "state": order.state,
        "received_at": order.received_at.strftime(FORMAT),
        "due_at": order.due_at.strftime(FORMAT),
        "authenticated": order.authentication is not None,
        "effect_at": _written(order.effect_at),
        "ended_at": _written(order.ended_at),
        "cases": list(order.cases),
    }


def _written(at: datetime | None) -> str | None:
    return at.strftime(FORMAT) if at is not None else None
