"""Who helps now: the lines of the visitor's country, on the pages of notices and on a page of their own."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rempart.cases.intake.helplines import countries, country_of, country_spoken, directory, help_for
from rempart.web.access import TheDesk, Visitor, everyone
from rempart.web.rendering import page
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
# What browsers say in every country of the world, as they come from the shop.
SAID_ANYWHERE = "US"


@router.get("/notice/help")
def helplines(
    request: Request, visitor: Annotated[Visitor, Depends(everyone())], desk: TheDesk, country: str = ""
) -> Response:
    """The lines of one country, and a choice of the others."""
    values = help_values(request, visitor, desk, country_of(country[:2]))
    return page(request, visitor, "notice/help.html", countries=countries(visitor.language), **values)


def help_values(request: Request, visitor: Visitor, desk: Desk, country: str | None = None) -> dict[str, Any]:
    """What the template of helplines is drawn with. country: left out, the one that the visitor seems to be in."""
    found = help_for(country or _country_here(request, desk), visitor.language)
    name = dict(countries(visitor.language)).get(found.country or "", "")
    return {"help": found, "country_name": name, "directory": directory()}


def _country_here(request: Request, desk: Desk) -> str | None:
    """The country that the browser names, or else that of the house."""
    house = country_of(desk.settings.intake.country)
    spoken = country_spoken(request.headers.get("accept-language", ""))
    return house if spoken is None or (spoken == SAID_ANYWHERE and house) else spoken
