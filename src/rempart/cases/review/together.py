"""Which cases belong together, in the hands of whoever works on one of them."""

from datetime import datetime

from rempart.cases.review import guards
from rempart.cases.triage import grouping
from rempart.errors import NotAllowed, UserMistake
from rempart.facts.people import Actor
from rempart.storage.database import Writer


def merge(writer: Writer, actor: Actor, case_id: int, other: int, now: datetime) -> int:
    """The cluster that holds both cases now, and all that belonged to either."""
    _may_group(writer, actor, case_id)
    if case_id == other:
        raise UserMistake(f"case {case_id} belongs to itself already; give the number of another one")
    guards.found(writer, actor, other)
    return grouping.merge(writer, actor, case_id, other, now)


def split(writer: Writer, actor: Actor, case_id: int, member: int, now: datetime) -> None:
    """Nothing; the member of the case's cluster stands alone from now on."""
    _member(writer, actor, case_id, member)
    grouping.split(writer, actor, member, now)


def surface(writer: Writer, actor: Actor, case_id: int, member: int, now: datetime) -> None:
    """Nothing; the member stands in the queue itself, and belongs to the cluster still."""
    _member(writer, actor, case_id, member)
    grouping.surface(writer, actor, [member], now)


def _member(writer: Writer, actor: Actor, case_id: int, member: int) -> None:
    """Nothing. Raises UserMistake when the two do not belong together."""
    _may_group(writer, actor, case_id)
    mine, other = guards.found(writer, actor, case_id), guards.found(writer, actor, member)
    if mine["cluster"] is None or mine["cluster"] != other["cluster"]:
        raise UserMistake(f"cases {case_id} and {member} do not belong together; choose a member from the list")


def _may_group(writer: Writer, actor: Actor, case_id: int) -> None:
    guards.judge(actor)
    row = guards.locked(writer, actor, case_id)
    if row["assignee"] != actor.pid and actor.role not in guards.SENIORS:
        raise NotAllowed(f"case {case_id} is not yours now; claim it before you say what belongs to it")
