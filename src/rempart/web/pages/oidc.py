"""Signing in through the organisation's own identity provider."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from rempart.errors import NotFound, Unavailable
from rempart.people import signing_in
from rempart.people.oidc import Misset, Provider, Refused, Silent
from rempart.people.oidc import journey as journeys
from rempart.people.oidc.coming_in import arriving, leaving
from rempart.settings import ServeSettings
from rempart.web.access import Visitor, everyone
from rempart.web.arriving import signed_in_person
from rempart.web.pages.sign_in import begin
from rempart.web.rendering import local_path, page
from rempart.web.visitor import TheDesk
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
BACK = "/sign-in/provider/back"
Anybody = Annotated[Visitor, Depends(everyone("sign_in"))]
MOST_CODE_LETTERS = 4_000
log = structlog.get_logger("rempart.web")


class Unknown(Refused):
    """Somebody whom the provider knows, and who has no account here that works."""

    def __init__(self) -> None:
        super().__init__("nobody here has this login")
        self.args = ("you have no account here yet; ask an administrator for an invitation",)


@router.get("/sign-in/provider")
def leave(request: Request, visitor: Anybody, desk: TheDesk, next: str = "/") -> Response:  # noqa: A002
    """Sends the browser to the provider."""
    provider, serve = provider_of(desk), desk.settings.serve
    address = (serve.public_url or str(request.base_url)).rstrip("/") + BACK
    try:
        journey, url = leaving(desk.outbound, provider, address, local_path(next), desk.clock())
    except (Silent, Misset) as error:
        return _told(request, visitor, error, local_path(next))
    response = RedirectResponse(url, 303)
    response.set_cookie(
        _cookie(serve),
        journey.sealed(desk.fields),
        max_age=int(journeys.LASTS.total_seconds()),
        path="/",
        httponly=True,
        secure=serve.secure_cookies,
        samesite="lax",  # it has to come along when the provider sends the browser back
    )
    return response


@router.get(BACK)
def come_back(
    request: Request, visitor: Anybody, desk: TheDesk, state: str = "", code: str = "", iss: str | None = None
) -> Response:
    """A session for who comes back with a proof, and has an account. What the provider sent is used once."""
    provider, next_ = provider_of(desk), "/"
    try:
        journey = journeys.resumed(
            desk.fields, request.cookies.get(_cookie(desk.settings.serve), ""), state, desk.clock()
        )
        next_ = journey.next
        if not 0 < len(code) <= MOST_CODE_LETTERS:
            raise Refused("the provider sent no code")
        login = arriving(desk.outbound, provider, journey, code, iss, desk.clock())
        with desk.database.reading() as reader:
            known = signing_in.look_up(reader, login)
        if known is None:
            raise Unknown
    except (Silent, Misset, Refused) as error:
        response = _told(request, visitor, error, next_)
    else:
        before = signed_in_person(request)
        old = before.session.key_hash if before is not None and before.session is not None else ""
        response = begin(request, desk, known.person, "full", next_, instead_of=old, through="oidc")
    response.delete_cookie(
        _cookie(desk.settings.serve), path="/", httponly=True, secure=desk.settings.serve.secure_cookies, samesite="lax"
    )
    return response


def provider_of(desk: Desk) -> Provider:
    """The provider that the operator set. Raises NotFound when there is none."""
    oidc = desk.settings.oidc
    if not oidc.issuer:
        raise NotFound("nobody signs in through a provider here; use your password")
    return Provider(oidc.issuer, oidc.client_id, oidc.client_secret.get_secret_value(), oidc.claim)


def _told(request: Request, visitor: Visitor, error: Silent | Misset | Refused, next_: str) -> Response:
    """A page that says what to do; the log says why."""
    log.warning("oidc.refused" if isinstance(error, Refused) else "oidc.trouble", why=error.why)
    status = 503 if isinstance(error, Unavailable) else 403
    detail, _, help_ = (part.strip() for part in str(error).partition(";"))
    values = {"parts": (detail, help_), "next": next_, "again": not isinstance(error, Misset | Unknown)}
    values["return_to"] = "/sign-in"  # not the address of this page: what the provider sent works once
    response = page(request, visitor, "people/provider.html", status, **values)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(int(error.retry_after_seconds or 60))
    return response


def _cookie(serve: ServeSettings) -> str:
    return "__Host-rempart_provider" if serve.secure_cookies else "rempart_provider"
