"""Decisions and actions as review reads and changes them. Every query names the organisation."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select

from rempart.cases.tables import action, decision
from rempart.storage.database import Reader, Writer

Row = RowMapping


def insert(writer: Writer, **values: Any) -> int:
    """The id of the new decision."""
    return writer.insert(decision, **values)


def read(reader: Reader, organisation: int, decision_id: int) -> Row | None:
    """The decision, or None."""
    return reader.one(select(decision).where(decision.c.organisation == organisation, decision.c.id == decision_id))


def of_case(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The decisions on the case that stand, oldest first."""
    mine = (decision.c.organisation == organisation, decision.c.case_id == case_id, decision.c.undone_at.is_(None))
    return list(reader.rows(select(decision).where(*mine).order_by(decision.c.id)))


def deciders(reader: Reader, organisation: int, ids: Sequence[int]) -> set[str]:
    """Who decided anything in these cases that still stands, in whatever round."""
    mine = (decision.c.organisation == organisation, decision.c.case_id.in_(ids), decision.c.undone_at.is_(None))
    return set(reader.values(select(decision.c.reviewer).where(*mine).distinct()))


def followers(reader: Reader, organisation: int, decision_id: int) -> list[Row]:
    """The decisions on members of the cluster that follow from this one."""
    mine = (decision.c.organisation == organisation, decision.c.followed == decision_id)
    return list(reader.rows(select(decision).where(*mine, decision.c.undone_at.is_(None)).order_by(decision.c.id)))


def withdraw(writer: Writer, organisation: int, ids: Sequence[int], now: datetime) -> None:
    """Nothing; these decisions do not stand any more."""
    mine = (decision.c.organisation == organisation, decision.c.id.in_(ids), decision.c.undone_at.is_(None))
    writer.run(decision.update().where(*mine).values(undone_at=now))


def standing(reader: Reader, organisation: int, since: datetime | None, until: datetime | None) -> Iterable[Row]:
    """Every decision of people that stands, case by case and round by round."""
    columns = (decision.c.case_id, decision.c.round, decision.c.code, decision.c.taxonomy, decision.c.reviewer)
    mine = [
        decision.c.organisation == organisation,
        decision.c.undone_at.is_(None),
        decision.c.round.in_(("first", "second")),
        decision.c.followed.is_(None),
    ]
    mine += [decision.c.at >= since] if since else []
    mine += [decision.c.at < until] if until else []
    return reader.each(select(*columns).where(*mine).order_by(decision.c.case_id, decision.c.id))


def last_of(reader: Reader, organisation: int, pid: str, after: datetime) -> Row | None:
    """The person's newest decision on a card that can still be undone, or None."""
    mine = (
        decision.c.organisation == organisation,
        decision.c.reviewer == pid,
        decision.c.undone_at.is_(None),
        decision.c.followed.is_(None),
        decision.c.round != "appeal",
        decision.c.final_at > after,
    )
    return reader.one(select(decision).where(*mine).order_by(decision.c.at.desc(), decision.c.id.desc()).limit(1))


def insert_action(writer: Writer, **values: Any) -> int:
    """The id of the new action."""
    return writer.insert(action, **values)


def actions_of_case(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """What follows from the decisions on the case, oldest first."""
    mine = (action.c.organisation == organisation, action.c.case_id == case_id)
    return list(reader.rows(select(action).where(*mine).order_by(action.c.id)))


def actions_of_decision(reader: Reader, organisation: int, decision_id: int) -> list[Row]:
    """What follows from this decision."""
    mine = (action.c.organisation == organisation, action.c.decision_id == decision_id)
    return list(reader.rows(select(action).where(*mine).order_by(action.c.id)))


def read_action(writer: Writer, organisation: int, action_id: int) -> Row | None:
    """The action, or None; nobody else changes it until this unit of work ends."""
    mine = (action.c.organisation == organisation, action.c.id == action_id)
    return writer.one(select(action).where(*mine).with_for_update())


def list_work_waits(reader: Reader, organisation: int, case_id: int) -> bool:
    """Whether the own list is still to be changed because of this case."""
    kinds = ("add_to_list", "withdraw_from_list")
    mine = (action.c.organisation == organisation, action.c.case_id == case_id, action.c.state == "queued")
    return reader.value(select(action.c.id).where(*mine, action.c.kind.in_(kinds)).limit(1)) is not None


def page_actions(
    reader: Reader, organisation: int, state: str, kinds: Sequence[str], after: int, limit: int
) -> list[Row]:
    """The next actions of these kinds in this state behind the id `after`, oldest first."""
    mine = (
        action.c.organisation == organisation,
        action.c.state == state,
        action.c.kind.in_(kinds),
        action.c.id > after,
    )
    return list(reader.rows(select(action).where(*mine).order_by(action.c.id).limit(limit)))


def change_action(
    writer: Writer, organisation: int, action_id: int, was: Sequence[str], state: str, now: datetime, note: str = ""
) -> bool:
    """Whether the action is now in this state: False when it was in none of those before."""
    mine = (action.c.organisation == organisation, action.c.id == action_id, action.c.state.in_(was))
    changes: dict[str, Any] = {"state": state, "changed_at": now}
    changes |= {"note": note} if note else {}
    return writer.run(action.update().where(*mine).values(**changes)) == 1


def retarget(writer: Writer, organisation: int, action_id: int, target: dict[str, Any]) -> None:
    """Nothing; the action is about this."""
    mine = (action.c.organisation == organisation, action.c.id == action_id)
    writer.run(action.update().where(*mine).values(target=target))


def retract_actions(
    writer: Writer, organisation: int, case_id: int, states: Sequence[str], now: datetime, note: str
) -> int:
    """How many actions of the case were withdrawn before anybody carried them out."""
    mine = (action.c.organisation == organisation, action.c.case_id == case_id, action.c.state.in_(states))
    return writer.run(action.update().where(*mine).values(state="withdrawn", changed_at=now, note=note))


def restore(writer: Writer, organisation: int, case_id: int, withdrawn_at: datetime) -> None:
    """Nothing; the decisions on the case that were withdrawn at this moment stand again."""
    mine = (decision.c.organisation == organisation, decision.c.case_id == case_id)
    writer.run(decision.update().where(*mine, decision.c.undone_at == withdrawn_at).values(undone_at=None))
