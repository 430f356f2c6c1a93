"""The code that a host hands to the user whose content was judged: it admits to one appeal, and to nothing else."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from rempart.audit.queries import append
from rempart.cases.appeals import contested, queries
from rempart.cases.intake.numbers import DRAW, code_from, hash_of_code, new_code, new_number
from rempart.cases.intake.queries import items
from rempart.cases.review import guards
from rempart.cases.review.consequences import HOST_KINDS
from rempart.cases.review.queries import cases, decisions
from rempart.errors import Conflict, NotAllowed, NotFound
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

LETTER = "U"
PURPOSE = "appeal-code"
SCOPE = "actions"


@dataclass(frozen=True, slots=True)
class Made:
    """What the host hands over. code: secret, given out here and stored nowhere."""

    number: str
    code: str = field(repr=False)
    ends_at: datetime
    case: int


def make_code(
    writer: Writer,
    fields: Fields,
    actor: Actor,
    case_id: int,
    *,
    days: int,
    now: datetime,
    request_key: str | None = None,
    draw: Random = DRAW,
) -> Made:
    """A code for the user whose content the case is about. The same request_key gives the same one again.

    Raises Conflict while there is nothing to contest, or nothing may be told because the police come first.
    """
    _may_make(actor)
    row = guards.locked(writer, actor, case_id)
    known = queries.code_requested(writer, actor.organisation, request_key) if request_key else None
    if known is not None:
        if known["case_id"] != case_id:
            raise Conflict("this Idempotency-Key was used for another case; send a new one")
        code = _code_of(fields, request_key or "")
        return Made(known["number"], code, contested.ends_at(known["made_at"], days), case_id)
    contested.in_force(writer, row, now)
    _check_police(writer, row)
    number = new_number(LETTER, draw)
    code = _code_of(fields, request_key) if request_key else new_code(draw)
    queries.insert_code(
        writer,
        organisation=actor.organisation,
        case_id=case_id,
        number=number,
        code_hash=hash_of_code(number, code),
        made_at=now,
        made_by=actor.pid,
        request_key=request_key,
    )
    append(writer, actor, "case", case_id, "case.appeal_code", {"number": number}, now)
    return Made(number, code, contested.ends_at(now, days), case_id)


def case_of(reader: Reader, actor: Actor, *, action: int | None = None, item: str | None = None) -> int:
    """The case that the action, or the caller's own item, belongs to. Raises NotFound."""
    found: int | None = None
    if action is not None:
        found = queries.case_of_action(reader, actor.organisation, action)
    elif item is not None:
        row = items.item_numbered(reader, actor.organisation, actor.pid, item)
        found = row["case_id"] if row else None
    if found is None:
        raise NotFound("there is no such action, or no such item of yours with a case; check what was sent")
    return int(found)


def _may_make(actor: Actor) -> None:
    if SCOPE not in actor.scopes and actor.role not in guards.SENIORS:
        raise NotAllowed("a code is made by a service with the scope actions, a senior or a supervisor; ask one")


def _check_police(reader: Reader, row: cases.Row) -> None:
    """Nothing. Raises Conflict while nobody let anything out of which the user could learn."""
    if not row["police_first"]:
        return
    rows = decisions.actions_of_case(reader, row["organisation"], row["id"])
    if not any(one["kind"] in HOST_KINDS and one["state"] not in ("drafted", "withdrawn") for one in rows):
        raise Conflict("the police come first on this case; approve an action of the host before a code is made")


def _code_of(fields: Fields, request_key: str) -> str:
    return code_from(fields.blind(PURPOSE, request_key.encode()))
