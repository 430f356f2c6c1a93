"""Carrying out what follows from a final decision, once: rows for hosts, holds, answers to who gave notice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rempart.audit.queries import append, story
from rempart.cases import holding
from rempart.cases.review import consequences, guards
from rempart.cases.review.consequences import HOST_KINDS, About, Planned, Table, corrected, follows, standing
from rempart.cases.review.own_list import Listed, case_of, listed
from rempart.cases.review.queries import cases, decisions, hosts, reveals
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.case import ActionState, Outcome
from rempart.facts.people import Actor, worker
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

OPEN_STATES: tuple[ActionState, ...] = ("drafted", "approved", "queued")
LIST_KINDS = ("add_to_list", "withdraw_from_list")
JUDGED = ("decided", "closed")
HOLD_BASIS = "decision"
LONGEST_NOTE = 500
LARGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class ListWork:
    """One change of the own list that still has to be made, outside of the database.

    entangled: entries of other cases that go with these, because they hold the same fingerprints.
    """

    action: int
    case_id: int
    kind: str
    entries: tuple[Listed, ...]
    classification: str
    entangled: tuple[str, ...] = ()

    @property
    def refs(self) -> list[str]:
        """The entries' names."""
        return [one.ref for one in self.entries]


def begin(
    writer: Writer, fields: Fields, organisation: int, decision_ids: Sequence[int], now: datetime
) -> list[ListWork]:
    """What still has to be done to the own list. Everything else that follows from these decisions is done here.

    Called again after a crash it changes nothing, and says what is still to be done. A decision that is not in force
    any more is not carried out.
    """
    work: list[ListWork] = []
    rows = [row for one in decision_ids if (row := decisions.read(writer, organisation, one)) is not None]
    locked = {row["id"]: row for row in cases.lock(writer, organisation, [row["case_id"] for row in rows])}
    for row in rows:
        case = locked[row["case_id"]]
        if not acted(writer, organisation, row) and in_force(writer, case, row["id"]):
            _act(writer, fields, case, row, consequences.table(), now)
        work += _list_work(writer, fields, organisation, row)
    return work


def finish(writer: Writer, organisation: int, work: Sequence[ListWork], now: datetime) -> None:
    """Nothing; the list has been changed."""
    for one in work:
        decisions.change_action(writer, organisation, one.action, ("queued",), "fulfilled", now)
        data = {"action": one.action, "kind": one.kind, "entries": len(one.entries)}
        append(writer, worker(organisation), "case", one.case_id, "case.listed", data, now)


def entangle(writer: Writer, organisation: int, work: ListWork, refs: Sequence[str], now: datetime) -> None:
    """Nothing; entries of other cases go with a withdrawal. Kept before they go, so that a crash loses none of them.

    A case of this organisation is told so in its story. Another organisation's judgement stands: see `restorable`.
    """
    fresh = [ref for ref in refs if ref not in work.entangled]
    row = decisions.read_action(writer, organisation, work.action)
    if row is None or not fresh:
        return
    target = {**row["target"], "entangled": [*work.entangled, *fresh]}
    decisions.retarget(writer, organisation, work.action, target)
    known = dict.fromkeys(case_id for ref in fresh if (case_id := case_of(ref)) is not None)
    for case_id in known:
        if cases.read(writer, organisation, case_id) is not None:
            append(writer, worker(organisation), "case", case_id, "case.unlisted", {"because": work.case_id}, now)


def restorable(reader: Reader, fields: Fields, organisation: int, refs: Sequence[str]) -> list[tuple[Listed, str]]:
    """(entry, classification) of other organisations' cases among these: what they decided still stands."""
    found: list[tuple[Listed, str]] = []
    for case_id in dict.fromkeys(one for ref in refs if (one := case_of(ref)) is not None):
        owner = cases.owner_of(reader, case_id)
        if owner is None or owner == organisation:
            continue
        mine = [ref for ref in _added(reader, owner, case_id) if ref in refs]
        last = decisions.of_case(reader, owner, case_id)
        entries = listed(fields, reveals.media_of(reader, owner, [case_id])) if last else []
        found += [(one, last[-1]["code"]) for one in entries if one.ref in mine]
    return found


def decisions_of(reader: Reader, organisation: int, decision_id: int) -> list[int]:
    """The decision, and those on members of the cluster that follow from it."""
    return [decision_id, *(row["id"] for row in decisions.followers(reader, organisation, decision_id))]


def would_follow(reader: Reader, row: cases.Row, outcome: Outcome) -> list[Planned]:
    """What would follow from this outcome for the case as it stands now. Nothing is changed."""
    done = standing(dict(one) for one in decisions.actions_of_case(reader, row["organisation"], row["id"]))
    return corrected(follows(outcome, _about(reader, row), consequences.table().rows), done)


def retract(writer: Writer, organisation: int, case_id: int, now: datetime, note: str) -> int:
    """How many actions of the case will not be carried out: those that nobody has carried out yet."""
    return decisions.retract_actions(writer, organisation, case_id, OPEN_STATES, now, note)


def check_of(reader: Reader, actor: Actor, case_id: int, action_id: int) -> None:
    """Nothing. Raises NotFound when the case has no such action."""
    if all(one["id"] != action_id for one in decisions.actions_of_case(reader, actor.organisation, case_id)):
        raise NotFound(f"case {case_id} has no action {action_id}; look at its card again")


def approve(writer: Writer, actor: Actor, action_id: int, now: datetime) -> None:
    """Nothing; a drafted action may go its way."""
    row = _drafted(writer, actor, action_id)
    state = "queued" if row["kind"] in HOST_KINDS else "approved"
    decisions.change_action(writer, actor.organisation, action_id, ("drafted",), state, now)
    if row["kind"] == "notify_reporter":
        _notify(writer, actor.organisation, row["case_id"], row["target"]["outcome"], now)
        decisions.change_action(writer, actor.organisation, action_id, ("approved",), "fulfilled", now)
    _tell(writer, actor, row, "case.action_approved", now)


def drop(writer: Writer, actor: Actor, action_id: int, now: datetime) -> None:
    """Nothing; a drafted action will not be carried out."""
    row = _drafted(writer, actor, action_id)
    decisions.change_action(writer, actor.organisation, action_id, ("drafted",), "withdrawn", now)
    _tell(writer, actor, row, "case.action_dropped", now)


def for_hosts(
    reader: Reader, organisation: int, state: ActionState, after: int, limit: int = 100
) -> list[decisions.Row]:
    """The next actions that hosts carry out, behind the id `after`, oldest first."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise UserMistake(f"a page has 1 to {LARGEST_PAGE} actions; ask for fewer")
    return decisions.page_actions(reader, organisation, state, HOST_KINDS, after, limit)


def report_back(writer: Writer, actor: Actor, action_id: int, state: str, note: str, now: datetime) -> decisions.Row:
    """The action, of which the host says that it is `fulfilled` or `refused`. Saying the same again changes nothing."""
    row = _action(writer, actor, action_id)
    if state not in ("fulfilled", "refused"):
        raise UserMistake("an action is answered with fulfilled or refused; correct the state")
    if state == "refused" and not note.strip():
        raise UserMistake("a refused action needs a note that says why; add one")
    if row["kind"] not in HOST_KINDS:
        raise NotFound(f"there is no action {action_id} for hosts; list them with GET /v1/actions")
    if row["state"] == state:
        return row
    if not decisions.change_action(
        writer,
        actor.organisation,
        action_id,
        ("queued", "sent", "acknowledged"),
        state,
        now,
        note.strip()[:LONGEST_NOTE],
    ):
        raise Conflict(f"action {action_id} is {row['state']} now; nothing was changed, list the actions anew")
    _tell(writer, actor, row, f"case.action_{state}", now)
    return _action(writer, actor, action_id)


def carry(writer: Writer, actor: Actor, action_id: int | None, state: ActionState, now: datetime) -> None:
    """Nothing; a report that carries out this action has come so far. None: the report carries out no action."""
    if action_id is None:
        return
    row = _action(writer, actor, action_id)
    if row["state"] != state:
        decisions.change_action(writer, actor.organisation, action_id, (row["state"],), state, now)
        _tell(writer, actor, row, f"case.action_{state}", now)


def _act(writer: Writer, fields: Fields, row: cases.Row, decision: decisions.Row, table: Table, now: datetime) -> None:
    """Nothing; what follows from one decision on one case stands in its rows."""
    organisation, case_id = row["organisation"], row["id"]
    media = reveals.media_of(writer, organisation, [case_id])
    planned = would_follow(writer, row, decision["outcome"])
    for one in planned:
        target: dict[str, Any] = {"media": [each["id"] for each in media], "outcome": decision["outcome"]}
        target |= {"corrects": list(one.corrects)} if one.corrects else {}
        state: str = one.state
        if one.kind == "preserve":
            ends = now + timedelta(days=table.preserve_days)
            holding.begin(writer, worker(organisation), case_id, HOLD_BASIS, now, ends)
            state = "fulfilled"
        if one.kind == "notify_reporter" and state == "queued":
            _notify(writer, organisation, case_id, decision["outcome"], now)
            state = "fulfilled"
        if one.kind == "add_to_list":
            target["refs"] = [each.ref for each in listed(fields, media)]
            state = "queued" if target["refs"] else "refused"
        if one.kind == "withdraw_from_list":
            target["refs"] = _added(writer, organisation, case_id)
        decisions.insert_action(
            writer,
            organisation=organisation,
            case_id=case_id,
            decision_id=decision["id"],
            kind=one.kind,
            target=target,
            state=state,
            not_before=now,
            created_at=now,
            changed_at=now,
            note="" if state != "refused" else "no fingerprint was kept",
        )
    data = {"decision": decision["id"], "actions": [one.kind for one in planned], "table": table.version}
    cases.record(writer, worker(organisation), case_id, "case.acted", data, now)


def _about(reader: Reader, row: cases.Row) -> About:
    organisation, case_id = row["organisation"], row["id"]
    return About(
        media=bool(reveals.media_of(reader, organisation, [case_id])),
        notices=bool(cases.notices(reader, organisation, [case_id])),
        listed=bool(_added(reader, organisation, case_id)),
        police_first=bool(row["police_first"]),
        held_back=hosts.told_to_hold(reader, organisation, case_id) and not _gave_back(reader, organisation, case_id),
    )


def _gave_back(reader: Reader, organisation: int, case_id: int) -> bool:
    """Whether the host gave the content back already."""
    rows = decisions.actions_of_case(reader, organisation, case_id)
    return any(row["kind"] == "restore_local" and row["state"] in consequences.DONE_STATES for row in rows)


def acted(reader: Reader, organisation: int, decision: decisions.Row) -> bool:
    """Whether what follows from the decision stands in its rows already."""
    if decisions.actions_of_decision(reader, organisation, decision["id"]):
        return True
    told = story(reader, organisation, "case", decision["case_id"])
    return any(one.verb == "case.acted" and one.data["decision"] == decision["id"] for one in told)


def in_force(reader: Reader, row: cases.Row, decision_id: int) -> bool:
    """Whether the case stands by this decision: a case that waits for a judgement stands by none."""
    judged = row["state"] in JUDGED and row["final_at"] is not None
    standing_ones = decisions.of_case(reader, row["organisation"], row["id"])
    return judged and bool(standing_ones) and standing_ones[-1]["id"] == decision_id


def check_acted(reader: Reader, row: cases.Row) -> None:
    """Nothing. Raises Conflict while what follows from the decision that the case stands by was not begun yet."""
    if row["state"] not in JUDGED or row["final_at"] is None:
        return
    last = decisions.of_case(reader, row["organisation"], row["id"])[-1:]
    if last and not acted(reader, row["organisation"], last[0]):
        raise Conflict(f"the decision on case {row['id']} is being carried out; try again shortly")


def _list_work(reader: Reader, fields: Fields, organisation: int, decision: decisions.Row) -> list[ListWork]:
    rows = decisions.actions_of_decision(reader, organisation, decision["id"])
    waiting = [row for row in rows if row["kind"] in LIST_KINDS and row["state"] == "queued"]
    return [
        ListWork(
            row["id"],
            row["case_id"],
            row["kind"],
            _entries(reader, fields, row),
            decision["code"],
            tuple(row["target"].get("entangled", ())),
        )
        for row in waiting
    ]


def _entries(reader: Reader, fields: Fields, action: decisions.Row) -> tuple[Listed, ...]:
    if action["kind"] == "withdraw_from_list":
        return tuple(Listed(ref, ()) for ref in action["target"]["refs"])
    media = reveals.media_of(reader, action["organisation"], [action["case_id"]])
    return tuple(one for one in listed(fields, media) if one.ref in action["target"]["refs"])


def _added(reader: Reader, organisation: int, case_id: int) -> list[str]:
    """The entries of the own list that stand for the case."""
    refs: dict[str, None] = {}
    for row in decisions.actions_of_case(reader, organisation, case_id):
        if row["state"] == "fulfilled" and row["kind"] == "add_to_list":
            refs |= dict.fromkeys(row["target"]["refs"])
        if row["state"] in ("fulfilled", "queued") and row["kind"] == "withdraw_from_list":
            for ref in row["target"]["refs"]:
                refs.pop(ref, None)
    return list(refs)


def _notify(writer: Writer, organisation: int, case_id: int, outcome: str, now: datetime) -> None:
    told = cases.answer_notices(writer, organisation, [case_id], outcome, now)
    for notice in told:
        append(writer, worker(organisation), "notice", notice, "notice.outcome", {"case": case_id}, now)


def answer_late(writer: Writer, organisation: int, notice_id: int, case_id: int, now: datetime) -> None:
    """Nothing; who gave notice of what was judged before is told the outcome, as others were.

    A case that is judged again answers all its notices once it is decided. While the police come first, this one
    hears when the others do.
    """
    rows = cases.lock(writer, organisation, [case_id])
    known = cases.notices(writer, organisation, [case_id])
    mine = next((one for one in known if one["id"] == notice_id), None)
    if not rows or mine is None or mine["state"] in ("outcome_sent", "closed"):
        return
    row = rows[0]
    if row["state"] not in ("decided", "closed") or (row["final_at"] is not None and row["final_at"] > now):
        return
    if row["outcome"] is None:
        for one in cases.close_notices(writer, organisation, case_id):
            append(writer, worker(organisation), "notice", one, "notice.closed", {"case": case_id}, now)
    elif not row["police_first"] or any(one["state"] == "outcome_sent" for one in known):
        cases.answer_notice(writer, organisation, notice_id, row["outcome"], now)
        append(writer, worker(organisation), "notice", notice_id, "notice.outcome", {"case": case_id}, now)


def _drafted(writer: Writer, actor: Actor, action_id: int) -> decisions.Row:
    if actor.role not in guards.SENIORS:
        raise NotAllowed("a drafted action is approved or dropped by a senior or a supervisor; ask one")
    row = _action(writer, actor, action_id)
    if row["state"] != "drafted":
        raise Conflict(f"action {action_id} is {row['state']}, not drafted; look at the case again")
    return row


def _action(writer: Writer, actor: Actor, action_id: int) -> decisions.Row:
    row = decisions.read_action(writer, actor.organisation, action_id)
    if row is None:
        raise NotFound(f"there is no action {action_id}; list them with GET /v1/actions")
    return row


def _tell(writer: Writer, actor: Actor, row: Mapping[str, Any] | decisions.Row, verb: str, now: datetime) -> None:
    append(writer, actor, "case", row["case_id"], verb, {"action": row["id"], "kind": row["kind"]}, now)
