"""Seeing media: a coarse grey preview on the console itself; an original for a purpose, on an origin of its own.

An original never reaches a browser as it came: a sandboxed child decodes it and encodes it anew. Its address works
once, knows no cookie, and the answer may run nothing and load nothing.
"""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import JSONResponse, Response

from rempart.cases.review import guards, reveal
from rempart.cases.review.reveal import PREVIEW_SECONDS, Opened
from rempart.errors import NotFound, Unavailable
from rempart.media import NotExaminable
from rempart.settings import ServeSettings
from rempart.web.access import TheDesk, Visitor, everyone, people
from rempart.web.headers import OWN, framing_policy, wants_page
from rempart.web.rendering import page
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Judge = Annotated[Visitor, Depends(people(*guards.JUDGES))]
Anybody = Annotated[Visitor, Depends(everyone())]
Word = Annotated[str, Form(max_length=80)]
# How long somebody waits for a free child: the ticket is used up by then.
RENDER_WAIT_SECONDS = 10.0
LONGEST_WORD = 100


@router.post("/cases/{case_id}/media/{media_id}/preview")
def preview(
    request: Request, visitor: Judge, desk: TheDesk, case_id: int, media_id: int, purpose: Word = reveal.PREVIEW_PURPOSE
) -> Response:
    """Where the preview can be fetched for a minute; it counts as seen once it is."""
    with desk.database.writing() as writer:
        made = reveal.preview(writer, visitor.actor, case_id, media_id, desk.clock(), purpose)
    address = f"/reveals/{made}/preview.png"
    if not wants_page(request):
        return JSONResponse({"reveal": made, "url": address, "seconds": PREVIEW_SECONDS})
    return page(request, visitor, "review/shown.html", case_id=case_id, picture=address, frame="", reveal=made)


@router.get("/reveals/{reveal_id}/preview.png")
def preview_picture(visitor: Judge, desk: TheDesk, reveal_id: int) -> Response:
    """The preview that this person was shown less than a minute ago: grey, coarse, 96 pixels at most."""
    with desk.database.writing() as writer:
        content = reveal.preview_bytes(writer, desk.fields, visitor.actor, reveal_id, desk.clock())
    return Response(content, media_type="image/png", headers=_kept_nowhere("default-src 'none'; sandbox"))


@router.post("/cases/{case_id}/media/{media_id}/original")
def original(
    request: Request, visitor: Judge, desk: TheDesk, case_id: int, media_id: int, purpose: Word = ""
) -> Response:
    """Where the original can be seen, once, within a minute."""
    with desk.database.writing() as writer:
        ticket = reveal.ask(writer, visitor.actor, case_id, media_id, purpose, desk.clock())
    address = f"{desk.settings.serve.media_origin}/shown/{ticket.word}"
    if not wants_page(request):
        return JSONResponse({"reveal": ticket.reveal, "url": address})
    answer = page(
        request, visitor, "review/shown.html", case_id=case_id, picture="", frame=address, reveal=ticket.reveal
    )
    answer.headers["Content-Security-Policy"] = framing_policy(desk.settings.serve)
    return answer


@router.get("/shown/{word}")
def shown(request: Request, visitor: Anybody, desk: TheDesk, word: str) -> Response:
    """The original, decoded and encoded anew; it counts as seen before its first byte goes out."""
    _only_on_media_origin(request, desk.settings.serve)
    with desk.database.writing() as writer:
        opened = reveal.redeem(writer, desk.vault, word[:LONGEST_WORD], desk.clock())
    try:
        picture = desk.screeners.render(opened.content, RENDER_WAIT_SECONDS)
    except NotExaminable as refusal:
        return _not_shown(request, visitor, desk, opened, "reveal.not_shown_text", str(refusal.reason), 415)
    except Unavailable:
        return _not_shown(request, visitor, desk, opened, "reveal.busy_text", "", 503)
    with desk.database.writing() as writer:
        reveal.shown(writer, opened, desk.clock())
    return Response(picture, media_type="image/jpeg", headers=_framed(request, desk.settings.serve))


@router.post("/reveals/{reveal_id}/close")
def close(visitor: Judge, desk: TheDesk, reveal_id: int, seconds: Annotated[int, Form(ge=0, le=2**31)] = 0) -> Response:
    """Nothing; the reveal says how long it stood open."""
    with desk.database.writing() as writer:
        reveal.close(writer, visitor.actor, reveal_id, seconds)
    return Response(status_code=204)


def _not_shown(
    request: Request, visitor: Visitor, desk: Desk, opened: Opened, text: str, reason: str, status_code: int
) -> Response:
    with desk.database.writing() as writer:
        reveal.not_shown(writer, opened, reason, desk.clock())
    values: dict[str, Any] = {"text": text, "reason": reason}
    answer = page(request, visitor, "review/not_shown.html", status_code, **values)
    answer.headers.update(_framed(request, desk.settings.serve))
    return answer


def _only_on_media_origin(request: Request, serve: ServeSettings) -> None:
    """Nothing. Raises NotFound, and uses no ticket, where originals are not shown."""
    if serve.media_origin and request.url.hostname != urlsplit(serve.media_origin).hostname:
        raise NotFound("originals are not shown at this address; open them from their case")


def _framed(request: Request, serve: ServeSettings) -> dict[str, str]:
    """The headers of what stands in the frame: it may do nothing, and stand in no other frame than ours."""
    console = serve.public_url or f"{request.url.scheme}://{serve.host}:{serve.port}"
    parent = _origin(console) if serve.media_origin else OWN
    rules = f"sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors {parent}"
    return _kept_nowhere(rules) | {"X-Frame-Options": "SAMEORIGIN"}


def _kept_nowhere(rules: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": rules,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "Content-Disposition": "inline",
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
