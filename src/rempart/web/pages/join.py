"""Following a one-time link: to a new account, or to a new password."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rempart.errors import UserMistake
from rempart.people import invitations, passwords
from rempart.people.records import LANGUAGES, Invitation, Language
from rempart.web.access import Visitor, everyone
from rempart.web.rendering import back_to, page
from rempart.web.visitor import TheDesk

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]


@router.get("/join/{code}")
def ask(request: Request, visitor: Annotated[Visitor, Depends(everyone())], desk: TheDesk, code: str) -> Response:
    """The form behind the link."""
    with desk.database.reading() as reader:
        invitation = invitations.find(reader, code, desk.clock())
    return _form(request, visitor, invitation, code)


@router.post("/join/{code}")
def join(
    request: Request,
    visitor: Annotated[Visitor, Depends(everyone("sign_in"))],
    desk: TheDesk,
    code: str,
    login: Text = "",
    name: Text = "",
    password: Text = "",
    language: Text = "",
) -> Response:
    """The account, or the new password; then the form for signing in."""
    now = desk.clock()
    chosen: Language = next((one for one in LANGUAGES if one == language), visitor.language)
    wish = invitations.Wish(login, name, password, chosen)
    with desk.database.reading() as reader:
        invitation = invitations.find(reader, code, now)
    try:
        if invitation.person is not None:
            passwords.check_rules(password, "")
            hashed = passwords.hashed(password)
            with desk.database.writing() as writer:
                invitations.renew_password(writer, code, hashed, now)
            return back_to("/sign-in", "join.renewed")
        with desk.database.reading() as reader:
            invitations.check(reader, wish)
        hashed = passwords.hashed(password)
        with desk.database.writing() as writer:
            invitations.join(writer, desk.fields, code, wish, hashed, now)
    except UserMistake as problem:
        return _form(request, visitor, invitation, code, wish, str(problem))
    return back_to("/sign-in", "join.done")


def _form(
    request: Request,
    visitor: Visitor,
    invitation: Invitation,
    code: str,
    wish: invitations.Wish | None = None,
    problem: str = "",
) -> Response:
    values = {
        "invitation": invitation,
        "path": invitations.path_of(code),
        "wish": wish or invitations.Wish("", "", "", visitor.language),
        "letters": passwords.MIN_LENGTH,
        "problem": problem,
    }
    template = "people/join.html" if invitation.person is None else "people/renew.html"
    return page(request, visitor, template, 400 if problem else 200, **values)
