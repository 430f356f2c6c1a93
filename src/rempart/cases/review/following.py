"""A decision on the leader of a cluster: which members it is about, which it is not, and how both were before."""

from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from rempart.cases.review.claim import FREE
from rempart.cases.review.queries import cases, decisions
from rempart.cases.story import heard, told
from rempart.errors import Conflict, UserMistake
from rempart.facts.people import Actor
from rempart.storage.database import Writer

_COLUMNS = ("state", "assignee", "lane", "outcome", "leads", "cluster")
SHOWN_DIGITS = 16
LONGEST_SHOWN = 40
_TIMES = ("claimed_at", "lease_until", "decided_at", "final_at")


def kept(row: cases.Row) -> dict[str, Any]:
    """What a decision changes in a case, as JSON."""
    return {name: row[name] for name in _COLUMNS} | {
        name: None if row[name] is None else told(row[name]) for name in _TIMES
    }


def restored(before: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that `kept` wrote."""
    times = {name: None if before[name] is None else heard(before[name]) for name in _TIMES}
    return {name: before[name] for name in _COLUMNS} | times


def shown_as(members: Collection[int]) -> str:
    """What stands in a form for the members that the person was shown: the newest one, and a digest of all."""
    digest = sha256(",".join(map(str, sorted(members))).encode()).hexdigest()
    return f"{max(members, default=0)}-{digest[:SHOWN_DIGITS]}"


def of_shown(shown: str, members: Collection[int]) -> set[int]:
    """Those of the members that the person was shown: what came since stays out. shown: empty for all.

    Raises Conflict when others are among them than were shown, because clusters were put together meanwhile.
    """
    if not shown:
        return set(members)
    newest = shown.partition("-")[0]
    if not newest.isascii() or not newest.isdigit() or len(shown) > LONGEST_SHOWN:
        raise UserMistake("what was shown with the case cannot be read; open the case again")
    known = {one for one in members if one <= int(newest)}
    if shown_as(known) != shown:
        raise Conflict("other cases belong to this one now than were shown; nothing was decided, look at it again")
    return known


def following(
    writer: Writer, actor: Actor, leader: cases.Row, excepted: Collection[int], shown: str = ""
) -> tuple[list[cases.Row], list[cases.Row]]:
    """(members that the decision is about, members that it is not), locked.

    A member follows when it stands where its leader stands and the person was shown it. One that somebody else holds,
    or that stands elsewhere, stays as it is. Raises UserMistake for an exception that is no member.
    """
    if not leader["leads"] or leader["cluster"] is None:
        if excepted:
            raise UserMistake("this case stands for itself: there is nothing to except; decide it alone")
        of_shown(shown, [])
        return [], []
    ids = [row["id"] for row in cases.members(writer, actor.organisation, leader["cluster"])]
    if not set(excepted) <= set(ids) - {leader["id"]}:
        raise UserMistake("an exception is a member of the cluster, and not the case on the card; choose from the list")
    rows = [row for row in cases.lock(writer, actor.organisation, ids) if _follows(row, leader, actor)]
    known = of_shown(shown, [row["id"] for row in rows])
    rows = [row for row in rows if row["id"] in known]
    return [row for row in rows if row["id"] not in excepted], [row for row in rows if row["id"] in excepted]


def follow(
    writer: Writer,
    actor: Actor,
    row: cases.Row,
    leading: int,
    given: Mapping[str, Any],
    seen: str,
    columns: Mapping[str, Any],
    now: datetime,
) -> None:
    """Nothing; the member is decided as its leader is. What the person saw of it stands for itself."""
    made = decisions.insert(
        writer,
        organisation=actor.organisation,
        case_id=row["id"],
        reviewer=actor.pid,
        lane="chosen",
        viewed=seen,
        seconds=0,
        followed=leading,
        before={"case": kept(row)},
        **given,
    )
    told_ = {name: given[name] for name in ("round", "taxonomy", "taxonomy_version", "code", "outcome")}
    data = told_ | {"decision": made, "followed": leading, "viewed": seen, "state": columns["state"]}
    cases.record(
        writer, actor, row["id"], "case.followed", data | {"final_at": told(given["final_at"])}, now, **columns
    )


def except_member(writer: Writer, actor: Actor, row: cases.Row, leading: int, now: datetime) -> None:
    """Nothing; the member stands alone and waits for a judgement of its own."""
    withdrawn = decisions.of_case(writer, actor.organisation, row["id"])
    decisions.withdraw(writer, actor.organisation, [one["id"] for one in withdrawn], now)
    cases.resize(writer, actor.organisation, row["cluster"], -1)
    data = {"decision": leading, "state": "triaged"}
    columns = {"state": "triaged", "leads": True, "cluster": None, **FREE}
    cases.record(writer, actor, row["id"], "case.excepted", data, now, **columns)


def _follows(row: cases.Row, leader: cases.Row, actor: Actor) -> bool:
    stands_with = row["state"] == leader["state"] and row["id"] != leader["id"] and not row["leads"]
    return stands_with and row["assignee"] in (None, actor.pid)
