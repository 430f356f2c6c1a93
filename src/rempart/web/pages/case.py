"""The card of one case: everything known in words, and the gestures beside a decision."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import JSONResponse, Response

from rempart.cases.review import card as cards
from rempart.cases.review import claim as claiming
from rempart.cases.review import closing, flags, guards, reveal, undo
from rempart.cases.review.card import Card
from rempart.cases.review.second_look import GRAVE
from rempart.cases.review.veil import Veil
from rempart.facts.people import Actor
from rempart.storage.database import Reader
from rempart.web.access import TheDesk, Visitor, people
from rempart.web.headers import framing_policy
from rempart.web.keys import Keys
from rempart.web.pages import case_shown, case_story, media_shown, places, reports
from rempart.web.pages.case_shown import Shown
from rempart.web.pages.queue import own_exposure, undo_bar
from rempart.web.rendering import back_to, page
from rempart.web.words import say
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Judge = Annotated[Visitor, Depends(people(*guards.JUDGES))]
Senior = Annotated[Visitor, Depends(people(*guards.SENIORS))]
Word = Annotated[str, Form(max_length=80)]
NOTE = Form(max_length=flags.LONGEST_NOTE * 2)


@dataclass(frozen=True, slots=True)
class May:
    """What this person may do with the case as it stands."""

    mine: bool
    claim: bool
    escalate: bool
    free_other: bool
    group: bool
    reopen: bool
    close: tuple[str, ...]
    purposes: tuple[str, ...]
    settle_actions: bool


@router.get("/cases/{case_id}")
def show(request: Request, visitor: Judge, desk: TheDesk, case_id: int) -> Response:
    """The card. No picture is in it, and none is loaded by it."""
    return draw(request, visitor, desk, case_id)


@router.post("/cases/{case_id}/claim")
def claim(visitor: Judge, desk: TheDesk, case_id: int) -> Response:
    """The case is this person's."""
    with desk.database.writing() as writer:
        claiming.free_lapsed(writer, visitor.actor.organisation, desk.clock())
    with desk.database.writing() as writer:
        minutes = desk.settings.desk.lease_minutes
        claiming.claim(writer, visitor.actor, case_id, lease_minutes=minutes, now=desk.clock())
    return back_to(f"/cases/{case_id}", "review.claimed")


@router.post("/cases/{case_id}/release")
def release(visitor: Judge, desk: TheDesk, case_id: int) -> Response:
    """The case is free."""
    with desk.database.writing() as writer:
        claiming.release(writer, visitor.actor, case_id, desk.clock())
    return back_to("/queue", "review.released")


@router.post("/cases/{case_id}/skip")
def skip(visitor: Judge, desk: TheDesk, case_id: int, reason: Word = "") -> Response:
    """The case goes to others, or waits."""
    with desk.database.writing() as writer:
        claiming.skip(writer, visitor.actor, case_id, reason, desk.clock())
    return back_to("/queue", "review.skipped")


@router.post("/cases/{case_id}/escalate")
def escalate(visitor: Judge, desk: TheDesk, case_id: int, reason: Word = "") -> Response:
    """The case waits for a senior."""
    with desk.database.writing() as writer:
        flags.escalate(writer, visitor.actor, case_id, reason, desk.clock())
    return back_to("/queue", "review.escalated")


@router.post("/cases/{case_id}/police-first")
def police_first(visitor: Judge, desk: TheDesk, case_id: int, reason: Word = "", off: Word = "") -> Response:
    """The police hear of the case before any host does; or no longer."""
    with desk.database.writing() as writer:
        flags.set_police_first(writer, visitor.actor, case_id, None if off else reason, desk.clock())
    return back_to(f"/cases/{case_id}", "review.police_off" if off else "review.police_on")


@router.post("/cases/{case_id}/notes")
def write_note(visitor: Judge, desk: TheDesk, case_id: int, text: Annotated[str, NOTE] = "") -> Response:
    """The note is kept, sealed."""
    with desk.database.writing() as writer:
        flags.add_note(writer, desk.fields, visitor.actor, case_id, text, desk.clock())
    return back_to(f"/cases/{case_id}#notes", "case.noted")


@router.post("/cases/{case_id}/reopen")
def reopen(visitor: Senior, desk: TheDesk, case_id: int, reason: Word = "") -> Response:
    """The case waits in the queue again."""
    with desk.database.writing() as writer:
        closing.reopen(writer, visitor.actor, case_id, reason, desk.clock())
    return back_to(f"/cases/{case_id}", "review.reopened")


@router.post("/cases/{case_id}/close")
def close(visitor: Senior, desk: TheDesk, case_id: int, reason: Word = "") -> Response:
    """The case is closed."""
    with desk.database.writing() as writer:
        closing.close(writer, visitor.actor, case_id, reason, desk.clock())
    return back_to(f"/cases/{case_id}", "review.closed")


@router.post("/cases/{case_id}/heartbeat")
def heartbeat(visitor: Judge, desk: TheDesk, case_id: int, active: Word = "") -> Response:
    """Whether the case is still this person's, for how many seconds, and who else looks at it."""
    now, minutes = desk.clock(), desk.settings.desk.lease_minutes
    with desk.database.writing() as writer:
        mine = claiming.heartbeat(
            writer, visitor.actor, case_id, lease_minutes=minutes, now=now, active=active == "yes"
        )
        row = guards.found(writer, visitor.actor, case_id)
        veil = cards.veil_on(writer, visitor.actor, row, now)
        others = _watchers(writer, visitor, case_id, veil, now)
    left = int((row["lease_until"] - now).total_seconds()) if mine and row["lease_until"] else 0
    return JSONResponse({"mine": mine, "seconds": max(left, 0), "watchers": others})


def draw(
    request: Request, visitor: Visitor, desk: Desk, case_id: int, *, problem: str = "", status_code: int = 200
) -> Response:
    """The card as a page. problem: the key of what is wrong with what was sent."""
    now, actor = desk.clock(), visitor.actor
    with desk.database.reading() as reader:
        card = cards.card(reader, desk.fields, actor, case_id, now)
        looking = _watchers(reader, visitor, case_id, card.veil, now)
        seen = own_exposure(reader, desk, visitor, now)
        last = undo.undoable(reader, actor, now)
        shown = Shown(desk, visitor.language, now)
        stands = places.of_case(reader, shown, visitor, card)
    answer = page(
        request,
        visitor,
        "review/case.html",
        status_code,
        keys=Keys("case"),
        card=card,
        may=may(actor, card, now),
        watchers=looking,
        exposure=seen,
        undoable=undo_bar(desk, visitor, last, now),
        problem=problem,
        **reports.of_case(desk, visitor, case_id, card.state),
        **stands,
        **_words(shown, card),
    )
    answer.headers["Content-Security-Policy"] = framing_policy(desk.settings.serve)
    return answer


def may(actor: Actor, card: Card, now: datetime) -> May:
    """What this person may do with the case as it stands. The verbs themselves check it again."""
    row, senior = card.row, actor.role in guards.SENIORS
    mine = row["assignee"] == actor.pid
    free = row["assignee"] is None or row["lease_until"] <= now
    settled = row["final_at"] is None or row["final_at"] <= now
    mine_to_judge = card.state not in ("needs_second", "disputed") or not card.judged_by_me
    allowed = card.state in guards.OPEN_STATES and (card.state not in guards.SENIOR_STATES or senior)
    unjudged = card.state in guards.FIRST_STATES and row["tier"] not in GRAVE
    closable = closing.CLOSE_REASONS[1:] if unjudged and (free or mine) else ()
    return May(
        mine=mine,
        claim=not mine and free and settled and allowed and mine_to_judge,
        escalate=mine and card.state in ("triaged", "needs_info"),
        free_other=actor.role == "supervisor" and not mine and row["assignee"] is not None,
        group=mine or senior,
        reopen=senior and settled and card.state in ("decided", "closed"),
        close=((closing.DONE,) if card.state == "decided" else closable) if senior and settled else (),
        purposes=reveal.PURPOSES if mine else reveal.UNHELD_PURPOSES if senior else (),
        settle_actions=senior,
    )


def _watchers(reader: Reader, visitor: Visitor, case_id: int, veil: Veil, now: datetime) -> list[str]:
    """Who else is looking at the case now; without a name for who is behind the veil."""
    found = claiming.watchers(reader, visitor.actor, case_id, now)
    somebody = say(visitor.language, "case.somebody")
    return [veil.name(pid) or somebody for pid in found if pid != visitor.actor.pid]


def _words(shown: Shown, card: Card) -> dict[str, Any]:
    """Everything of the card that is said in words."""
    desk, t = shown.desk, shown.t
    left = int((card.row["lease_until"] - shown.now).total_seconds()) if card.row["lease_until"] else 0
    return {
        "tier_name": desk.rules.tier_name(card.row["tier"], shown.language),
        "ago": shown.ago(card.row["received_at"]),
        "lease_left": max(left, 0),
        "whys": case_shown.whys(shown, card),
        "features": case_shown.features(shown, card),
        "headlines": case_shown.headlines(shown, card.features),
        "media": [media_shown.medium(shown, one, number) for number, one in enumerate(card.media, 1)],
        "clocks": case_shown.clocks(shown, card),
        "judgements": case_shown.judgements(shown, card),
        "members": case_shown.member_words(shown, card),
        "story": case_story.story(shown, card),
        "named": partial(case_shown.named, t),
        "taxonomy": desk.taxonomy,
        "skip_reasons": claiming.SKIP_REASONS,
        "escalation_reasons": flags.ESCALATION_REASONS,
        "police_reasons": flags.POLICE_REASONS,
        "reopen_reasons": closing.REOPEN_REASONS,
    }
