"""Looking after people: invitations, roles, who is here no more. For administrators."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from rempart.facts.people import ROLES
from rempart.people import codes, invitations, queries, staff
from rempart.people.random_keys import hash_of
from rempart.web.access import Visitor, people
from rempart.web.rendering import back_to, page
from rempart.web.visitor import TheDesk
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form()]
Admin = Annotated[Visitor, Depends(people("admin"))]


@router.get("/people")
def everybody(request: Request, visitor: Admin, desk: TheDesk) -> Response:
    """Everybody of the organisation, with names, and the open invitations."""
    with desk.database.reading() as reader:
        found = queries.people_of(reader, visitor.actor.organisation)
        names = staff.names(reader, desk.fields, visitor.actor)
        offered = queries.open_invitations(reader, visitor.actor.organisation, desk.clock())
    values: dict[str, Any] = {
        "people": found,
        "names": names,
        "invitations": offered,
        "roles": ROLES,
        "now": desk.clock(),
    }
    return page(request, visitor, "people/everybody.html", **values)


@router.post("/people/invite")
def invite(request: Request, visitor: Admin, desk: TheDesk, role: Text = "") -> Response:
    """The link to a new account, shown this once."""
    with desk.database.writing() as writer:
        code = invitations.invite(writer, visitor.actor, role, desk.clock())
    return _link(request, visitor, desk, code)


@router.post("/people/invitations/{handle}/withdraw")
def withdraw(visitor: Admin, desk: TheDesk, handle: str) -> Response:
    """The invitation works no more."""
    with desk.database.writing() as writer:
        invitations.withdraw(writer, visitor.actor, handle, desk.clock())
    return back_to("/people", "people.withdrawn")


@router.get("/people/{pid}")
def one(request: Request, visitor: Admin, desk: TheDesk, pid: str) -> Response:
    """One person, and what can be done."""
    with desk.database.reading() as reader:
        person = staff.find(reader, visitor.actor, pid)
        name = staff.names(reader, desk.fields, visitor.actor)[person.pid]
    values: dict[str, Any] = {"person": person, "name": name, "roles": ROLES, "now": desk.clock()}
    return page(request, visitor, "people/person.html", **values)


@router.post("/people/{pid}/role")
def change_role(visitor: Admin, desk: TheDesk, pid: str, role: Text = "") -> Response:
    """The person has the role."""
    with desk.database.writing() as writer:
        staff.change_role(writer, visitor.actor, pid, role, desk.clock())
    return back_to(f"/people/{pid}", "people.role_changed")


@router.post("/people/{pid}/reset-code")
def reset_code(visitor: Admin, desk: TheDesk, pid: str) -> Response:
    """The person has no one-time codes any more and can set up new ones."""
    with desk.database.writing() as writer:
        codes.reset(writer, visitor.actor, pid, desk.clock())
    return back_to(f"/people/{pid}", "people.code_reset")


@router.post("/people/{pid}/new-password")
def new_password(request: Request, visitor: Admin, desk: TheDesk, pid: str) -> Response:
    """The link to a new password, shown this once."""
    with desk.database.writing() as writer:
        code = invitations.offer_new_password(writer, visitor.actor, pid, desk.clock())
    return _link(request, visitor, desk, code)


@router.post("/people/{pid}/deactivate")
def deactivate(visitor: Admin, desk: TheDesk, pid: str) -> Response:
    """The person cannot sign in any more."""
    with desk.database.writing() as writer:
        staff.deactivate(writer, visitor.actor, pid, desk.clock())
    return back_to(f"/people/{pid}", "people.deactivated")


@router.post("/people/{pid}/reactivate")
def reactivate(visitor: Admin, desk: TheDesk, pid: str) -> Response:
    """The person can sign in again."""
    with desk.database.writing() as writer:
        staff.reactivate(writer, visitor.actor, pid, desk.clock())
    return back_to(f"/people/{pid}", "people.reactivated")


def _link(request: Request, visitor: Visitor, desk: Desk, code: str) -> Response:
    with desk.database.reading() as reader:
        made = queries.invitation_of(reader, hash_of(code))
    base = desk.settings.serve.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    return page(request, visitor, "people/link.html", link=base + invitations.path_of(code), invitation=made)
