"""`/hooks/…`: other programmes ask whether something may be stored or served, or tell what was uploaded to them.

pict-rs sends the bytes of each upload; Mastodon sends a signed event that names media; nginx asks before it serves a
file. Each is answered in the way that programme reads: a status, and nothing about what was found.
"""

import time
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from rempart.cases.intake.fetching import keep_link
from rempart.cases.intake.items import count_item
from rempart.cases.intake.judging import Seen
from rempart.cases.intake.opening import content_key
from rempart.cases.intake.queries import items
from rempart.cases.intake.submitted import About, Answer, Submission, Verdict, examination_of, lets_through
from rempart.cases.intake.webhooks import Event, event_of, signature_holds
from rempart.errors import NotAllowed, NotFound, UserMistake
from rempart.facts import Fingerprint, Matched
from rempart.facts.people import Actor
from rempart.people import organisations
from rempart.settings import HOOK_NAME_SHOWN
from rempart.storage.database import Reader
from rempart.web.access import TheDesk, Visitor, everyone, services
from rempart.web.api.arrived import MOST_JSON_BYTES, parsed
from rempart.web.api.screening import screen_now, screened
from rempart.wiring.desk import Desk
from rempart.wiring.rejudging import verdict_now
from rempart.wiring.served_folders import NotServed, Remembered, look_at, read

router = APIRouter(tags=["hooks"])
GO_ON, HOLD_BACK = 204, 403
ACCEPTED = 202
VERSION = 1
# Of so many screenings of one file, the newest that says something counts.
MOST_LOOKED_AT = 20
SIGNATURES = ("x-hub-signature-256", "x-hub-signature")
REMEMBERED = Remembered()
Calling = Annotated[Visitor, Depends(services("items", basic=True))]
Sending = Annotated[Visitor, Depends(everyone("hook"))]
SAYS: dict[int | str, dict[str, Any]] = {
    GO_ON: {"description": "It may be stored, or served."},
    HOLD_BACK: {"description": "It may not, or the token lacks the scope."},
}
BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
SIGNED: dict[str, Any] = {
    "parameters": [
        {
            "name": "X-Hub-Signature",
            "in": "header",
            "required": True,
            "description": "`sha256=` and the HMAC of the body under the secret that was agreed",
            "schema": {"type": "string"},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["event", "created_at", "object"],
                    "properties": {
                        "event": {"type": "string"},
                        "created_at": {"type": "string", "format": "date-time"},
                        "object": {"type": "object"},
                    },
                }
            }
        },
    },
}


class EventTaken(BaseModel):
    """What will be fetched, and what will not."""

    version: Literal[1]
    items: list[str] = Field(description="numbers of the items that wait to be fetched")
    refused: list[str] = Field(description="why a media of the event is not")


@router.post("/hooks/pict-rs", status_code=GO_ON, openapi_extra=BYTES, responses=SAYS)
async def pict_rs(request: Request, visitor: Calling, desk: TheDesk) -> Response:
    """Screens an upload of pict-rs, which stores it only after a 2xx."""
    arrived = time.monotonic()
    content = await request.body()
    submission = Submission(content, (), About(), sha256(content).digest(), channel="hook")
    answer = await run_in_threadpool(screen_now, desk, visitor.actor, submission, arrived)
    return _says(answer.let_through)


@router.post(
    "/hooks/mastodon/{name}",
    status_code=ACCEPTED,
    openapi_extra=SIGNED,
    responses={ACCEPTED: {"model": EventTaken}},
)
async def mastodon(
    request: Request, visitor: Sending, desk: TheDesk, name: Annotated[str, Path(max_length=40)]
) -> Response:
    """Takes a signed event; the worker fetches the media that it names, from allowed hosts, and screens them."""
    del visitor  # anybody may knock: the signature is what lets in
    body = await _body(request)
    signature = next((request.headers[one] for one in SIGNATURES if one in request.headers), "")
    event, numbers = await run_in_threadpool(_take, desk, name, body, signature)
    return JSONResponse({"version": VERSION, "items": numbers, "refused": list(event.refused)}, ACCEPTED)


@router.get("/hooks/nginx-digest", status_code=GO_ON, responses=SAYS)
def nginx_digest(
    request: Request, visitor: Calling, desk: TheDesk, unknown: Literal["allow", "hold"] = "hold"
) -> Response:
    """Answers nginx (`auth_request`) by the SHA-256 that names a stored file: X-Content-SHA256, set by nginx itself."""
    digest = _digest(request.headers.get("x-content-sha256", ""))
    return _says(_known_digest(desk, visitor.actor, digest, unknown == "allow"))


@router.get("/hooks/nginx-file", status_code=GO_ON, responses=SAYS)
def nginx_file(
    request: Request, visitor: Calling, desk: TheDesk, folder: Annotated[str, Query(max_length=40)]
) -> Response:
    """Answers nginx (`auth_request`) for the file that X-Original-URI names, read in a folder that was agreed."""
    arrived = time.monotonic()
    uri = request.headers.get("x-original-uri", "").encode("latin-1")  # as it came: headers are bytes
    if request.headers.get("x-original-method", "GET").upper() not in ("GET", "HEAD"):
        raise UserMistake("only what is served can be asked about; an upload has no file yet")
    return _says(_served(desk, visitor.actor, folder, uri, arrived))


async def _body(request: Request) -> bytes:
    """The body, no longer than an event ever is. Raises UserMistake."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MOST_JSON_BYTES:
            raise UserMistake(f"the event is too large; it may have {MOST_JSON_BYTES} bytes")
    return bytes(found)


def _take(desk: Desk, name: str, body: bytes, signature: str) -> tuple[Event, list[str]]:
    """(the event, the numbers of its items). Raises NotAllowed: the same for a wrong name as for a wrong signature."""
    hook = desk.settings.hooks.webhooks.get(name)
    secret = hook.secret.get_secret_value() if hook else "no such webhook"
    holds = signature_holds(secret.encode(), body, signature)
    if hook is None or not holds:
        raise NotAllowed("the signature does not hold; check the name and the secret of the webhook")
    now = desk.clock()
    event = event_of(parsed(body), now, timedelta(minutes=desk.settings.hooks.replay_minutes))
    with desk.database.writing() as writer:
        organisation = organisations.find(writer, hook.organisation or None).id
        actor = Actor(organisation, f"H-{name[:HOOK_NAME_SHOWN]}")
        whole = sha256(body).hexdigest()
        numbers = []
        for at, link in enumerate(event.links):
            key = desk.fields.blind("hook", f"{name}\n{whole}\n{at}".encode())
            numbers.append(keep_link(writer, desk.intake, actor, name, link, key, now))
        for reason in event.refused:
            count_item(writer, actor, "hook", f"refused: {reason}", now)
    return event, numbers


def _digest(text: str) -> bytes:
    """The 32 bytes that are written there. Raises UserMistake."""
    try:
        found = bytes.fromhex(text.strip()) if text.isascii() else b""
    except ValueError:
        found = b""
    if len(found) != 32:
        raise UserMistake("X-Content-SHA256 is 64 hexadecimal digits; let nginx set it from the name of the file")
    return found


def _known_digest(desk: Desk, actor: Actor, digest: bytes, unknown: bool) -> bool:
    """Whether a file with this digest may be served: not when a list holds it, else as it was screened here before.

    unknown: what holds for a file that was never screened here whole, or so long ago that it was forgotten.
    A case is opened once; what is served follows the lists as they stand now, and not what was said then.
    """
    prints = (Fingerprint("sha256", digest),)
    finding = desk.screeners.judge("file", examination_of(prints))
    if isinstance(finding.outcome, Matched) and finding.outcome.policy != "ignore":
        key = desk.fields.blind("hook", b"digest\n" + digest)
        submission = Submission(None, prints, About(), digest, channel="hook", request_key=key)
        screen_now(desk, actor, submission, time.monotonic())
        return lets_through(Seen(finding, whole=False).verdict, desk.settings.intake.when_unable)
    with desk.database.reading() as reader:
        rows = items.newest_items(reader, actor.organisation, content_key(desk.fields, digest), MOST_LOOKED_AT)
        verdict = next((said for row in rows if (said := _said_before(desk, reader, row)) is not None), None)
    return unknown if verdict is None else lets_through(verdict, desk.settings.intake.when_unable)


def _said_before(desk: Desk, reader: Reader, row: items.Row) -> Verdict | None:
    """What an earlier screening of the file says of it now; None when that is nothing."""
    if row["verdict"] in ("block", "review"):
        return verdict_now(desk, reader, row)
    if row["verdict"] == "allow":
        return "allow" if row["complete"] else None
    return "unscreened"


def _served(desk: Desk, actor: Actor, folder: str, uri: bytes, arrived: float) -> bool:
    """Whether the file may be served. Screened once for each version of the file and of the lists."""
    one = desk.settings.hooks.folders.get(folder)
    if one is None or not _owns(desk, actor, one.organisation):
        raise NotFound("there is no such folder; name one of those in REMPART_HOOKS__FOLDERS")
    when_unable = desk.settings.intake.when_unable
    try:
        found = look_at(one.path, one.prefix, uri)
        lists = tuple((held.facts.name, held.facts.version) for held in desk.lists.snapshot().lists)
        key = (actor.organisation, folder, uri, found.version, lists, when_unable)
        said = REMEMBERED.get(key)
        if said is not None:
            return said
        found = read(one.path, one.prefix, uri, desk.settings.limits.max_bytes)
    except NotServed:
        return lets_through("unscreened", when_unable)
    answer = _screen_file(desk, actor, found.name, found.content or b"", arrived)
    if answer is None:
        return lets_through("unscreened", when_unable)
    if answer.verdict != "unscreened" and found.version == key[3]:
        REMEMBERED.keep(key, answer.let_through)
    return answer.let_through


def _screen_file(desk: Desk, actor: Actor, name: str, content: bytes, arrived: float) -> Answer | None:
    """What was found; None when it could not be screened now. Only a match is kept: the file stays where it is."""
    digest = sha256(content).digest()
    key = desk.fields.blind("hook", b"file\n" + digest)
    submission = Submission(content, (), About(name=name), digest, channel="hook", request_key=key)
    screening = screened(desk, submission, arrived + desk.settings.intake.budget_seconds, keeps_waiting=False)
    if screening.seen is not None and screening.seen.opens_case:
        kept = screen_now(desk, actor, submission, arrived, screening)
        return _answer(kept.item, screening.seen, kept.case, desk)
    with desk.database.writing() as writer:
        count_item(writer, actor, "hook", screening.outcome, desk.clock())
    if screening.seen is None:
        return None
    return _answer("", screening.seen, None, desk)


def _answer(number: str, one: Seen, case_id: int | None, desk: Desk) -> Answer:
    """What was found now, whatever was said of the file before."""
    through = lets_through(one.verdict, desk.settings.intake.when_unable)
    return Answer(number, one.verdict, case_id, one.whole, one.reason, through)


def _owns(desk: Desk, actor: Actor, slug: str) -> bool:
    with desk.database.reading() as reader:
        return organisations.find(reader, slug or None).id == actor.organisation


def _says(let_through: bool) -> Response:
    return Response(status_code=GO_ON if let_through else HOLD_BACK)
