"""Clusters in SQL: what ties cases together, who leads, who is a member."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import RowMapping, Select, func, select

from rempart.cases.tables import case, cluster, link, location
from rempart.storage.database import Reader, Writer

Row = RowMapping
_MEMBER = (
    case.c.id,
    case.c.kind,
    case.c.state,
    case.c.received_at,
    case.c.tier,
    case.c.score,
    case.c.tie,
    case.c.leads,
    case.c.assignee,
    case.c.outcome,
    case.c.features,
    case.c.cluster,
)


def add_links(writer: Writer, organisation: int, case_id: int, keys: Iterable[tuple[str, str]]) -> None:
    """Nothing; the case has these links besides those that it had."""
    had = set(links_of(writer, organisation, case_id))
    rows = [
        {"organisation": organisation, "case_id": case_id, "kind": kind, "value_key": value}
        for kind, value in dict.fromkeys(keys)
        if (kind, value) not in had
    ]
    if rows:
        writer.run(link.insert(), rows)


def links_of(reader: Reader, organisation: int, case_id: int) -> list[tuple[str, str]]:
    """(kind, blind value) of every link of the case."""
    mine = (link.c.organisation == organisation, link.c.case_id == case_id)
    return [(row["kind"], row["value_key"]) for row in reader.rows(select(link).where(*mine))]


def first_with(
    reader: Reader, organisation: int, kind: str, values: Collection[str], but: Collection[int]
) -> int | None:
    """The oldest case with a link of this kind and one of these values. but: cases that are not meant."""
    found = [reader.value(_with(organisation, kind, value, but).limit(1)) for value in values]
    return min((int(one) for one in found if one is not None), default=None)


def is_shared(reader: Reader, organisation: int, cluster_id: int, case_id: int, kind: str, value: str) -> bool:
    """Whether another member of the cluster has this link, too."""
    others = _with(organisation, kind, value, (case_id,)).join(case, case.c.id == link.c.case_id)
    return reader.value(others.where(case.c.cluster == cluster_id).limit(1)) is not None


def is_shared_host(reader: Reader, organisation: int, cluster_id: int, case_id: int, host: str) -> bool:
    """Whether another member of the cluster stands at this host, too."""
    mine = (location.c.organisation == organisation, location.c.host == host, location.c.case_id != case_id)
    others = select(location.c.id).join(case, case.c.id == location.c.case_id).where(*mine)
    return reader.value(others.where(case.c.cluster == cluster_id).limit(1)) is not None


def _with(organisation: int, kind: str, value: str, but: Collection[int]) -> Select[Any]:
    """The cases with this link, oldest first: one stretch of the index."""
    mine = (link.c.organisation == organisation, link.c.kind == kind, link.c.value_key == value)
    found = select(link.c.case_id).where(*mine).order_by(link.c.case_id)
    return found.where(link.c.case_id.not_in(sorted(but))) if but else found


def hosts_of(reader: Reader, organisation: int, case_id: int) -> set[str]:
    """The hosts where the case stands."""
    mine = (location.c.organisation == organisation, location.c.case_id == case_id)
    return set(reader.values(select(location.c.host).where(*mine)))


def lock_case(writer: Writer, organisation: int, case_id: int) -> Row | None:
    """The case; nobody else changes it until this unit of work ends."""
    mine = (case.c.organisation == organisation, case.c.id == case_id)
    return writer.one(select(*_MEMBER).where(*mine).with_for_update())


def leaders_of(reader: Reader, organisation: int, cases: Collection[int]) -> set[int]:
    """The open cases that lead the clusters of these cases."""
    mine = (case.c.organisation == organisation, case.c.id.in_(cases))
    clusters = list(reader.values(select(case.c.cluster).where(*mine, case.c.cluster.is_not(None)).distinct()))
    leading = (case.c.organisation == organisation, case.c.cluster.in_(clusters), case.c.leads)
    wanted = select(case.c.id).where(*leading, case.c.state.not_in(("decided", "closed")))
    return set(reader.values(wanted)) if clusters else set()


def related(reader: Reader, organisation: int, cases: Collection[int]) -> set[int]:
    """All members of the clusters of these cases."""
    mine = (case.c.organisation == organisation, case.c.id.in_(cases))
    clusters = list(reader.values(select(case.c.cluster).where(*mine, case.c.cluster.is_not(None)).distinct()))
    wanted = select(case.c.id).where(case.c.organisation == organisation, case.c.cluster.in_(clusters))
    return set(reader.values(wanted)) if clusters else set()


def lock_cases(writer: Writer, organisation: int, cases: Collection[int]) -> None:
    """Nothing; nobody else changes these cases until this unit of work ends. Locked in the order of their ids."""
    mine = (case.c.organisation == organisation, case.c.id.in_(cases))
    writer.rows(select(case.c.id).where(*mine).order_by(case.c.id).with_for_update())


def lock_ties(writer: Writer, organisation: int, keys: Iterable[tuple[str, str]]) -> None:
    """Nothing; until this unit of work ends nobody else joins by these ties. (On SQLite nobody could anyway.)"""
    if writer.dialect != "postgresql":
        return
    numbers = {_number_of(f"tie:{organisation}:{kind}:{value}") for kind, value in keys}
    for number in sorted(numbers):
        writer.value(select(func.pg_advisory_xact_lock(number)))


def _number_of(name: str) -> int:
    """The number that an advisory lock of this name has: 64 bits, so that two names do not meet."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)


def members(reader: Reader, organisation: int, cluster_id: int, limit: int) -> Sequence[Row]:
    """Members, leaders first, then as they came."""
    mine = (case.c.organisation == organisation, case.c.cluster == cluster_id)
    return reader.rows(select(*_MEMBER).where(*mine).order_by(case.c.leads.desc(), case.c.id).limit(limit))


def open_members(reader: Reader, organisation: int, cluster_id: int, limit: int) -> Sequence[Row]:
    """Members about which nothing is decided, best placed first."""
    mine = (case.c.organisation == organisation, case.c.cluster == cluster_id)
    wanted = select(*_MEMBER).where(*mine, case.c.state.not_in(("decided", "closed")))
    return reader.rows(wanted.order_by(case.c.leads.desc(), case.c.tier, case.c.score.desc()).limit(limit))


def size_of(reader: Reader, organisation: int, cluster_id: int) -> int:
    """How many members the cluster has."""
    mine = (cluster.c.organisation == organisation, cluster.c.id == cluster_id)
    return int(reader.value(select(cluster.c.size).where(*mine)) or 0)


def enter(writer: Writer, organisation: int, cluster_id: int, case_id: int) -> None:
    """Nothing; the case is a member. Nobody else joins until this unit of work ends."""
    same = (cluster.c.organisation == organisation, cluster.c.id == cluster_id)
    writer.run(cluster.update().where(*same).values(size=cluster.c.size + 1))
    move(writer, organisation, cluster_id, [case_id])


def new_cluster(writer: Writer, organisation: int, first_at: datetime) -> int:
    """The id of a new cluster, still of one member."""
    return writer.insert(cluster, organisation=organisation, first_at=first_at, size=1)


def recount(writer: Writer, organisation: int, cluster_id: int) -> int:
    """How many members the cluster has, counted anew."""
    mine = (case.c.organisation == organisation, case.c.cluster == cluster_id)
    size = int(writer.value(select(func.count()).select_from(case).where(*mine)))
    same = (cluster.c.organisation == organisation, cluster.c.id == cluster_id)
    writer.run(cluster.update().where(*same).values(size=size))
    return size


def move(writer: Writer, organisation: int, into: int | None, cases: Collection[int]) -> None:
    """Nothing; these cases are members of the cluster, or of none."""
    mine = (case.c.organisation == organisation, case.c.id.in_(cases))
    writer.run(case.update().where(*mine).values(cluster=into))


def ids_of(reader: Reader, organisation: int, cluster_id: int) -> list[int]:
    """The ids of all members."""
    mine = (case.c.organisation == organisation, case.c.cluster == cluster_id)
    return list(reader.values(select(case.c.id).where(*mine).order_by(case.c.id)))


def lead(writer: Writer, organisation: int, case_id: int, *, leads: bool, entry: int) -> None:
    """Nothing; the case stands in the queue, or behind its leader."""
    mine = (case.c.organisation == organisation, case.c.id == case_id)
    writer.run(case.update().where(*mine).values(leads=leads, entry=entry))


def forget_links(writer: Writer, organisation: int, case_id: int) -> None:
    """Nothing; the case has no links any more."""
    writer.run(link.delete().where(link.c.organisation == organisation, link.c.case_id == case_id))
