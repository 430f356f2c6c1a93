"""Holds: duties to preserve what belongs to a case. While one runs nothing that it covers is purged.

The longest wins for sealed evidence: every hold is a row of its own, and what a case holds goes when the last one has
ended. A hold of the reference only keeps the record of a report, and no media.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rempart.audit.queries import append
from rempart.cases.holding import queries
from rempart.cases.holding.queries import Row
from rempart.cases.story import told
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.people import Actor
from rempart.law import laws
from rempart.storage.database import Reader, Writer

CONTENT, REFERENCE = "content", "reference"
ROLES = ("senior", "supervisor")
# What somebody orders beside any rule of law; it has no end until somebody releases it.
LEGAL_HOLD = "legal_hold"
LONGEST_WORDS = 180
LONGEST = timedelta(days=366 * 30)


@dataclass(frozen=True, slots=True)
class Hold:
    """One duty to preserve. ends_at: None until somebody releases it. scope: content | reference."""

    id: int
    case_id: int
    basis: str
    scope: str
    starts_at: datetime
    ends_at: datetime | None
    released_at: datetime | None

    def runs(self, now: datetime) -> bool:
        """Whether it keeps anything still."""
        return self.released_at is None and (self.ends_at is None or self.ends_at > now)

    @property
    def by_law(self) -> bool:
        """Whether it follows from a rule of law or an authority's order, and not from a person's word."""
        return self.basis in laws() or self.basis.startswith("order:")


def begin(
    writer: Writer,
    actor: Actor,
    case_id: int,
    basis: str,
    starts_at: datetime,
    ends: datetime | None,
    *,
    now: datetime | None = None,
) -> int:
    """The id of the hold. basis: the rule of law, such as `us.2258a.h`. ends: None until somebody releases it.

    What the rule covers is read from the law; a basis that is no rule covers the content. now: when that is not
    `starts_at`.
    """
    scope = REFERENCE if basis in laws() and laws()[basis].scope == REFERENCE else CONTENT
    made = queries.insert(
        writer,
        organisation=actor.organisation,
        case_id=case_id,
        basis=basis,
        scope=scope,
        starts_at=starts_at,
        ends_at=ends,
        released_at=None,
    )
    data = {"hold": made, "basis": basis, "scope": scope, "ends": ends.isoformat() if ends else None}
    append(writer, actor, "case", case_id, "case.held", data, now or starts_at)
    return made


def of_case(reader: Reader, organisation: int, case_id: int) -> list[Hold]:
    """Every hold of the case, oldest first, those that have ended, too."""
    return [_hold(row) for row in queries.of_case(reader, organisation, case_id)]


def keeps(reader: Reader, organisation: int, case_id: int, now: datetime, scope: str = CONTENT) -> Hold | None:
    """The hold that keeps it the longest; None when nothing does."""
    running = [one for one in of_case(reader, organisation, case_id) if one.scope == scope and one.runs(now)]
    return max(running, key=lambda one: (one.ends_at is None, one.ends_at or one.starts_at), default=None)


def legal_hold(writer: Writer, actor: Actor, case_id: int, words: str, now: datetime) -> int:
    """The id of a hold without an end, which a person orders. words: who asked, and under which reference."""
    _may(actor)
    if queries.lock_case(writer, actor.organisation, case_id) is None:
        raise NotFound(f"there is no case {case_id}; look it up")
    return begin(writer, actor, case_id, f"{LEGAL_HOLD}: {_words(words)}", now, None)


def extend(writer: Writer, actor: Actor, hold_id: int, until: datetime, words: str, now: datetime) -> None:
    """Nothing; the hold lasts until then. It is never made shorter: what is over early is released, with a reason."""
    one = _running(writer, actor, hold_id, now)
    if one.ends_at is None:
        raise Conflict(f"hold {hold_id} has no end; there is nothing to extend")
    if not one.ends_at < until <= now + LONGEST:
        raise UserMistake(f"a hold is extended beyond {one.ends_at:%Y-%m-%d}, and by no more than 30 years")
    queries.change(writer, actor.organisation, hold_id, at=until, end=True)
    data = {"hold": hold_id, "ends": told(until), "why": _words(words)}
    append(writer, actor, "case", one.case_id, "case.hold_extended", data, now)


def release(writer: Writer, actor: Actor, hold_id: int, words: str, now: datetime) -> None:
    """Nothing; the hold keeps nothing any more.

    Raises Conflict for the hold of a rule of law: its time is the law's, and it ends by itself.
    """
    one = _running(writer, actor, hold_id, now)
    if one.by_law:
        until = f"{one.ends_at:%Y-%m-%d}" if one.ends_at else "when the law says so"
        raise Conflict(f"hold {hold_id} follows from `{one.basis}` and ends {until}; nobody releases it before")
    queries.change(writer, actor.organisation, hold_id, at=now, end=False)
    data = {"hold": hold_id, "basis": one.basis, "why": _words(words)}
    append(writer, actor, "case", one.case_id, "case.hold_released", data, now)


def _running(writer: Writer, actor: Actor, hold_id: int, now: datetime) -> Hold:
    _may(actor)
    row = queries.read(writer, actor.organisation, hold_id)
    if row is None:
        raise NotFound(f"there is no hold {hold_id}; list them with `rempart holds list CASE`")
    one = _hold(row)
    if not one.runs(now):
        raise Conflict(f"hold {hold_id} has ended; nothing was changed")
    return one


def _hold(row: Row) -> Hold:
    names = ("id", "case_id", "basis", "scope", "starts_at", "ends_at", "released_at")
    return Hold(**{name: row[name] for name in names})


def _words(text: str) -> str:
    plain = " ".join(text.split())
    if not plain or len(plain) > LONGEST_WORDS or not plain.isprintable():
        raise UserMistake(f"say in 1 to {LONGEST_WORDS} characters who asked and why, without any content")
    return plain


def _may(actor: Actor) -> None:
    if actor.pid != "operator" and actor.role not in ROLES:
        raise NotAllowed("holds are kept by seniors and supervisors; ask one")
