"""From a case to a report that may leave: drafted, answered, approved by named people, or withdrawn.

Until it is approved the draft is built anew from the case and the answers at every look; with the last approval its
bytes are frozen, and these very bytes leave.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from rempart.audit.queries import append
from rempart.cases.review import acting
from rempart.cases.telling import case_view, cases_of_same_accounts
from rempart.errors import Conflict, NotAllowed, UserMistake
from rempart.facts.people import Actor
from rempart.facts.report import CaseView, Environment, Payload, Problem, ReportedView
from rempart.reporting import queries
from rempart.reporting.guards import APPROVERS, DRAFTERS, may, row_of
from rempart.reporting.queries import Row
from rempart.reporting.recipient import Draft, Question, Recipient, Way
from rempart.reporting.recipients import RECIPIENTS, recipient_named
from rempart.storage import outbox
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

ABOUT = "report"
SEND = "report.send"
VERSION = 1
LONGEST_ANSWER = 3000
LEAVING: tuple[Way, ...] = ("http", "mail", "batch")


@dataclass(frozen=True, slots=True)
class Reporting:
    """What drafting needs besides the case: the recipients, and the operator's settings for each.

    environment: where reports go; None until the operator chose one, and then nothing is drafted.
    signed_off_by: who answers for reporting in production; production is closed without it.
    """

    fields: Fields
    options: Mapping[str, Mapping[str, Any]]
    environment: Environment | None
    signed_off_by: str = ""
    recipients: Mapping[str, Recipient] = field(default_factory=lambda: RECIPIENTS)

    def options_of(self, recipient: str) -> Mapping[str, Any]:
        """The settings for this recipient."""
        return self.options.get(recipient, {})


@dataclass(frozen=True, slots=True)
class Looked:
    """A report as somebody looks at it. payload: the exact bytes, or None while they cannot be made."""

    row: Row
    recipient: Recipient
    answers: Mapping[str, str]
    draft: Draft
    problems: tuple[Problem, ...]
    payload: Payload | None


def draft(
    writer: Writer,
    reporting: Reporting,
    actor: Actor,
    case_id: int,
    recipient: str,
    now: datetime,
    *,
    action_id: int | None = None,
    answers: Mapping[str, str] | None = None,
    follows: int | None = None,
    due_at: datetime | None = None,
) -> int:
    """The id of the new draft. Raises UserMistake while no environment is chosen, or what the recipient refuses."""
    chosen = recipient_named(recipient, reporting.recipients)
    view = _view(writer, reporting, actor.organisation, case_id, recipient)
    environment = environment_of(reporting)
    given = _checked(chosen, answers or {})
    said = _build(reporting, chosen, view, given)
    made = queries.insert(
        writer,
        organisation=actor.organisation,
        case_id=case_id,
        action_id=action_id,
        recipient=recipient,
        environment=environment,
        state="draft",
        draft_sealed=_sealed(reporting, given, said),
        idempotency_key=secrets.token_hex(16),
        made_by=actor.pid,
        created_at=now,
        changed_at=now,
        due_at=due_at or _due(said),
        follows=follows,
    )
    data = {"recipient": recipient, "environment": environment, "case": case_id}
    append(writer, actor, ABOUT, made, "report.drafted", data, now)
    append(writer, actor, "case", case_id, "case.report_drafted", {"report": made, "recipient": recipient}, now)
    if chosen.approvals == 0 and chosen.transport in LEAVING:
        _freeze(writer, reporting, actor, row_of(writer, actor.organisation, made), now)
    return made


def environment_of(reporting: Reporting) -> Environment:
    """Where reports go. Raises UserMistake until the operator said so, NotAllowed for production without a name."""
    if reporting.environment is None:
        raise UserMistake(
            "nobody chose where reports go; set REMPART_REPORTING__ENVIRONMENT to emulator, test or production"
        )
    if reporting.environment == "production" and not reporting.signed_off_by.strip():
        raise NotAllowed(
            "reports to production need a name; set REMPART_REPORTING__SIGNED_OFF_BY to who answers for them"
        )
    return reporting.environment


def look(reader: Reader, reporting: Reporting, organisation: int, report_id: int, now: datetime) -> Looked:
    """The report as it stands: while it is a draft built anew, afterwards as it was frozen."""
    row = row_of(reader, organisation, report_id)
    recipient = recipient_named(row["recipient"], reporting.recipients)
    answers, kept = _opened(reporting, row)
    if row["payload_sealed"] is not None:
        return Looked(row, recipient, answers, kept, (), frozen_payload(reporting.fields, row))
    view = _view(reader, reporting, organisation, row["case_id"], recipient.name)
    said = _build(reporting, recipient, view, answers)
    problems = tuple(_problems(reporting, recipient, answers, said, now))
    return Looked(row, recipient, answers, said, problems, None if problems else recipient.render(said, now))


def answer(
    writer: Writer, reporting: Reporting, actor: Actor, report_id: int, answers: Mapping[str, str], now: datetime
) -> None:
    """Nothing; a person answered questions of the draft. An empty answer takes back what was said."""
    may(actor, DRAFTERS)
    row = _drafted(writer, actor, report_id)
    recipient = recipient_named(row["recipient"], reporting.recipients)
    known, _ = _opened(reporting, row)
    given = _checked(recipient, {**known, **answers})
    view = _view(writer, reporting, actor.organisation, row["case_id"], recipient.name)
    said = _build(reporting, recipient, view, given)
    due = {"due_at": _due(said), "told": ""} if "due_at" in said else {}
    sealed = _sealed(reporting, given, said)
    # Whoever approved before approved something else.
    queries.change(writer, actor.organisation, report_id, draft_sealed=sealed, approved_by=None, changed_at=now, **due)
    append(writer, actor, ABOUT, report_id, "report.answered", {"questions": sorted(answers)}, now)


def approve(writer: Writer, reporting: Reporting, actor: Actor, report_id: int, now: datetime) -> bool:
    """Whether the report leaves (a sheet: may be handed over, a mail: with others); False when a second has to approve.

    Raises Conflict when there are problems, or the same person approves twice.
    """
    may(actor, APPROVERS)
    row = _drafted(writer, actor, report_id)
    recipient = recipient_named(row["recipient"], reporting.recipients)
    if row["environment"] != environment_of(reporting):
        raise Conflict(
            f"report {report_id} was drafted for {row['environment']}, and reports go to {reporting.environment} now; "
            "withdraw it and draft it anew"
        )
    if row["not_before"] is not None and row["not_before"] > now:
        raise Conflict(
            f"report {report_id} waits until {row['not_before']:%Y-%m-%d %H:%M} UTC, because police come first; "
            "withdraw it and draft it anew if they agree that it leaves now"
        )
    if row["approved_by"] == actor.pid:
        raise Conflict("you approved this report already; somebody else has to be the second")
    if recipient.approvals == 2 and row["approved_by"] is None:
        queries.change(writer, actor.organisation, report_id, approved_by=actor.pid, changed_at=now)
        append(writer, actor, ABOUT, report_id, "report.approved", {"by": 1, "of": 2}, now)
        return False
    column = "approved_by" if row["approved_by"] is None else "second_approver"
    queries.change(writer, actor.organisation, report_id, **{column: actor.pid})
    _freeze(writer, reporting, actor, row_of(writer, actor.organisation, report_id), now)
    return True


def withdraw(writer: Writer, actor: Actor, report_id: int, reason: str, now: datetime) -> None:
    """Nothing; the report never leaves. Raises Conflict once it may have left: ask the recipient to retract it."""
    may(actor, APPROVERS)
    row = row_of(writer, actor.organisation, report_id, lock=True)
    if row["state"] not in ("draft", "approved"):
        raise Conflict(f"report {report_id} is {row['state']}; it may have left, so retract it instead")
    outbox.cancel(writer, f"report:{report_id}", now)
    queries.change(writer, actor.organisation, report_id, state="withdrawn", changed_at=now, ended_at=now)
    append(writer, actor, ABOUT, report_id, "report.withdrawn", {"reason": reason.strip()[:200]}, now)
    acting.carry(writer, actor, row["action_id"], "withdrawn", now)


def frozen_payload(fields: Fields, row: Row) -> Payload:
    """The bytes that were approved."""
    head, _, content = fields.unseal("report-payload", row["payload_sealed"]).partition(b"\n")
    media_type, file_name = json.loads(head)
    return Payload(content, media_type, file_name)


def _freeze(writer: Writer, reporting: Reporting, actor: Actor, row: Row, now: datetime) -> None:
    """Nothing; the bytes are final. What leaves alone is handed to the worker; duties gather the rest."""
    recipient = recipient_named(row["recipient"], reporting.recipients)
    answers, _ = _opened(reporting, row)
    view = _view(writer, reporting, row["organisation"], row["case_id"], recipient.name)
    said = _build(reporting, recipient, view, answers)
    problems = list(_problems(reporting, recipient, answers, said, now))
    if problems:
        raise Conflict(f"report {row['id']} cannot leave: {problems[0].field}: {problems[0].says}")
    payload = recipient.render(said, now)
    digest = sha256(payload.content).hexdigest()
    head = json.dumps([payload.media_type, payload.file_name]).encode()
    leaves = recipient.transport == "http"  # a mail waits until it is gathered with others to the same address
    queries.change(
        writer,
        row["organisation"],
        row["id"],
        state="sending" if leaves else "approved",
        draft_sealed=_sealed(reporting, answers, said),
        payload_sealed=reporting.fields.seal("report-payload", head + b"\n" + payload.content),
        payload_sha256=digest,
        changed_at=now,
    )
    data = {"sha256": digest, "bytes": len(payload.content)}
    if row["environment"] == "production":
        data["signed_off_by"] = reporting.signed_off_by
    append(writer, actor, ABOUT, row["id"], "report.approved", data, now)
    acting.carry(writer, actor, row["action_id"], "queued", now)
    if leaves:
        put(writer, row["organisation"], row["id"], 0, now)


def put(writer: Writer, organisation: int, report_id: int, turn: int, now: datetime, order: str = "") -> None:
    """Nothing; the worker goes on with the report. turn: from 0, one more for each order of a person."""
    body = {"report": report_id, "order": order}
    key = f"{SEND}:{report_id}:{turn}"
    outbox.put(writer, organisation, SEND, body, about=f"report:{report_id}", key=key, now=now)


def _view(reader: Reader, reporting: Reporting, organisation: int, case_id: int, recipient: str) -> CaseView:
    """The case, with the numbers of earlier reports to this recipient about the same accounts, and who else knows."""
    view = case_view(reader, reporting.fields, organisation, case_id)
    related = cases_of_same_accounts(reader, organisation, case_id)
    earlier = queries.finished(reader, organisation, recipient, [case_id, *related])
    others = [
        ReportedView(row["recipient"], row["state"], row["external_id"] or "", row["ended_at"])
        for row in queries.of_case(reader, organisation, case_id)
        if row["recipient"] != recipient and row["state"] not in ("withdrawn", "refused")
    ]
    prior = tuple(row["external_id"] for row in earlier if row["external_id"])
    return replace(view, prior=prior, reported=tuple(others))


def _build(reporting: Reporting, recipient: Recipient, view: CaseView, answers: Mapping[str, str]) -> Draft:
    return recipient.build(view, answers, reporting.options_of(recipient.name))


def _due(said: Draft) -> datetime | None:
    """By when, where the draft itself says so: it may turn on what a person answered."""
    due = said.get("due_at")
    return datetime.fromisoformat(due) if due else None


def _problems(
    reporting: Reporting, recipient: Recipient, answers: Mapping[str, str], said: Draft, now: datetime
) -> list[Problem]:
    missing = [
        Problem(one.name, "nobody answered it; only a person can")
        for one in recipient.questions
        if one.required and not answers.get(one.name)
    ]
    return missing or recipient.problems(said, reporting.options_of(recipient.name), now)


def _checked(recipient: Recipient, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that say something, each of the kind that its question asks for."""
    asked = {one.name: one for one in recipient.questions}
    kept = {}
    for name, text in answers.items():
        if name not in asked:
            raise UserMistake(f"`{recipient.name}` asks no question `{name[:40]}`; look at the report again")
        if text.strip():
            _check(asked[name], text.strip())
            kept[name] = text.strip()
    return kept


def _check(question: Question, text: str) -> None:
    choices = ("yes", "no") if question.kind == "yesno" else question.choices
    if question.kind in ("yesno", "choice") and text not in choices:
        raise UserMistake(f"`{question.name}` is answered with {' or '.join(choices)}; choose one")
    if len(text) > LONGEST_ANSWER:
        raise UserMistake(f"`{question.name}` has more than {LONGEST_ANSWER} characters; shorten it")
    if question.kind == "moment":
        try:
            zoned = datetime.fromisoformat(text).tzinfo is not None
        except ValueError:
            zoned = False
        if not zoned:
            raise UserMistake(f"`{question.name}` is a time with its offset, such as 2026-11-22T09:30:00Z; correct it")


def _sealed(reporting: Reporting, answers: Mapping[str, str], said: Draft) -> bytes:
    record = {"version": VERSION, "answers": dict(answers), "draft": said}
    return reporting.fields.seal_text("report-draft", json.dumps(record))


def _opened(reporting: Reporting, row: Row) -> tuple[dict[str, str], Draft]:
    record = json.loads(reporting.fields.unseal_text("report-draft", row["draft_sealed"]))
    return record["answers"], record["draft"]


def _drafted(writer: Writer, actor: Actor, report_id: int) -> Row:
    row = row_of(writer, actor.organisation, report_id, lock=True)
    if row["state"] != "draft":
        raise Conflict(f"report {report_id} is {row['state']}, not a draft; nothing was changed")
    return row


def moment_of(text: str) -> datetime:
    """The time of an answer, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)
