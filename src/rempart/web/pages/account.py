"""One's own account: password, one-time codes, sessions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import RedirectResponse, Response

from rempart.errors import Broken, UserMistake
from rempart.people import codes, passwords, queries, sessions, signing_in, staff
from rempart.people.records import Person, Session
from rempart.web.access import Visitor, people
from rempart.web.pages.sign_in import begin, guessing_of
from rempart.web.qr import qr_svg
from rempart.web.rendering import back_to, page
from rempart.web.visitor import TheDesk
from rempart.web.words import say
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
Anyone = Annotated[Visitor, Depends(people())]
SettingUp = Annotated[Visitor, Depends(people(step="full"))]


@router.get("/account")
def account(request: Request, visitor: Anyone, desk: TheDesk) -> Response:
    """The account of whoever is signed in."""
    return _account(request, visitor, desk)


@router.post("/account/password")
def change_password(
    request: Request,
    visitor: Annotated[Visitor, Depends(people(budget="sign_in"))],
    desk: TheDesk,
    old: Text = "",
    new: Text = "",
) -> Response:
    """The new password, and a new session instead of all earlier ones."""
    person, _ = _signed_in(visitor)
    now = desk.clock()
    try:
        passwords.check_rules(new, person.login)
    except UserMistake as problem:
        return _account(request, visitor, desk, 400, problem=str(problem))
    with desk.database.reading() as reader:
        known = signing_in.look_up(reader, person.login)
    right = passwords.holds(known.password_hash if known else None, old)
    with desk.database.writing() as writer:  # guesses count here, too: a session may be a stolen one
        guessing = guessing_of(desk.settings.serve)
        still = signing_in.settle_password(writer, known, right=right, guessing=guessing, now=now)
    if still is None:
        return _account(request, visitor, desk, 403, old_wrong=True)
    hashed = passwords.hashed(new)
    with desk.database.writing() as writer:
        staff.change_password(writer, person, hashed, now)
    return begin(request, desk, person, "full", "/account", note="account.changed")


@router.post("/account/sessions/others/end")
def end_others(visitor: Anyone, desk: TheDesk) -> Response:
    """Every other session of the person has ended."""
    person, session = _signed_in(visitor)
    with desk.database.writing() as writer:
        sessions.end_others(writer, person, session.key_hash, desk.clock())
    return back_to("/account", "account.ended")


@router.post("/account/sessions/{handle}/end")
def end_session(visitor: Anyone, desk: TheDesk, handle: str) -> Response:
    """That session of the person has ended."""
    person, _ = _signed_in(visitor)
    with desk.database.writing() as writer:
        sessions.end_one(writer, person, handle, desk.clock())
    return back_to("/account", "account.ended")


@router.get("/account/code")
def propose_code(request: Request, visitor: SettingUp, desk: TheDesk) -> Response:
    """A new secret for one-time codes, as a picture and as text."""
    person, _ = _signed_in(visitor)
    if person.has_code:
        return RedirectResponse("/account", 303)
    return _code_form(request, visitor, codes.propose(desk.fields, person, desk.clock()))


@router.post("/account/code")
def set_up_code(
    request: Request,
    visitor: Annotated[Visitor, Depends(people(step="full", budget="sign_in"))],
    desk: TheDesk,
    code: Text = "",
    sealed: Text = "",
) -> Response:
    """One-time codes are in force when the code shows that the telephone has the secret."""
    person, _ = _signed_in(visitor)
    now = desk.clock()
    proposal = codes.proposed(desk.fields, person, sealed, now)
    if proposal is None:
        anew = codes.propose(desk.fields, person, now)
        return _code_form(request, visitor, anew, 400, too_late=True)
    try:
        with desk.database.writing() as writer:
            codes.set_up(writer, desk.fields, person, proposal, code, now)
    except UserMistake as problem:
        return _code_form(request, visitor, proposal, 400, problem=str(problem))
    return back_to("/account", "code.done")


def _account(
    request: Request,
    visitor: Visitor,
    desk: Desk,
    status_code: int = 200,
    *,
    problem: str = "",
    old_wrong: bool = False,
) -> Response:
    person, session = _signed_in(visitor)
    with desk.database.reading() as reader:
        found = queries.sessions_of(reader, person.id)
    values = {"person": person, "sessions": found, "own": session.handle, "letters": passwords.MIN_LENGTH}
    return page(request, visitor, "people/account.html", status_code, **values, problem=problem, old_wrong=old_wrong)


def _code_form(
    request: Request,
    visitor: Visitor,
    proposal: codes.Proposal,
    status_code: int = 200,
    *,
    problem: str = "",
    too_late: bool = False,
) -> Response:
    values = {
        "proposal": proposal,
        "picture": qr_svg(proposal.uri, say(visitor.language, "code.picture")),
        "required": visitor.actor.role in codes.OBLIGATORY,
        "problem": problem,
        "too_late": too_late,
    }
    return page(request, visitor, "people/set_up_code.html", status_code, **values)


def _signed_in(visitor: Visitor) -> tuple[Person, Session]:
    if visitor.person is None or visitor.session is None:
        raise Broken("a route for people was reached by nobody")
    return visitor.person, visitor.session
