"""`/v1/items`: a host has one upload screened, and asks later what became of it."""

import time
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from rempart.cases.intake.following import item_state
from rempart.cases.intake.submitted import About, Submission, fingerprints_of, visibility_of
from rempart.errors import UserMistake
from rempart.web.access import TheDesk, Visitor, services
from rempart.web.api.arrived import (
    form_of,
    json_of,
    parsed,
    plain_name,
    refuse_unknown,
    request_key_of,
    text_of,
    upload_of,
)
from rempart.web.api.screening import screen_now

router = APIRouter(tags=["items"])
ABOUT_FIELDS = frozenset({"name", "account", "url", "uploaded_at", "captured_at", "visibility"})
MOST_WORD = 4096
SCHEMA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "metadata": {"type": "string", "description": "JSON object"},
                    },
                }
            },
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["fingerprints"],
                    "properties": {
                        "fingerprints": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": 64,
                            "items": {
                                "type": "object",
                                "required": ["kind", "value"],
                                "properties": {
                                    "kind": {"enum": ["sha256", "sha1", "md5", "pdq"]},
                                    "value": {"type": "string"},
                                    "quality": {"type": "integer", "minimum": 0, "maximum": 100},
                                },
                            },
                        },
                        "metadata": {"type": "object"},
                    },
                }
            },
        },
    }
}


@router.post("/v1/items", openapi_extra=SCHEMA)
async def submit(request: Request, visitor: Annotated[Visitor, Depends(services("items"))], desk: TheDesk) -> Response:
    """Screens one upload and answers with a verdict; a match opens a case."""
    arrived = time.monotonic()
    submission = await submission_of(request)
    answer = await run_in_threadpool(screen_now, desk, visitor.actor, submission, arrived)
    return JSONResponse(answer.to_json())


@router.get("/v1/items/{number}")
def follow(number: str, visitor: Annotated[Visitor, Depends(services("items"))], desk: TheDesk) -> Response:
    """How far one of the caller's own items has come."""
    with desk.database.reading() as reader:
        state = item_state(reader, visitor.actor, number, desk.settings.intake.when_unable, desk.clock())
    return JSONResponse(state)


async def submission_of(request: Request) -> Submission:
    """The item that the request brings. Raises UserMistake."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _with_bytes(request)
    if kind == "application/json":
        return await _without_bytes(request)
    raise UserMistake("an item is sent as multipart/form-data or application/json; see the documentation")


async def _with_bytes(request: Request) -> Submission:
    async with form_of(request, most_files=1) as form:
        upload, said = await upload_of(form, "file"), text_of(form, "metadata", 16_384)
    if upload is None:
        raise UserMistake("the form has no file `file`; send the bytes, or fingerprints as JSON")
    about = about_of(parsed(said) if said else {}, upload.name)
    return Submission(upload.content, (), about, upload.sha256, request_key=request_key_of(request))


async def _without_bytes(request: Request) -> Submission:
    said = await json_of(request)
    refuse_unknown(said, frozenset({"fingerprints", "metadata"}))
    known = fingerprints_of(said.get("fingerprints"))
    metadata = said.get("metadata", {})
    if not isinstance(metadata, dict):
        raise UserMistake("`metadata` is a JSON object; see the documentation")
    sha256 = next((one.value for one in known if one.kind == "sha256"), b"")
    return Submission(None, known, about_of(metadata, "upload"), sha256, request_key=request_key_of(request))


def about_of(said: dict[str, Any], name: str) -> About:
    """What the host says of the item. Raises UserMistake."""
    refuse_unknown(said, ABOUT_FIELDS)
    words = {field: _word(said, field) for field in ABOUT_FIELDS}
    return About(
        name=plain_name(words["name"]) if words["name"] else name,
        account=words["account"],
        url=words["url"],
        uploaded_at=moment_of(words["uploaded_at"], "uploaded_at"),
        captured_at=moment_of(words["captured_at"], "captured_at"),
        visibility=visibility_of(words["visibility"]),
    )


def moment_of(text: str, field: str) -> datetime | None:
    """The time in UTC; None for no text. Raises UserMistake when it is none, or says no offset."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError
        return found.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise UserMistake(f"`{field}` is no time; write it as 2026-11-22T09:30:00Z") from None


def _word(said: dict[str, Any], field: str) -> str:
    value = said.get(field)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MOST_WORD or "\0" in value:
        raise UserMistake(f"`{field}` is a text of at most {MOST_WORD} characters")
    return value.strip()
