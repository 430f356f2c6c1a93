"""The front page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from rempart.web.access import Visitor, everyone
from rempart.web.rendering import page

router = APIRouter(include_in_schema=False)
YEAR_SECONDS = 365 * 24 * 3600


@router.get("/")
def home(request: Request, visitor: Annotated[Visitor, Depends(everyone())]) -> Response:
    """The front page."""
    return page(request, visitor, "home/home.html")
