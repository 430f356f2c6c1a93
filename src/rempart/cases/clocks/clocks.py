"""A clock: started from a rule, stopped for a reason that the rule knows, ended once, and watched until then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rempart.audit.queries import append
from rempart.cases.clocks import queries
from rempart.cases.clocks.queries import Row
from rempart.cases.clocks.reckoning import reckon
from rempart.cases.story import heard, told
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.people import Actor
from rempart.law import Law, laws, rule
from rempart.storage.database import Reader, Writer

ABOUT = "clock"
ROLES = ("senior", "supervisor")
LONGEST = 40
CLOCKS_DIFFER = timedelta(minutes=5)
# A period that an authority has to keep, not we.
OTHERS = "authority"
# What has a clock in its own register; a second one would contradict it one day.
KEPT_ELSEWHERE = {"order.received": "add the order to the register of orders"}


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock. about: what it is about, such as `report:7`. paused_since, reason: None while it runs."""

    id: int
    case_id: int | None
    about: str
    law: Law
    starts_at: datetime
    due_at: datetime
    paused_since: datetime | None
    reason: str | None
    ended_at: datetime | None
    ended_how: str | None

    def missed(self, now: datetime) -> bool:
        """Whether its time is over and the duty not done."""
        return self.ended_at is None and self.paused_since is None and self.due_at < now and self.law.scope != OTHERS


def start(
    writer: Writer, actor: Actor, name: str, thing: str, starts_at: datetime, now: datetime, *, case_id: int | None
) -> int:
    """The id of the clock that a person starts; the same one when it was started before.

    Raises UserMistake for a rule that is not in force, sets no duty, or has its clock elsewhere.
    """
    _may(actor)
    law = rule(name)
    if not law.in_force:
        raise UserMistake(f"rule `{name}` is not in force; it starts no clock")
    if law.kind != "duty":
        raise UserMistake(f"rule `{name}` is a hold; it preserves and starts no clock")
    if law.trigger in KEPT_ELSEWHERE:
        raise UserMistake(f"rule `{name}` has its clock elsewhere; {KEPT_ELSEWHERE[law.trigger]}")
    if not thing.strip() or len(thing) > LONGEST or not thing.isprintable():
        raise UserMistake(f"a clock is about something, in 1 to {LONGEST} characters such as report:7; correct it")
    if starts_at > now + CLOCKS_DIFFER:
        raise UserMistake("a clock starts with something that happened; the time lies in the future")
    if case_id is not None and queries.lock_case(writer, actor.organisation, case_id) is None:
        raise NotFound(f"there is no case {case_id}; leave it out, or look it up")
    return _begin(writer, actor, law, thing.strip(), starts_at, now, case_id)


def start_for(
    writer: Writer,
    actor: Actor,
    trigger: str,
    thing: str,
    starts_at: datetime,
    now: datetime,
    *,
    jurisdictions: Sequence[str],
    case_id: int | None = None,
) -> list[int]:
    """The ids of the clocks that this event starts: one for each duty in force there. Who may do it was checked."""
    found = [
        law
        for law in laws().values()
        if law.trigger == trigger and law.kind == "duty" and law.in_force and law.jurisdiction in jurisdictions
    ]
    return [_begin(writer, actor, law, thing, starts_at, now, case_id) for law in found]


def pause(writer: Writer, actor: Actor, clock_id: int, reason: str, since: datetime, now: datetime) -> None:
    """Nothing; the clock stands still since then. reason: one that its rule knows."""
    row, law = _running(writer, actor, clock_id)
    if reason not in law.pauses:
        known = f"for {', '.join(law.pauses)} only" if law.pauses else "for no reason"
        raise UserMistake(f"rule `{law.id}` lets its clock stand still {known}; choose another way")
    if row["pauses"] and row["pauses"][-1][1] is None:
        raise Conflict(f"clock {clock_id} stands still already; nothing was changed")
    last = heard(row["pauses"][-1][1]) if row["pauses"] else row["starts_at"]
    if not last <= since <= now + CLOCKS_DIFFER:
        raise UserMistake("a pause begins after the start of the clock and the pause before, and not later than now")
    pauses = [*row["pauses"], [told(since), None, reason]]
    queries.change(writer, actor.organisation, clock_id, pauses=pauses, due_at=None)
    append(writer, actor, ABOUT, clock_id, "clock.paused", {"reason": reason, "since": told(since)}, now)
    _reckon(writer, actor, row["case_id"], now)


def resume(writer: Writer, actor: Actor, clock_id: int, until: datetime, now: datetime) -> None:
    """Nothing; the cause ended then, and the clock runs: on, or anew, as its rule says."""
    row, law = _running(writer, actor, clock_id)
    if not row["pauses"] or row["pauses"][-1][1] is not None:
        raise Conflict(f"clock {clock_id} does not stand still; nothing was changed")
    begin, _, reason = row["pauses"][-1]
    if not heard(begin) <= until <= now + CLOCKS_DIFFER:
        raise UserMistake("the pause ended between its beginning and now; correct the time")
    pauses = [*row["pauses"][:-1], [begin, told(until), reason]]
    due_at = _due(law, row["starts_at"], pauses, now)
    queries.change(writer, actor.organisation, clock_id, pauses=pauses, due_at=due_at, told="")
    append(writer, actor, ABOUT, clock_id, "clock.resumed", {"until": told(until), "due_at": told(due_at)}, now)
    _reckon(writer, actor, row["case_id"], now)


def end(writer: Writer, actor: Actor, clock_id: int, how: str, now: datetime) -> bool:
    """Whether the duty was done in time. how: what ended it, in a word or two; the ledger says both."""
    row, law = _running(writer, actor, clock_id)
    if not how.strip() or len(how) > LONGEST or not how.isprintable():
        raise UserMistake(f"say in 1 to {LONGEST} characters what ended the clock")
    return _end(writer, actor, row, law, how.strip(), now)


def end_for(writer: Writer, actor: Actor, thing: str, how: str, now: datetime) -> None:
    """Nothing; every clock about this thing has ended. Who may do it was checked."""
    for row in queries.about(writer, actor.organisation, thing):
        _end(writer, actor, row, rule(row["rule"]), how, now)


def running(reader: Reader, organisation: int, now: datetime, case_id: int | None = None) -> list[Clock]:
    """The clocks that run or stand still, those that end first first; of one case only, when it is named."""
    rows = queries.running(reader, organisation, case_id)
    return sorted((_clock(row, now) for row in rows), key=lambda one: (one.due_at, one.id))


def get(reader: Reader, organisation: int, clock_id: int, now: datetime) -> Clock:
    """The clock. Raises NotFound."""
    row = queries.read(reader, organisation, clock_id)
    if row is None:
        raise NotFound(f"there is no clock {clock_id}; list them with `rempart clocks list`")
    return _clock(row, now)


def _begin(
    writer: Writer, actor: Actor, law: Law, thing: str, starts_at: datetime, now: datetime, case_id: int | None
) -> int:
    known = queries.of(writer, actor.organisation, thing, law.id)
    if known is not None:
        return int(known["id"])
    due_at = law.ends(starts_at)
    made = queries.insert(
        writer,
        organisation=actor.organisation,
        case_id=case_id,
        about=thing,
        rule=law.id,
        starts_at=starts_at,
        due_at=due_at,
        pauses=[],
    )
    data = {"rule": law.id, "about": thing, "starts_at": told(starts_at), "due_at": told(due_at)}
    append(writer, actor, ABOUT, made, "clock.started", data, now)
    _reckon(writer, actor, case_id, now)
    return made


def _end(writer: Writer, actor: Actor, row: Row, law: Law, how: str, now: datetime) -> bool:
    in_time = now <= _due(law, row["starts_at"], row["pauses"], now) or _paused(row["pauses"])
    queries.change(writer, actor.organisation, row["id"], ended_at=now, ended_how=how)
    append(writer, actor, ABOUT, row["id"], "clock.ended", {"how": how, "in_time": in_time}, now)
    _reckon(writer, actor, row["case_id"], now)
    return in_time


def _clock(row: Row, now: datetime) -> Clock:
    law = rule(row["rule"])
    paused = row["pauses"][-1] if _paused(row["pauses"]) else None
    return Clock(
        id=row["id"],
        case_id=row["case_id"],
        about=row["about"],
        law=law,
        starts_at=row["starts_at"],
        due_at=_due(law, row["starts_at"], row["pauses"], now),
        paused_since=heard(paused[0]) if paused else None,
        reason=paused[2] if paused else None,
        ended_at=row["ended_at"],
        ended_how=row["ended_how"],
    )


def _paused(pauses: Any) -> bool:
    return bool(pauses) and pauses[-1][1] is None


def _due(law: Law, starts_at: datetime, pauses: Any, now: datetime) -> datetime:
    known = [(heard(begin), heard(end) if end else None, reason) for begin, end, reason in pauses]
    return law.ends(starts_at, known, now).astimezone(UTC)


def _running(writer: Writer, actor: Actor, clock_id: int) -> tuple[Row, Law]:
    _may(actor)
    row = queries.read(writer, actor.organisation, clock_id, lock=True)
    if row is None:
        raise NotFound(f"there is no clock {clock_id}; list them with `rempart clocks list`")
    if row["case_id"] is not None:  # before the ledger, as everybody does: the other way round, two would wait
        queries.lock_case(writer, actor.organisation, row["case_id"])
    if row["ended_at"] is not None:
        raise Conflict(f"clock {clock_id} has ended ({row['ended_how']}); nothing was changed")
    return row, rule(row["rule"])


def _reckon(writer: Writer, actor: Actor, case_id: int | None, now: datetime) -> None:
    if case_id is not None:
        reckon(writer, actor, [case_id], now)


def _may(actor: Actor) -> None:
    if actor.pid not in ("operator", "worker") and actor.role not in ROLES:
        raise NotAllowed("clocks are kept by seniors and supervisors; ask one")
