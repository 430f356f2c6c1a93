"""Taking a case and giving it back: one person holds it for the length of a lease, and two never do."""

from datetime import datetime, timedelta
from typing import Any

from rempart.audit.queries import append
from rempart.cases.review import guards
from rempart.cases.review.queries import cases, lanes
from rempart.cases.triage import queue
from rempart.cases.triage.grouping import lead_on
from rempart.cases.triage.ruleset import Sampling
from rempart.errors import Conflict, NotAllowed, UserMistake
from rempart.facts.case import Lane
from rempart.facts.people import Actor, worker
from rempart.storage.database import Reader, Writer

# Why a case is passed on. Those of WAITING take it out of the queue until somebody asks for it again.
SKIP_REASONS = ("language", "conflict_of_interest", "too_much_now", "not_my_field", "inaccessible", "ask_sender")
WAITING = ("inaccessible", "ask_sender")
PRESENT_SECONDS = 60
_TRIES = 20


def claim_next(
    writer: Writer,
    actor: Actor,
    *,
    lease_minutes: int,
    now: datetime,
    sampling: Sampling,
    sample_share: float = queue.SAMPLE_SHARE,
    due_soon: timedelta = queue.DUE_SOON,
    due_now: timedelta = queue.DUE_NOW,
) -> int | None:
    """The id of the case that this person holds now, most urgent first; None when nothing waits.

    due_now, due_soon: a clock that ends within these times comes before danger (tier 0), or just behind it.
    What waits for a second person or a senior comes before a fresh case of the same tier: somebody's action hangs on
    it. A case that the person skipped is not offered to them again.
    """
    guards.judge(actor)
    passed = set(cases.skipped_by(writer, actor.organisation, actor.pid, guards.OPEN_STATES))
    for _ in range(_TRIES):
        fresh = queue.next_case(
            writer,
            actor.organisation,
            now,
            sampling,
            due_soon=due_soon,
            due_now=due_now,
            sample_share=sample_share,
            exclude=passed,
        )
        chosen = _first(writer, actor, fresh, now, now + due_now, now + due_soon)
        if chosen is None or _take(writer, actor, *chosen, lease_minutes, now):
            return chosen[0] if chosen else None
        passed.add(chosen[0])
    return None


def claim(writer: Writer, actor: Actor, case_id: int, *, lease_minutes: int, now: datetime) -> None:
    """Nothing; the person holds this very case. Raises Conflict when somebody else does, or it was just decided."""
    row = guards.locked(writer, actor, case_id)
    guards.may_take(writer, actor, row)
    if row["assignee"] == actor.pid:
        cases.lengthen(writer, actor.organisation, case_id, actor.pid, now + timedelta(minutes=lease_minutes))
        return
    if row["final_at"] is not None and row["final_at"] > now:
        raise Conflict(f"case {case_id} was decided a moment ago and may still be undone; try again shortly")
    if not _take(writer, actor, case_id, "chosen", lease_minutes, now):
        raise Conflict(f"case {case_id} is held by somebody else; wait until they release it, or claim another one")


def heartbeat(
    writer: Writer, actor: Actor, case_id: int, *, lease_minutes: int, now: datetime, active: bool = True
) -> bool:
    """Whether the person holds the case, whose lease then begins anew; they count as looking at it either way.

    active: they did something since the last time; a page that was left open keeps no case from others.
    """
    guards.judge(actor)
    row = guards.found(writer, actor, case_id)
    cases.seen(writer, actor.organisation, case_id, actor.pid, now)
    if not active:
        return bool(row["assignee"] == actor.pid)
    return cases.lengthen(writer, actor.organisation, case_id, actor.pid, now + timedelta(minutes=lease_minutes))


def release(writer: Writer, actor: Actor, case_id: int, now: datetime) -> None:
    """Nothing; the case is free. A supervisor may free anybody's."""
    row = guards.locked(writer, actor, case_id)
    if row["assignee"] is None:
        raise Conflict(f"case {case_id} is free already; nothing was changed")
    if row["assignee"] != actor.pid and actor.role != "supervisor":
        raise NotAllowed(f"case {case_id} is held by somebody else; a supervisor may release it")
    cases.record(writer, actor, case_id, "case.released", {}, now, **FREE)
    not_left_behind(writer, actor, row, now)


def skip(writer: Writer, actor: Actor, case_id: int, reason: str, now: datetime) -> None:
    """Nothing; the case goes to others, or waits for information. reason: one of SKIP_REASONS."""
    if reason not in SKIP_REASONS:
        raise UserMistake(f"a case is skipped for a reason; choose one of {', '.join(SKIP_REASONS)}")
    row = guards.held(writer, actor, case_id)
    state = "needs_info" if reason in WAITING and row["state"] == "triaged" else row["state"]
    cases.note_skip(writer, actor.organisation, case_id, actor.pid, reason, now)
    cases.record(writer, actor, case_id, "case.skipped", {"reason": reason, "state": state}, now, state=state, **FREE)
    not_left_behind(writer, actor, row, now)


def take_break(writer: Writer, actor: Actor, now: datetime) -> int:
    """How many cases the person gave back to take a break."""
    guards.judge(actor)
    held = [row["id"] for row in cases.held_by(writer, actor.organisation, actor.pid)]
    for row in cases.lock(writer, actor.organisation, held):
        if row["assignee"] == actor.pid:
            cases.record(writer, actor, row["id"], "case.released", {"break": True}, now, **FREE)
            not_left_behind(writer, actor, row, now)
    append(writer, actor, "person", actor.pid, "person.break", {"released": len(held)}, now)
    return len(held)


def watchers(reader: Reader, actor: Actor, case_id: int, now: datetime) -> list[str]:
    """The pseudonyms of who is looking at the case now."""
    return cases.watchers(reader, actor.organisation, case_id, now - timedelta(seconds=PRESENT_SECONDS))


def holding(reader: Reader, actor: Actor) -> list[cases.Row]:
    """The cases that this person holds."""
    return cases.held_by(reader, actor.organisation, actor.pid)


def free_lapsed(writer: Writer, organisation: int, now: datetime) -> int:
    """How many cases are free again because their lease ended.

    Call it in a unit of work of its own, before one in which a case is taken: it writes to the ledger, and who does
    that waits for no case any more, or two would wait for each other.
    """
    ended = cases.lapsed(writer, organisation, now)
    for row in ended:
        data = {"from": row["assignee"]}
        cases.record(writer, worker(organisation), row["id"], "case.lapsed", data, now, **FREE)
        not_left_behind(writer, worker(organisation), row, now)
    return len(ended)


def not_left_behind(writer: Writer, actor: Actor, row: cases.Row, now: datetime) -> None:
    """Nothing; a member that is free again stands in the queue itself when its leader is decided already."""
    if row["cluster"] is not None and not row["leads"]:
        lead_on(writer, actor, row["cluster"], now)


FREE = {"assignee": None, "lane": None, "claimed_at": None, "lease_until": None}


def _first(
    writer: Writer, actor: Actor, fresh: tuple[int, Lane] | None, now: datetime, hurry: datetime, soon: datetime
) -> tuple[int, Lane] | None:
    """What comes first for this person: the fresh case of the queue, or one that waits for their second look."""
    organisation, states = actor.organisation, _second_looks(actor)
    pressing = lanes.pressing_for(writer, organisation, states, actor.pid, now, hurry, since=now)
    pressing = pressing or lanes.pressing_for(writer, organisation, states, actor.pid, now, soon)
    other = lanes.first_for(writer, organisation, states, actor.pid, now)
    found: list[tuple[tuple[Any, ...], int, Lane]] = []
    if pressing is not None:
        found.append((_place(pressing, "due", now, hurry, second=True), pressing["id"], "due"))
    if other is not None:
        found.append((_place(other, "tier", now, hurry, second=True), other["id"], "tier"))
    if fresh is not None:
        row = guards.found(writer, actor, fresh[0])
        found.append((_place(row, fresh[1], now, hurry, second=False), *fresh))
    return min(found)[1:] if found else None


def _place(row: cases.Row, lane: Lane, now: datetime, hurry: datetime, *, second: bool) -> tuple[Any, ...]:
    """Where the case of this lane stands: smaller comes first. A second look comes before a fresh case like it."""
    late = 0 if second else 1
    if lane == "due" and now < row["due_at"] <= hurry:
        return 0, row["due_at"], late
    if lane == "sample":
        return (1,)  # a share of looks goes there whatever waits, else nobody knows what low places hide
    if row["tier"] == queue.DANGER:
        return 2, late
    return (3, row["due_at"], late) if lane == "due" else (4, row["tier"], late)


def _second_looks(actor: Actor) -> tuple[str, ...]:
    """The states of what waits for somebody else's judgement, as far as this person may give it."""
    return ("needs_second", *(guards.SENIOR_STATES if actor.role in guards.SENIORS else ()))


def _take(writer: Writer, actor: Actor, case_id: int, lane: Lane, lease_minutes: int, now: datetime) -> bool:
    until = now + timedelta(minutes=lease_minutes)
    lease = {"lane": lane, "claimed_at": now, "lease_until": until}
    if not cases.take(writer, actor.organisation, case_id, actor.pid, guards.OPEN_STATES, now, **lease):
        return False
    cases.record(writer, actor, case_id, "case.claimed", {"lane": lane}, now)
    cases.seen(writer, actor.organisation, case_id, actor.pid, now)
    return True
