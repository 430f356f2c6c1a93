"""Who may call a route: declared as a dependency of the route, checked before a byte of its body is read.

`people("senior")` a person signed in with one of these roles (any, when none is named); `services("items")` a
programme whose token has one of these scopes; `everyone()` anybody. `people(...) | services(...)` either of them.
The tests of every route for every role are generated from these declarations.
"""

import hmac
from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.datastructures import FormData

from rempart.errors import NotAllowed
from rempart.facts.people import ROLES, SCOPES, Role, Scope
from rempart.web.arriving import NotSignedIn, Step, anybody, finished, require, signed_in_person, signed_in_service
from rempart.web.limits import Budget, spend
from rempart.web.origins import refuse_other_sites
from rempart.web.visitor import VISITOR, TheDesk, Visitor, the_desk

__all__ = ["VISITOR", "Access", "TheDesk", "Visitor", "access_of", "everyone", "people", "services", "the_desk"]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route. As a dependency it gives the Visitor.

    budget: what limits how often an address may send here. step: how far people must have come with signing in.
    basic: a token may also come as a password, from programmes that can send nothing but an address.
    """

    roles: tuple[Role, ...] = ()
    scopes: tuple[Scope, ...] = ()
    anyone: bool = False
    budget: Budget | None = None
    step: Step = "done"
    basic: bool = False

    def __or__(self, other: "Access") -> "Access":
        return Access(
            tuple(role for role in ROLES if role in self.roles + other.roles),
            tuple(scope for scope in SCOPES if scope in self.scopes + other.scopes),
            self.anyone or other.anyone,
            self.budget or other.budget,
            "done",
            self.basic or other.basic,
        )

    def admit(self, request: Request) -> Visitor:
        """Who makes the request, by its headers alone. Raises NotSignedIn or NotAllowed."""
        unsafe = request.method not in SAFE_METHODS
        visitor = self._visitor(request)
        if unsafe and visitor.token is None:
            refuse_other_sites(request)
        if self.budget is not None and visitor.token is None:
            spend(request, self.budget, visitor.address)
        return visitor

    async def __call__(self, request: Request) -> Visitor:
        """The visitor whom `admit` let in; a person's form has to carry the key of the session, too.

        What anybody may send carries none: that it comes from a page of ours was checked, and a key proves no more.
        """
        visitor: Visitor = request.scope[VISITOR]
        if visitor.session is not None and not self.anyone and request.method not in SAFE_METHODS:
            await _check_form_key(request, visitor.session.form_key)
        return visitor

    def _visitor(self, request: Request) -> Visitor:
        if self.scopes and (service := signed_in_service(request, basic=self.basic)):
            if not set(self.scopes) & set(service.actor.scopes):
                raise NotAllowed(f"the token has none of the scopes {', '.join(self.scopes)}; make one that has")
            return service
        person = None if self._services_only else signed_in_person(request)
        if self.anyone:
            return person if person and finished(person) else anybody(request)
        if person is None:
            raise NotSignedIn(self._who_is_asked(request))
        require(person, self.step)
        if person.actor.role not in self.roles:
            raise NotAllowed(f"this is not open to the role {person.actor.role}; ask an administrator")
        return person

    def _who_is_asked(self, request: Request) -> str:
        """What is missing. A token that never was and one that was withdrawn are told alike: nobody can try any out."""
        if self.scopes and request.headers.get("authorization"):
            return "the token is not known or was withdrawn; ask an administrator for another one"
        if self._services_only:
            return "no token came with the request; send it as `Authorization: Bearer` and the token"
        return "this is for people who signed in; sign in first"

    @property
    def _services_only(self) -> bool:
        return bool(self.scopes) and not self.roles and not self.anyone


def people(*roles: Role, step: Step = "done", budget: Budget | None = None) -> Access:
    """Open to people of these roles; to all people when none is named. step: how far they must have signed in."""
    return Access(roles=roles or ROLES, step=step, budget=budget)


def services(*scopes: Scope, basic: bool = False) -> Access:
    """Open to programmes whose token has one of these scopes. basic: also as the password of `https://any:token@…`."""
    return Access(scopes=scopes or SCOPES, basic=basic)


def everyone(budget: Budget | None = None) -> Access:
    """Open to anybody. Whatever is sent to such a route is counted against the public budget of its address."""
    return Access(anyone=True, budget=budget)


def access_of(route: APIRoute) -> Access | None:
    """What the route declares; None when it forgot to."""
    found = [one.call for one in route.dependant.dependencies if isinstance(one.call, Access)]
    return found[0] if found else None


def with_public_budget(access: Access, methods: set[str] | None) -> Access:
    """The access with a budget wherever anybody may send something."""
    sends = bool((methods or set()) - SAFE_METHODS)
    return replace(access, budget="public") if access.anyone and access.budget is None and sends else access


async def _check_form_key(request: Request, right: str) -> None:
    given = request.headers.get("x-form-key")
    if given is None and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        form: FormData = await request.form()
        field = form.get("form_key")
        given = field if isinstance(field, str) else None
    if given is None or not hmac.compare_digest(given.encode(), right.encode()):
        raise NotAllowed("the form is not valid any more; load the page again and send it anew")
