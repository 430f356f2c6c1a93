"""Cases as review reads and changes them: leases, skips, presence, notes. Every query names the organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from rempart.audit.queries import append
from rempart.cases.tables import case, cluster, link, location, note, notice, notice_case, presence, skip
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer

Row = RowMapping
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def read(reader: Reader, organisation: int, case_id: int) -> Row | None:
    """The case, or None."""
    return reader.one(select(case).where(case.c.organisation == organisation, case.c.id == case_id))


def owner_of(reader: Reader, case_id: int) -> int | None:
    """The organisation that the case belongs to: for the list that all of them share, and for nothing else."""
    value = reader.value(select(case.c.organisation).where(case.c.id == case_id))
    return None if value is None else int(value)


def lock(writer: Writer, organisation: int, ids: Sequence[int]) -> list[Row]:
    """These cases, in order of their ids; nobody else changes them until this unit of work ends."""
    mine = (case.c.organisation == organisation, case.c.id.in_(ids))
    return list(writer.rows(select(case).where(*mine).order_by(case.c.id).with_for_update()))


def record(
    writer: Writer, actor: Actor, case_id: int, verb: str, data: dict[str, Any], now: datetime, **columns: Any
) -> int:
    """The seq of the entry; the row says what the entry says. The caller has locked the row."""
    seq = append(writer, actor, "case", case_id, verb, data, now)
    mine = (case.c.organisation == actor.organisation, case.c.id == case_id)
    writer.run(case.update().where(*mine).values(entry=seq, **columns))
    return seq


def take(
    writer: Writer, organisation: int, case_id: int, pid: str, states: Sequence[str], now: datetime, **columns: Any
) -> bool:
    """Whether the case is now this person's: False when somebody holds it, or it is in none of these states any more.

    The one place where a lease begins. What was decided may be undone for a while; until then nobody takes it.
    """
    free = and_(case.c.assignee.is_(None), or_(case.c.final_at.is_(None), case.c.final_at <= now))
    mine = (case.c.organisation == organisation, case.c.id == case_id, case.c.state.in_(states))
    return writer.run(case.update().where(*mine, free).values(assignee=pid, **columns)) == 1


def lengthen(writer: Writer, organisation: int, case_id: int, pid: str, until: datetime) -> bool:
    """Whether the person holds the case; their lease then lasts until this moment."""
    mine = (case.c.organisation == organisation, case.c.id == case_id, case.c.assignee == pid)
    return writer.run(case.update().where(*mine).values(lease_until=until)) == 1


def lapsed(writer: Writer, organisation: int, now: datetime) -> list[Row]:
    """The cases whose lease has ended, locked; one that somebody else is changing is left to them."""
    ended = (case.c.organisation == organisation, case.c.assignee.is_not(None), case.c.lease_until <= now)
    return list(writer.rows(select(case).where(*ended).order_by(case.c.id).with_for_update(skip_locked=True)))


def held_by(reader: Reader, organisation: int, pid: str) -> list[Row]:
    """The cases that the person holds."""
    mine = (case.c.organisation == organisation, case.c.assignee == pid)
    return list(reader.rows(select(case).where(*mine).order_by(case.c.id)))


def members(reader: Reader, organisation: int, cluster_id: int) -> list[Row]:
    """Every case of the cluster, its leader first."""
    mine = (case.c.organisation == organisation, case.c.cluster == cluster_id)
    return list(reader.rows(select(case).where(*mine).order_by(case.c.leads.desc(), case.c.id)))


def followers(reader: Reader, organisation: int, cluster_id: int, leader: int, state: str, pid: str) -> list[int]:
    """The members that stand where their leader stands, behind it, free or held by this person."""
    mine = (case.c.organisation == organisation, case.c.cluster == cluster_id, case.c.id != leader)
    stands_with = (case.c.state == state, ~case.c.leads, or_(case.c.assignee.is_(None), case.c.assignee == pid))
    return list(reader.values(select(case.c.id).where(*mine, *stands_with).order_by(case.c.id)))


def size_of(reader: Reader, organisation: int, cluster_id: int) -> int:
    """How many cases the cluster has."""
    mine = (cluster.c.organisation == organisation, cluster.c.id == cluster_id)
    return int(reader.value(select(cluster.c.size).where(*mine)) or 0)


def resize(writer: Writer, organisation: int, cluster_id: int, by: int) -> None:
    """Nothing; the cluster has so many more members."""
    mine = (cluster.c.organisation == organisation, cluster.c.id == cluster_id)
    writer.run(cluster.update().where(*mine).values(size=cluster.c.size + by))


def note_skip(writer: Writer, organisation: int, case_id: int, pid: str, reason: str, now: datetime) -> None:
    """Nothing; the case is not offered to the person again."""
    key = {"case_id": case_id, "person": pid}
    _upsert(writer, skip, key, {"organisation": organisation, "reason": reason, "at": now})


def skipped_by(reader: Reader, organisation: int, pid: str, states: Sequence[str]) -> list[int]:
    """The cases in these states that this person passed on."""
    mine = (skip.c.organisation == organisation, skip.c.person == pid, case.c.state.in_(states))
    return list(reader.values(select(skip.c.case_id).join(case, case.c.id == skip.c.case_id).where(*mine)))


def seen(writer: Writer, organisation: int, case_id: int, pid: str, now: datetime) -> None:
    """Nothing; the person is looking at the case now."""
    _upsert(writer, presence, {"case_id": case_id, "person": pid}, {"organisation": organisation, "seen_at": now})


def watchers(reader: Reader, organisation: int, case_id: int, since: datetime) -> list[str]:
    """Who has been looking at the case since then."""
    mine = (presence.c.organisation == organisation, presence.c.case_id == case_id, presence.c.seen_at >= since)
    return list(reader.values(select(presence.c.person).where(*mine).order_by(presence.c.person)))


def insert_note(writer: Writer, organisation: int, case_id: int, author: str, text_sealed: bytes, now: datetime) -> int:
    """The id of the note."""
    return writer.insert(
        note, organisation=organisation, case_id=case_id, author=author, at=now, text_sealed=text_sealed
    )


def notes(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The notes on the case, oldest first."""
    mine = (note.c.organisation == organisation, note.c.case_id == case_id)
    return list(reader.rows(select(note).where(*mine).order_by(note.c.id)))


def notices(reader: Reader, organisation: int, ids: Sequence[int]) -> list[Row]:
    """The notices about these cases, oldest first; each once."""
    about = select(notice_case.c.notice).where(notice_case.c.case_id.in_(ids))
    mine = (notice.c.organisation == organisation, notice.c.id.in_(about))
    return list(reader.rows(select(notice).where(*mine).order_by(notice.c.id)))


def answer_notices(writer: Writer, organisation: int, ids: Sequence[int], outcome: str, now: datetime) -> list[int]:
    """The ids of the notices about these cases that were told the outcome; who was told keeps the newest one."""
    found = [row["id"] for row in notices(writer, organisation, ids)]
    changes = {"outcome": outcome, "outcome_at": now, "state": "outcome_sent"}
    open_ones = (notice.c.organisation == organisation, notice.c.id.in_(found))
    writer.run(notice.update().where(*open_ones, notice.c.state != "closed").values(**changes))
    return found


def answer_notice(writer: Writer, organisation: int, notice_id: int, outcome: str, now: datetime) -> None:
    """Nothing; this notice was told the outcome."""
    mine = (notice.c.organisation == organisation, notice.c.id == notice_id)
    writer.run(notice.update().where(*mine).values(outcome=outcome, outcome_at=now, state="outcome_sent"))


def close_notices(writer: Writer, organisation: int, case_id: int) -> list[int]:
    """The ids of the notices about the case that are closed now because nobody will answer them any more."""
    open_ones = [row["id"] for row in notices(writer, organisation, [case_id]) if row["state"] not in _ENDED]
    mine = (notice.c.organisation == organisation, notice.c.id.in_(open_ones))
    writer.run(notice.update().where(*mine).values(state="closed"))
    return open_ones


_ENDED = ("outcome_sent", "closed")


def locations(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """Where the case stands."""
    mine = (location.c.organisation == organisation, location.c.case_id == case_id)
    return list(reader.rows(select(location).where(*mine).order_by(location.c.id)))


def links(reader: Reader, organisation: int, case_id: int) -> dict[str, int]:
    """Kind of tie -> how many of it the case has."""
    mine = (link.c.organisation == organisation, link.c.case_id == case_id)
    counted = select(link.c.kind, func.count().label("n")).where(*mine).group_by(link.c.kind)
    return {row["kind"]: row["n"] for row in reader.rows(counted)}


def tied(reader: Reader, organisation: int, case_id: int, kind: str) -> list[int]:
    """The other cases that have a link of this kind in common with the case."""
    mine = (link.c.organisation == organisation, link.c.kind == kind)
    own = select(link.c.value_key).where(*mine, link.c.case_id == case_id)
    others = select(link.c.case_id).where(*mine, link.c.value_key.in_(own), link.c.case_id != case_id)
    return list(reader.values(others.distinct().order_by(link.c.case_id)))


def _upsert(writer: Writer, table: Any, key: dict[str, Any], values: dict[str, Any]) -> None:
    insert: Any = _INSERT[writer.dialect](table).values(**key, **values)
    writer.run(insert.on_conflict_do_update(index_elements=list(key), set_=values))
