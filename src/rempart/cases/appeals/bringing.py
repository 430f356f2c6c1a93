"""Bringing an appeal: by number and code of a notice, or of what a host handed over. No account, no name."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from rempart.audit.queries import append
from rempart.cases.appeals import contested, queries
from rempart.cases.appeals.contested import Contested, Side
from rempart.cases.clocks import clocks
from rempart.cases.clocks import queries as clock_queries
from rempart.cases.clocks.reckoning import reckon
from rempart.cases.intake.numbers import DRAW, code_from, hash_of_code, new_code, new_number, read_number, same_hash
from rempart.cases.review import guards
from rempart.errors import Conflict, NotFound, UserMistake
from rempart.facts.people import Actor, public
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

LETTER = "A"
PURPOSE = "appeal"
LONGEST_GROUNDS = 5000
# The kind of order whose complaints the law answers within two weeks.
TERRORIST = "tco_removal"
_NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Appellant:
    """What somebody brings. request_key: the same for the same sending of the same words."""

    number: str
    code: str = field(repr=False)
    grounds: str = field(repr=False)
    language: Literal["en", "fr"] = "en"
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """What the appellant keeps. code: secret, given out here and stored nowhere. appeal: for us."""

    number: str
    code: str = field(repr=False)
    due_at: datetime
    appeal: int


@dataclass(frozen=True, slots=True)
class _Right:
    """What number and code admit to: one side, on one case, since when it could know."""

    side: Side
    organisation: int
    case_id: int
    told_at: datetime
    notice: int | None = None
    code: int | None = None


def bring(
    writer: Writer,
    fields: Fields,
    said: Appellant,
    *,
    appeal_days: int,
    answer_days: int,
    now: datetime,
    draw: Random = DRAW,
) -> Brought:
    """What the appellant keeps: the appeal waits for somebody who decided nothing in its case.

    Raises NotFound when number and code do not fit, the same for both; Conflict when there is nothing to contest,
    the time is over, or this side has its appeal already.
    """
    grounds = grounds_of(said.grounds)
    right = _right(writer, said)
    actor = public(right.organisation)
    repeated = _again(writer, fields, right, said)
    if repeated is not None:
        return repeated
    found = contested.in_force(writer, guards.locked(writer, actor, right.case_id), now)
    told_at = max(right.told_at, found.decision["final_at"])
    contested.check_window(told_at, appeal_days, now)
    contested.check_side(writer, found, right.side)
    return _keep(writer, fields, actor, right, found, said, grounds, now + timedelta(days=answer_days), now, draw)


def grounds_of(text: str) -> str:
    """The grounds as they are kept. Raises UserMistake for none, or too many."""
    grounds = text.encode("utf-8", "replace").decode().strip()  # halves of a character could not be shown again
    if not grounds:
        raise UserMistake("say why the decision is wrong; a few words are enough")
    if len(grounds) > LONGEST_GROUNDS or "\0" in grounds:
        raise UserMistake(f"the grounds have at most {LONGEST_GROUNDS} characters; shorten them")
    return grounds


def _right(reader: Reader, said: Appellant) -> _Right:
    number = read_number(said.number)
    if number.startswith("U-"):
        row = queries.code_numbered(reader, number)
        if _fits(row["code_hash"] if row else None, number, said.code) and row is not None:
            return _Right("user", row["organisation"], row["case_id"], row["made_at"], code=row["id"])
    else:
        row = queries.notice_numbered(reader, number)
        if _fits(row["code_hash"] if row else None, number, said.code) and row is not None:
            return _of_notice(reader, row)
    raise NotFound("no decision can be contested with this number and this code; check both as they were given to you")


def _of_notice(reader: Reader, row: queries.Row) -> _Right:
    """What the reporter may contest, once they were told of an outcome."""
    cases = queries.cases_of_notice(reader, row["organisation"], row["id"])
    if row["outcome_at"] is None or not cases:
        raise Conflict("nothing was decided here yet that can be contested; look again later")
    return _Right("notifier", row["organisation"], cases[0]["id"], row["outcome_at"], notice=row["id"])


def _fits(known: str | None, number: str, code: str) -> bool:
    """Whether the code fits; it takes as long when there is nothing under this number."""
    return same_hash(known or _NO_HASH, hash_of_code(number, code))


def _again(reader: Reader, fields: Fields, right: _Right, said: Appellant) -> Brought | None:
    """What was given out when this very request came before."""
    row = queries.requested(reader, right.organisation, said.request_key) if said.request_key else None
    if row is None or said.request_key is None:
        return None
    if (row["notice"], row["code"]) != (right.notice, right.code):
        raise Conflict("this form was sent before with another number; load the page again")
    return Brought(row["number"], _code_of(fields, said.request_key), row["due_at"], row["id"])


def _keep(
    writer: Writer,
    fields: Fields,
    actor: Actor,
    right: _Right,
    found: Contested,
    said: Appellant,
    grounds: str,
    due_at: datetime,
    now: datetime,
    draw: Random,
) -> Brought:
    number = new_number(LETTER, draw)
    code = _code_of(fields, said.request_key) if said.request_key else new_code(draw)
    made = queries.insert(
        writer,
        organisation=right.organisation,
        case_id=right.case_id,
        decision_id=found.decision["id"],
        notice=right.notice,
        code=right.code,
        brought_by=right.side,
        number=number,
        code_hash=hash_of_code(number, code),
        request_key=said.request_key,
        language=said.language,
        opened_at=now,
        due_at=due_at,
        state="open",
        grounds_sealed=fields.seal_text("appeal", json.dumps({"version": 1, "text": grounds})),
    )
    data = {"case": right.case_id, "decision": found.decision["id"], "by": right.side, "due": _day(due_at)}
    append(writer, actor, "appeal", made, "appeal.opened", data, now)
    _start_clocks(writer, actor, right.case_id, made, now)
    append(writer, actor, "case", right.case_id, "case.appealed", {"appeal": made, "by": right.side}, now)
    return Brought(number, code, due_at, made)


def _start_clocks(writer: Writer, actor: Actor, case_id: int, appeal: int, now: datetime) -> None:
    """Nothing; the case is due when the appeal is. For terrorist content the law gives a time of its own."""
    if clock_queries.ordered(writer, actor.organisation, case_id, TERRORIST):
        clocks.start_for(
            writer, actor, "complaint.received", f"appeal:{appeal}", now, now, jurisdictions=("EU",), case_id=case_id
        )
    reckon(writer, actor, [case_id], now)


def _code_of(fields: Fields, request_key: str) -> str:
    return code_from(fields.blind(PURPOSE, request_key.encode()))


def _day(at: datetime) -> str:
    return at.strftime("%Y-%m-%d")
