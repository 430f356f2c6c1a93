"""`/v1/items`: a host has one upload screened, and asks later what became of it."""

import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from rempart.cases.intake.following import item_state
from rempart.cases.intake.moments import moment_of
from rempart.cases.intake.parties import EVENTS, LISTS, ROLES, WORDS, parties_of
from rempart.cases.intake.submitted import About, Submission, Verdict, fingerprints_of, visibility_of
from rempart.errors import UserMistake
from rempart.web.access import TheDesk, Visitor, services
from rempart.web.api.arrived import (
    KEY_HEADER,
    form_of,
    is_text,
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
WORD: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 2083}
WORD_LIST: dict[str, Any] = {"type": "array", "maxItems": 50, "items": WORD}
ACCOUNT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["role"],
    "properties": {
        "role": {"enum": list(ROLES)},
        **dict.fromkeys(WORDS, WORD),
        **dict.fromkeys(LISTS, WORD_LIST),
        "addresses": {
            "type": "array",
            "maxItems": 50,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["address"],
                "properties": {
                    "address": {"type": "string", "description": "IPv4 or IPv6"},
                    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
                    "at": {"type": "string", "format": "date-time"},
                    "event": {"enum": list(EVENTS)},
                    "behind_proxy": {"type": "boolean"},
                },
            },
        },
    },
}
METADATA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "description": "the file's name"},
        "account": {"type": "string", "description": "whose it is, in the host's own words; kept blind"},
        "url": {"type": "string", "description": "where it stands"},
        "uploaded_at": {"type": "string", "format": "date-time"},
        "captured_at": {"type": "string", "format": "date-time"},
        "visibility": {"enum": ["public", "unlisted", "private", ""], "description": "messages are refused"},
        "accounts": {
            "type": "array",
            "maxItems": 20,
            "description": "accounts involved; sealed, for reports only",
            "items": ACCOUNT,
        },
    },
}
FINGERPRINT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["kind", "value"],
    "properties": {
        "kind": {"enum": ["sha256", "sha1", "md5", "pdq"]},
        "value": {"type": "string", "pattern": "^[0-9a-fA-F]{32,64}$", "description": "as long as the kind asks"},
        "quality": {"type": "integer", "minimum": 0, "maximum": 100, "description": "of pdq, and of pdq only"},
    },
}
WITH_BYTES: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "metadata": {"type": "string", "description": "the same object as in JSON, as text"},
    },
}
WITHOUT_BYTES: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["fingerprints"],
    "properties": {
        "fingerprints": {"type": "array", "minItems": 1, "maxItems": 64, "items": FINGERPRINT},
        "metadata": METADATA,
    },
}
SCHEMA: dict[str, Any] = {
    "parameters": [KEY_HEADER],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": WITH_BYTES},
            "application/json": {"schema": WITHOUT_BYTES},
        },
    },
}


class ItemAnswer(BaseModel):
    """What the host is told of an item. It never names a list, a distance or a fingerprint."""

    version: Literal[1]
    item: str = Field(description="the number to ask with later")
    verdict: Verdict
    case: int | None
    complete: bool = Field(description="everything in the item was examined")
    reason: str = Field(description="why not, or why it could not be screened; else empty")
    let_through: bool = Field(description="the verdict as the setting `intake.when_unable` wants it carried out")


class ItemAction(BaseModel):
    """Something that the host is to do about the item."""

    id: int
    kind: str
    state: str


class ItemState(ItemAnswer):
    """How far an item has come."""

    state: str | None = Field(description="the state of its case; null without one")
    outcome: str | None = Field(description="what was decided, once it can no longer be undone")
    actions: list[ItemAction]


@router.post("/v1/items", openapi_extra=SCHEMA, responses={200: {"model": ItemAnswer}})
async def submit(request: Request, visitor: Annotated[Visitor, Depends(services("items"))], desk: TheDesk) -> Response:
    """Screens one upload and answers with a verdict; a match opens a case."""
    arrived = time.monotonic()
    submission = await submission_of(request)
    answer = await run_in_threadpool(screen_now, desk, visitor.actor, submission, arrived)
    return JSONResponse(answer.to_json())


@router.get("/v1/items/{number}", responses={200: {"model": ItemState}})
def follow(
    number: Annotated[str, Path(max_length=40)], visitor: Annotated[Visitor, Depends(services("items"))], desk: TheDesk
) -> Response:
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
    refuse_unknown(said, ABOUT_FIELDS | {"accounts"})
    words = {field: _word(said, field) for field in ABOUT_FIELDS}
    return About(
        name=plain_name(words["name"]) if words["name"] else name,
        account=words["account"],
        url=words["url"],
        uploaded_at=moment_of(words["uploaded_at"], "uploaded_at"),
        captured_at=moment_of(words["captured_at"], "captured_at"),
        visibility=visibility_of(words["visibility"]),
        accounts=parties_of(said.get("accounts") or []),
    )


def _word(said: dict[str, Any], field: str) -> str:
    value = said.get(field)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MOST_WORD:
        raise UserMistake(f"`{field}` is a text of at most {MOST_WORD} characters")
    if not is_text(value):
        raise UserMistake(f"`{field}` holds a character that no text has (NUL, or half of a pair); send it without")
    return value.strip()
