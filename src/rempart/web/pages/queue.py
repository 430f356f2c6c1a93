"""The queue: what waits in each lane, what one holds, the next case, a break."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from rempart.cases.appeals.listing import Clocks, clocks
from rempart.cases.review import claim, exposure, guards, lanes, undo
from rempart.cases.review.lanes import FOR_SENIORS, LaneName, Line
from rempart.cases.triage.ruleset import TIERS
from rempart.storage.database import Reader
from rempart.web.access import TheDesk, Visitor, people
from rempart.web.keys import Keys
from rempart.web.pages.overview import Say, duration
from rempart.web.rendering import back_to, page
from rempart.web.words import say
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Judge = Annotated[Visitor, Depends(people(*guards.JUDGES))]
MOST_DUE = 5
WHYS_SHOWN = 3
EXPOSURE_DAYS = 7


@router.get("/queue")
def show(
    request: Request,
    visitor: Judge,
    desk: TheDesk,
    lane: LaneName = "tier",
    tier: Annotated[int | None, Query(ge=TIERS[0], le=TIERS[-1])] = None,
    after: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """The queue: due soon beside the chosen lane, counts, what one holds."""
    t: Say = partial(say, visitor.language)
    now, actor = desk.clock(), visitor.actor
    soon = timedelta(hours=desk.settings.desk.due_soon_hours)
    with desk.database.reading() as reader:
        shown = lanes.lane(reader, actor, lane, now, tier=tier, after=after)
        due = lanes.due_soon(reader, actor, now + soon, MOST_DUE)
        waits = lanes.counted(reader, actor, now, soon)
        mine = lanes.holding(reader, actor)
        seen = own_exposure(reader, desk, visitor, now)
        last = undo.undoable(reader, actor, now)
        contested = _appeals(reader, desk, visitor, now)
    lined = partial(_lined, t, desk, visitor, now)
    return page(
        request,
        visitor,
        "review/queue.html",
        keys=Keys("queue"),
        lane=lane,
        tier=tier,
        lines_shown=[lined(one) for one in shown.lines],
        further=_address(lane, tier, shown.after) if shown.after else "",
        first=_address(lane, tier) if after else "",
        due=[lined(one) for one in due],
        due_count=waits.lanes["due"],
        appeals=contested,
        hours=f"{desk.settings.desk.due_soon_hours:g}",
        tiers=[(number, desk.rules.tier_name(number, visitor.language), waits.tiers[number]) for number in TIERS],
        others=[(name, waits.lanes[name]) for name in lanes.LANES[1:] if _is_open(visitor, name)],
        mine=[lined(one) for one in mine],
        exposure=seen,
        undoable=undo_bar(desk, visitor, last, now),
    )


@router.post("/queue/next")
def claim_next(visitor: Judge, desk: TheDesk) -> Response:
    """The most urgent case, which is this person's now; or the queue, when nothing waits for them."""
    found = next_for(desk, visitor)
    return back_to(f"/cases/{found}") if found is not None else back_to("/queue", "queue.nothing")


@router.get("/break")
def offer_break(request: Request, visitor: Judge, desk: TheDesk) -> Response:
    """What a break would give back."""
    now = desk.clock()
    with desk.database.reading() as reader:
        held = claim.holding(reader, visitor.actor)
        seen = own_exposure(reader, desk, visitor, now)
    values: dict[str, Any] = {"held": len(held), "given": None, "exposure": seen}
    return page(request, visitor, "review/break.html", **values)


@router.post("/break")
def take_break(request: Request, visitor: Judge, desk: TheDesk) -> Response:
    """The break has begun: everything was given back."""
    now = desk.clock()
    with desk.database.writing() as writer:
        given = claim.take_break(writer, visitor.actor, now)
        seen = own_exposure(writer, desk, visitor, now)
    values: dict[str, Any] = {"held": 0, "given": given, "exposure": seen}
    return page(request, visitor, "review/break.html", **values)


@router.get("/exposure")
def exposures(
    request: Request, visitor: Annotated[Visitor, Depends(people("supervisor", "auditor"))], desk: TheDesk
) -> Response:
    """How much each person looked, never at what."""
    since = desk.clock() - timedelta(days=EXPOSURE_DAYS)
    with desk.database.reading() as reader:
        found = exposure.totals(reader, visitor.actor, since)
    rows = [(pid, one.previews, one.originals, round(one.seconds / 60)) for pid, one in sorted(found.items())]
    return page(request, visitor, "review/exposure.html", rows=rows, since=since)


def _appeals(reader: Reader, desk: Desk, visitor: Visitor, now: datetime) -> Clocks | None:
    """How many appeals wait, and for how many it is time; None for who does not decide them."""
    if visitor.actor.role not in guards.SENIORS:
        return None
    return clocks(reader, visitor.actor.organisation, now, desk.settings.desk.due_soon_hours)


def next_for(desk: Desk, visitor: Visitor) -> int | None:
    """The case that this person holds now, most urgent first; None when nothing waits for them."""
    chosen = desk.settings.desk
    with desk.database.writing() as writer:
        claim.free_lapsed(writer, visitor.actor.organisation, desk.clock())
    with desk.database.writing() as writer:
        return claim.claim_next(
            writer,
            visitor.actor,
            lease_minutes=chosen.lease_minutes,
            now=desk.clock(),
            sampling=desk.rules.sampling,
            sample_share=chosen.sample_share,
            due_soon=timedelta(hours=chosen.due_soon_hours),
            due_now=timedelta(minutes=chosen.due_now_minutes),
        )


def own_exposure(reader: Any, desk: Desk, visitor: Visitor, now: datetime) -> exposure.Exposure:
    """The visitor's own exposure of the last day, with the budget that the operator set."""
    return exposure.mine(reader, visitor.actor, now, desk.settings.desk.reveals_per_day)


def undo_bar(desk: Desk, visitor: Visitor, last: undo.Undoable | None, now: datetime) -> dict[str, Any] | None:
    """What the bar says of the newest decision that can be undone; None when there is none."""
    if last is None:
        return None
    words = {code.name: code.label(visitor.language) for code in desk.taxonomy.codes}.get(last.code, last.code)
    left = max(int((last.final_at - now).total_seconds()), 0)
    return {"decision": last.decision, "case": last.case_id, "code": words, "seconds": left}


def whys_in_words(t: Say, desk: Desk, language: str, line: Line) -> list[str]:
    """The most decisive reasons of the rank, in words."""
    said = [desk.rules.sentence(one.rule, language) for one in line.why[:WHYS_SHOWN]]
    more = len(line.why) - WHYS_SHOWN
    return said + ([t("queue.more_why", number=more)] if more > 0 else [])


def clock_words(t: Say, due_at: datetime | None, now: datetime) -> tuple[str, bool]:
    """(how long until it ends, or since it has, whether it has); empty without a clock."""
    if due_at is None:
        return "", False
    seconds = int((due_at - now).total_seconds())
    key = "queue.due_in" if seconds >= 0 else "queue.overdue"
    return t(key, time=duration(t, abs(seconds))), seconds < 0


def _lined(t: Say, desk: Desk, visitor: Visitor, now: datetime, line: Line) -> dict[str, Any]:
    due, late = clock_words(t, line.due_at, now)
    return {
        "line": line,
        "why": whys_in_words(t, desk, visitor.language, line),
        "ago": t("queue.received", ago=duration(t, max(int((now - line.received_at).total_seconds()), 0))),
        "due": due,
        "late": late,
    }


def _is_open(visitor: Visitor, name: LaneName) -> bool:
    return name not in FOR_SENIORS or visitor.actor.role in guards.SENIORS


def _address(lane: LaneName, tier: int | None, after: str = "") -> str:
    asked = {"lane": lane, "tier": None if tier is None else str(tier), "after": after}
    return "/queue?" + "&".join(f"{name}={value}" for name, value in asked.items() if value)
