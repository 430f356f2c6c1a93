"""`/v1/figures`: the figures of one period, for whoever publishes them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from rempart.cases.transparency.writing import last_year, period_of, report
from rempart.people.queries import organisations
from rempart.web.access import TheDesk, Visitor, services

router = APIRouter(tags=["figures"])
Day = Annotated[str, Query(max_length=20)]


class FigureTold(BaseModel):
    """One figure; the reference page says what it means."""

    section: str
    measure: str
    what: str
    number: float
    unit: str


class LedgerTold(BaseModel):
    """How far the ledger went from which the figures were computed."""

    entry: int
    hash: str


class FiguresTold(BaseModel):
    """The figures of one period."""

    version: Literal[1]
    organisation: str
    from_: str = Field(alias="from")
    to: str
    made_at: str
    ledger: LedgerTold
    figures: list[FigureTold]


@router.get("/v1/figures", responses={200: {"model": FiguresTold}})
def figures(
    visitor: Annotated[Visitor, Depends(services("figures"))],
    desk: TheDesk,
    from_: Annotated[str, Query(alias="from", max_length=20)] = "",
    to: Day = "",
) -> Response:
    """The figures from the first day to the last, UTC; of the last calendar year when neither is given."""
    first, last = (from_, to) if from_ or to else last_year(desk.clock())
    period = period_of(first, last)
    with desk.database.reading() as reader:
        mine = next(one for one in organisations(reader) if one.id == visitor.actor.organisation)
        return JSONResponse(report(reader, mine.id, mine.name, period, desk.clock()))
