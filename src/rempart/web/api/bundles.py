"""`/v1/bundles`: a partner sends many rows at once; they are kept at once and imported by the worker."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from rempart.cases.bundles import bundles
from rempart.cases.bundles.bundles import IMPORT, Bundle, Sending
from rempart.cases.intake.numbers import read_number
from rempart.errors import Conflict, UserMistake
from rempart.facts.people import Actor
from rempart.storage import outbox
from rempart.storage.columns import FORMAT
from rempart.web.access import TheDesk, Visitor, services
from rempart.web.api.arrived import KEY_HEADER, Upload, form_of, request_key_of, text_of, upload_of
from rempart.wiring.desk import Desk

router = APIRouter(tags=["bundles"])
VERSION = 1
ACCEPTED = 202
MOST_POSITION = 2**53
Calling = Annotated[Visitor, Depends(services("bundles"))]
SCHEMA: dict[str, Any] = {
    "parameters": [KEY_HEADER],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "partner", "format"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "partner": {"type": "string", "pattern": "^[a-z0-9](-?[a-z0-9]){0,39}$"},
                        "format": {"enum": ["ndjson", "csv", "vics"]},
                        "profile": {"type": "string", "description": "what categories mean; for vics, and only there"},
                    },
                }
            }
        },
    },
}


class BundleTold(BaseModel):
    """How far a bundle has come. rows = accepted + duplicate + all that was refused."""

    version: Literal[1]
    bundle: str
    partner: str
    format: str
    profile: str
    state: str = Field(description="received, importing, done or broken")
    rows: int
    accepted: int
    duplicate: int
    refused: dict[str, int] = Field(description="reason -> rows")
    set_aside: dict[str, int] = Field(description="what stood in accepted rows and could not be used -> rows")
    cut: bool = Field(description="the file breaks off")
    problem: str = Field(description="why nothing of it could be read")
    received_at: str
    ended_at: str | None


class RefusedRow(BaseModel):
    """A row that was not taken: where it stands, and why. Never what stood there."""

    position: int = Field(description="line of the file, or record of a VICS file")
    reason: str


class BundleState(BundleTold):
    """How far a bundle has come, and one page of its refused rows."""

    refused_rows: list[RefusedRow]
    after: int | None = Field(description="ask the next page of refused rows with it; null when this was the last")


class BundlePage(BaseModel):
    """The caller's own bundles, newest first."""

    version: Literal[1]
    bundles: list[BundleTold]


@router.post("/v1/bundles", status_code=ACCEPTED, openapi_extra=SCHEMA, responses={ACCEPTED: {"model": BundleTold}})
async def send(request: Request, visitor: Calling, desk: TheDesk) -> Response:
    """Keeps a bundle, sealed, and answers at once; the worker imports it."""
    upload, fields = await _read(request)
    key = request_key_of(request)
    bundle = await run_in_threadpool(_receive, desk, visitor.actor, upload, fields, key)
    return JSONResponse(told(bundle), ACCEPTED)


@router.get("/v1/bundles", responses={200: {"model": BundlePage}})
def every(visitor: Calling, desk: TheDesk, limit: Annotated[int, Query(ge=1, le=200)] = 100) -> Response:
    """The caller's own bundles, newest first."""
    with desk.database.reading() as reader:
        found = bundles.newest(reader, visitor.actor.organisation, visitor.actor.pid, limit)
    return JSONResponse({"version": VERSION, "bundles": [told(one) for one in found]})


@router.get("/v1/bundles/{number}", responses={200: {"model": BundleState}})
def follow(
    number: Annotated[str, Path(max_length=40)],
    visitor: Calling,
    desk: TheDesk,
    after: Annotated[int, Query(ge=0, le=MOST_POSITION)] = 0,
    limit: Annotated[int, Query(ge=1, le=bundles.LARGEST_PAGE)] = 100,
) -> Response:
    """How far one of the caller's own bundles has come, and which of its rows were refused."""
    actor = visitor.actor
    with desk.database.reading() as reader:
        bundle = bundles.get(reader, actor.organisation, read_number(number), actor.pid)
        refused = bundles.refused_rows(reader, actor.organisation, bundle, after, limit)
    rows = [{"position": position, "reason": reason} for position, reason in refused]
    following = refused[-1][0] if len(refused) == limit else None
    return JSONResponse(told(bundle) | {"refused_rows": rows, "after": following})


async def _read(request: Request) -> tuple[Upload, dict[str, str]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise UserMistake("a bundle is sent as multipart/form-data; see the documentation")
    async with form_of(request, most_files=1) as form:
        upload = await upload_of(form, "file")
        fields = {name: text_of(form, name, 80).strip() for name in ("partner", "format", "profile")}
    if upload is None:
        raise UserMistake("the form has no file `file`; send the bundle")
    return upload, fields


def _receive(desk: Desk, actor: Actor, upload: Upload, fields: dict[str, str], key: str | None) -> Bundle:
    bundles.check(fields["partner"], fields["format"], fields["profile"])
    sealed = desk.vault.seal(upload.content)
    sending = Sending(**fields, sha256=upload.sha256, size_bytes=len(upload.content), request_key=key, sealed=sealed)
    try:
        return _keep(desk, actor, sending)
    except Conflict:  # the same request came twice at once: the other one kept it
        return _keep(desk, actor, sending)


def _keep(desk: Desk, actor: Actor, sending: Sending) -> Bundle:
    now = desk.clock()
    with desk.database.writing() as writer:
        bundle, again = bundles.receive(writer, desk.intake, actor, sending, now)
        if not again:
            about = f"bundle:{bundle.id}"
            body = {"bundle": bundle.id}
            outbox.put(writer, actor.organisation, IMPORT, body, about=about, key=f"{IMPORT}:{bundle.id}", now=now)
    return bundle


def told(bundle: Bundle) -> dict[str, Any]:
    """The bundle as it is sent."""
    return {
        "version": VERSION,
        "bundle": bundle.number,
        "partner": bundle.partner,
        "format": bundle.format,
        "profile": bundle.profile,
        "state": bundle.state,
        "rows": bundle.rows,
        "accepted": bundle.accepted,
        "duplicate": bundle.duplicate,
        "refused": dict(bundle.refused),
        "set_aside": dict(bundle.set_aside),
        "cut": bundle.cut,
        "problem": bundle.problem,
        "received_at": bundle.received_at.strftime(FORMAT),
        "ended_at": bundle.ended_at.strftime(FORMAT) if bundle.ended_at else None,
    }
