"""Clusters in the hands of people: who the members are, joining two clusters, taking a case out of one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rempart.audit.queries import append
from rempart.cases.triage.features import from_row
from rempart.cases.triage.queries import clusters as queries
from rempart.errors import Conflict, NotFound, UserMistake
from rempart.facts.case import CaseKind, Feature
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer

MOST_MEMBERS = 500


@dataclass(frozen=True, slots=True)
class Member:
    """One case of a cluster. differs: what it has that its leader has not."""

    id: int
    kind: CaseKind
    state: str
    outcome: str | None
    leads: bool
    tier: int
    score: int
    received_at: datetime
    differs: tuple[Feature, ...]


def members(reader: Reader, organisation: int, cluster_id: int, limit: int = MOST_MEMBERS) -> list[Member]:
    """The cases of the cluster, leaders first, with what distinguishes each from the first one."""
    rows = queries.members(reader, organisation, cluster_id, limit)
    if not rows:
        raise NotFound(f"there is no cluster {cluster_id} here")
    first = {(one.name, one.value) for one in from_row(rows[0]["features"])}
    return [
        Member(
            id=row["id"],
            kind=row["kind"],
            state=row["state"],
            outcome=row["outcome"],
            leads=bool(row["leads"]),
            tier=row["tier"],
            score=row["score"],
            received_at=row["received_at"],
            differs=tuple(one for one in from_row(row["features"]) if (one.name, one.value) not in first),
        )
        for row in rows
    ]


def merge(writer: Writer, actor: Actor, case_id: int, other_case: int, now: datetime) -> int:
    """The cluster that holds both cases, and all that belonged to either: somebody says that they belong together."""
    organisation = actor.organisation
    _lock_all(writer, organisation, {case_id, other_case})
    into = cluster_of(writer, organisation, case_id)
    other = case_of(writer, organisation, other_case)
    gone = other["cluster"]
    if gone == into:
        raise Conflict(f"cases {case_id} and {other_case} belong together already; nothing was changed")
    moved = [other_case] if gone is None else queries.ids_of(writer, organisation, gone)
    queries.move(writer, organisation, into, moved)
    size = queries.recount(writer, organisation, into)
    if gone is not None:
        queries.recount(writer, organisation, gone)
    append(writer, actor, "cluster", into, "cluster.merged", {"cases": len(moved), "from": gone, "size": size}, now)
    waiting = _by_rank(writer, organisation, into, leads=True)
    for row in waiting if _is_being_judged(writer, organisation, into) else waiting[1:]:
        set_leads(writer, actor, [row["id"]], "case.stepped_back", now)
    return into


def split(writer: Writer, actor: Actor, case_id: int, now: datetime) -> None:
    """Nothing; the case stands alone: somebody says that it does not belong there. What tied it is forgotten."""
    organisation = actor.organisation
    _lock_all(writer, organisation, {case_id})
    row = case_of(writer, organisation, case_id)
    left = row["cluster"]
    if left is None:
        raise UserMistake(f"case {case_id} belongs to no other; nothing was changed")
    queries.move(writer, organisation, None, [case_id])
    queries.forget_links(writer, organisation, case_id)
    queries.recount(writer, organisation, left)
    set_leads(writer, actor, [case_id], "case.split", now)
    if row["leads"]:
        lead_on(writer, actor, left, now)


def surface(writer: Writer, actor: Actor, cases: Collection[int], now: datetime) -> None:
    """Nothing; these members stand in the queue themselves, such as the exceptions of a decision on a cluster."""
    set_leads(writer, actor, cases, "case.surfaced", now)


def lead_on(writer: Writer, actor: Actor, cluster_id: int, now: datetime) -> int | None:
    """The member that leads from now on, when no open one does; None when one did, or none is left to."""
    organisation = actor.organisation
    if any(row["leads"] for row in _open(writer, organisation, cluster_id)):
        return None
    waiting = _by_rank(writer, organisation, cluster_id, leads=False)
    if not waiting:
        return None
    set_leads(writer, actor, [waiting[0]["id"]], "case.surfaced", now)
    return int(waiting[0]["id"])


def set_leads(writer: Writer, actor: Actor, cases: Collection[int], verb: str, now: datetime) -> None:
    """Nothing; each case stands in the queue, or behind its leader after `case.stepped_back`; the ledger says so."""
    leads = verb != "case.stepped_back"
    for case_id in cases:
        entry = append(writer, actor, "case", case_id, verb, {"leads": leads}, now)
        queries.lead(writer, actor.organisation, case_id, leads=leads, entry=entry)


def cluster_of(writer: Writer, organisation: int, case_id: int) -> int:
    """The cluster of the case; a new one of it alone when it had none."""
    row = case_of(writer, organisation, case_id)
    if row["cluster"] is not None:
        return int(row["cluster"])
    made = queries.new_cluster(writer, organisation, row["received_at"])
    queries.move(writer, organisation, made, [case_id])
    return made


def case_of(writer: Writer, organisation: int, case_id: int) -> queries.Row:
    """The case, locked. Raises NotFound."""
    row = queries.lock_case(writer, organisation, case_id)
    if row is None:
        raise NotFound(f"there is no case {case_id} here")
    return row


def waits(row: queries.Row) -> bool:
    """Whether the case stands where it can be moved: nobody holds it and nothing is decided."""
    return row["state"] == "triaged" and row["assignee"] is None


def _lock_all(writer: Writer, organisation: int, cases: Collection[int]) -> None:
    """Nothing; these cases and all that belong to them are locked, before the ledger is: everybody locks that way."""
    queries.lock_cases(writer, organisation, {*cases, *queries.related(writer, organisation, cases)})


def _open(reader: Reader, organisation: int, cluster_id: int) -> list[queries.Row]:
    return list(queries.open_members(reader, organisation, cluster_id, MOST_MEMBERS))


def _is_being_judged(reader: Reader, organisation: int, cluster_id: int) -> bool:
    """Whether somebody holds a leader that the others can stand behind."""
    rows = _open(reader, organisation, cluster_id)
    return any(row["leads"] and row["state"] == "triaged" and row["assignee"] is not None for row in rows)


def _by_rank(reader: Reader, organisation: int, cluster_id: int, *, leads: bool) -> list[queries.Row]:
    """The waiting members that lead, or that do not, best first."""
    rows = (row for row in _open(reader, organisation, cluster_id) if waits(row) and bool(row["leads"]) is leads)
    return sorted(rows, key=lambda row: (row["tier"], -row["score"], row["id"]))
