"""From a final decision to drafts: who is told of a case, worked out from where it stands. People approve them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rempart.audit.queries import append, story
from rempart.cases.hosting import keep
from rempart.cases.review.queries import cases, decisions
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.people import Actor, worker
from rempart.reporting import drafting, queries
from rempart.reporting.drafting import Reporting
from rempart.reporting.guards import DRAFTERS, may
from rempart.reporting.hosting.resolving import Hosting
from rempart.reporting.recipients import recipient_named
from rempart.reporting.routing import Planned, Policy, route
from rempart.storage import outbox
from rempart.storage.database import Reader, Writer

PLAN = "report.plan"
ILLEGAL = ("illegal_baseline", "illegal_national")
_OVER = ("withdrawn", "refused")
# Who is told because of where it is hosted: when that changes, somebody else reads it there.
BOUND_TO_PLACE = ("iccam", "host-notice")


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a case, and where it was found to be hosted."""

    location_id: int
    hosting: Hosting


def order(writer: Writer, organisation: int, decision_id: int, now: datetime) -> None:
    """Nothing; the worker works out who is told of the case, once for each illegal decision."""
    decision = decisions.read(writer, organisation, decision_id)
    if decision is None or decision["outcome"] not in ILLEGAL:
        return
    again(writer, organisation, decision["case_id"], now, key=f"decision:{decision_id}")


def again(
    writer: Writer, organisation: int, case_id: int, now: datetime, *, key: str, moved_at: datetime | None = None
) -> None:
    """Nothing; the worker works it out, once for each key. moved_at: when a place was seen to have moved."""
    body = {"case": case_id, **({"moved_at": moved_at.isoformat()} if moved_at else {})}
    outbox.put(writer, organisation, PLAN, body, about=f"case:{case_id}", key=f"{PLAN}:{case_id}:{key}", now=now)


def resolve_again(writer: Writer, actor: Actor, case_id: int, now: datetime) -> None:
    """Nothing; a person wants to know where the places of the case are hosted now, and who is told then."""
    if cases.read(writer, actor.organisation, case_id) is None:
        raise NotFound(f"there is no case {case_id}; look it up in the queue")
    if not is_wanted(writer, actor.organisation, case_id):
        raise Conflict(f"case {case_id} is not decided to be illegal; nobody is told of it")
    again(writer, actor.organisation, case_id, now, key=f"asked:{now.isoformat()}")
    append(writer, actor, "case", case_id, "case.places_asked", {}, now)


def is_wanted(reader: Reader, organisation: int, case_id: int) -> bool:
    """Whether the case is judged illegal still."""
    row = cases.read(reader, organisation, case_id)
    return row is not None and row["outcome"] in ILLEGAL and row["state"] in ("decided", "closed")


def plan(
    writer: Writer,
    reporting: Reporting,
    policy: Policy,
    organisation: int,
    case_id: int,
    places: Sequence[Place],
    now: datetime,
    *,
    on_own_platform: bool,
    moved_at: datetime | None = None,
) -> list[Planned]:
    """What was worked out; each is drafted now unless there is such a report already. Nothing leaves by that.

    While nobody chose where reports go, the places are kept and nothing is drafted. on_own_platform: the case came
    from the operator's own platform, so that it stands there, whatever other places it names. moved_at: reports that
    left before told whoever hosted it then, so that whoever hosts it now is told, too.
    """
    row = cases.read(writer, organisation, case_id)
    if row is None:
        return []
    for one in places:
        _keep(writer, organisation, case_id, one, now)
    if reporting.environment is None:
        return []
    hosted = [one.hosting for one in places]
    if on_own_platform and not any(one.kind == "own" for one in hosted):
        hosted.insert(0, Hosting("own", ""))
    planned: dict[str, Planned] = {}
    for each in hosted or [Hosting("unknown", "")]:
        for said in route(each, policy, now, police_first=bool(row["police_first"])):
            planned.setdefault(said.recipient, said)
    for said in planned.values():
        _draft(writer, reporting, organisation, case_id, said, now, moved_at)
    return list(planned.values())


def _keep(writer: Writer, organisation: int, case_id: int, place: Place, now: datetime) -> None:
    found = place.hosting
    keep(
        writer,
        worker(organisation),
        case_id,
        place.location_id,
        now,
        hosted=found.kind,
        address=found.address,
        asn=found.asn,
        provider=found.provider,
        country=found.country,
        via_proxy=found.via_proxy,
        source=found.source,
    )


def _draft(
    writer: Writer,
    reporting: Reporting,
    organisation: int,
    case_id: int,
    said: Planned,
    now: datetime,
    moved_at: datetime | None,
) -> None:
    """Nothing; the report is drafted, or the case says that a person has to see to it."""
    mine = [
        one
        for one in queries.of_case(writer, organisation, case_id)
        if one["recipient"] == said.recipient and one["state"] not in _OVER
    ]
    since = moved_at if said.recipient in BOUND_TO_PLACE else None
    # A draft is built anew at every look: it follows the place by itself.
    if any(since is None or one["state"] == "draft" or one["created_at"] >= since for one in mine):
        return
    told: dict[str, Any] = {"recipient": said.recipient, "because": said.reason}
    actor = worker(organisation)
    if said.recipient not in reporting.recipients:
        if not _was_told(writer, organisation, case_id, "case.report_by_hand", told):
            append(writer, actor, "case", case_id, "case.report_by_hand", told, now)
        return
    try:
        action_id = _action(writer, organisation, case_id, said, now)
        follows = mine[-1]["id"] if mine else None
        made = drafting.draft(
            writer, reporting, actor, case_id, said.recipient, now, action_id=action_id, follows=follows
        )
    except (UserMistake, NotAllowed, Conflict) as refusal:
        append(writer, actor, "case", case_id, "case.report_not_drafted", {**told, "why": str(refusal)[:200]}, now)
        return
    if said.not_before is not None:
        queries.change(writer, organisation, made, not_before=said.not_before)
    append(writer, actor, "case", case_id, "case.routed", {**told, "report": made}, now)


def _was_told(reader: Reader, organisation: int, case_id: int, verb: str, told: dict[str, Any]) -> bool:
    return any(one.verb == verb and one.data == told for one in story(reader, organisation, "case", case_id))


def draft_by_hand(
    writer: Writer, reporting: Reporting, actor: Actor, case_id: int, recipient: str, now: datetime
) -> int:
    """The id of a draft that a person asked for; it carries out the drafted action that it fits, if there is one."""
    may(actor, DRAFTERS)
    chosen = recipient_named(recipient, reporting.recipients)
    action_id = _waiting_action(writer, actor.organisation, case_id, chosen.carries_out)
    return drafting.draft(writer, reporting, actor, case_id, recipient, now, action_id=action_id)


def asked_for(reader: Reader, organisation: int, case_id: int) -> list[str]:
    """The kinds of the case's drafted actions that no report carries out yet."""
    taken = _taken(reader, organisation, case_id)
    rows = decisions.actions_of_case(reader, organisation, case_id)
    return [row["kind"] for row in rows if row["state"] == "drafted" and row["id"] not in taken]


def _taken(reader: Reader, organisation: int, case_id: int) -> set[int]:
    """The actions that a report carries out which did not come to nothing."""
    rows = queries.actions_taken(reader, organisation, case_id)
    return {row["action_id"] for row in rows if row["state"] not in _OVER}


def _waiting_action(reader: Reader, organisation: int, case_id: int, kind: str) -> int | None:
    taken = _taken(reader, organisation, case_id)
    for row in decisions.actions_of_case(reader, organisation, case_id):
        if row["kind"] == kind and row["state"] == "drafted" and row["id"] not in taken:
            return int(row["id"])
    return None


def _action(writer: Writer, organisation: int, case_id: int, said: Planned, now: datetime) -> int:
    """The action that the report carries out: the one that is drafted for it, or a new one."""
    waiting = _waiting_action(writer, organisation, case_id, said.action)
    if waiting is not None:
        return waiting
    last = decisions.of_case(writer, organisation, case_id)[-1]
    return decisions.insert_action(
        writer,
        organisation=organisation,
        case_id=case_id,
        decision_id=last["id"],
        kind=said.action,
        target={"outcome": last["outcome"]},
        state="drafted",
        not_before=said.not_before or now,
        created_at=now,
        changed_at=now,
        note="",
    )
