"""The front page, and the choice of language."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rempart.people import staff
from rempart.people.records import LANGUAGES
from rempart.web.access import Visitor, everyone
from rempart.web.rendering import back_to, local_path, page
from rempart.web.visitor import LANGUAGE_COOKIE, TheDesk

router = APIRouter(include_in_schema=False)
YEAR_SECONDS = 365 * 24 * 3600


@router.get("/")
def home(request: Request, visitor: Annotated[Visitor, Depends(everyone())]) -> Response:
    """The front page: for the public two ways on, for people the menu."""
    return page(request, visitor, "home/home.html")


@router.post("/language")
def choose_language(
    visitor: Annotated[Visitor, Depends(everyone())],
    desk: TheDesk,
    language: Annotated[str, Form()] = "en",
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """The same page in the other language, from now on."""
    response = back_to(local_path(next))
    if language in LANGUAGES:
        secure = desk.settings.serve.secure_cookies
        response.set_cookie(
            LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, httponly=True, secure=secure, samesite="lax"
        )
    if visitor.person is not None:
        with desk.database.writing() as writer:
            staff.choose_language(writer, visitor.person, language)
    return response
