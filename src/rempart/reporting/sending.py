"""What is kept while a report is on its way: how far it came, every receipt, and how it ended."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from rempart.audit.queries import append, story
from rempart.cases import holding
from rempart.cases.review import acting
from rempart.errors import Conflict, NotFound
from rempart.facts.case import ActionState
from rempart.facts.people import Actor, worker
from rempart.facts.report import ReportState
from rempart.law import rule
from rempart.reporting import queries
from rempart.reporting.drafting import ABOUT, Reporting, put
from rempart.reporting.guards import APPROVERS, may, row_of
from rempart.reporting.queries import Row
from rempart.reporting.recipient import Draft, Receipt, Recipient, Sent
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

ORDERS = ("go_on", "begin_again", "retract")
_ACTION_STATES: Mapping[ReportState, ActionState] = {
    "finished": "fulfilled",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "needs_people": "failed",
    "sending": "sent",
}


def journey_of(fields: Fields, row: Row) -> dict[str, Any]:
    """How far the report came; {} when nothing was sent."""
    if row["journey_sealed"] is None:
        return {}
    found: dict[str, Any] = json.loads(fields.unseal_text("report-journey", row["journey_sealed"]))
    return found


def draft_of(fields: Fields, row: Row) -> Draft:
    """What was approved, as JSON values."""
    found: Draft = json.loads(fields.unseal_text("report-draft", row["draft_sealed"]))["draft"]
    return found


def keep_journey(
    writer: Writer, fields: Fields, row: Row, journey: dict[str, Any], receipt: Receipt | None, now: datetime
) -> None:
    """Nothing; the report is known to have come so far."""
    organisation, report_id = row["organisation"], row["id"]
    sealed = fields.seal_text("report-journey", json.dumps(journey))
    queries.change(writer, organisation, report_id, journey_sealed=sealed, changed_at=now)
    if receipt is not None:
        keep_receipt(writer, fields, worker(organisation), row, receipt, now)


def keep_receipt(writer: Writer, fields: Fields, actor: Actor, row: Row, receipt: Receipt, now: datetime) -> None:
    """Nothing; the proof is sealed, and the ledger has its digest."""
    digest = sha256(receipt.content).hexdigest()
    queries.insert_receipt(
        writer,
        organisation=row["organisation"],
        report=row["id"],
        kind=receipt.kind,
        at=now,
        request_id=receipt.request_id[:120],
        content_sealed=fields.seal("report-receipt", receipt.content),
        content_sha256=digest,
    )
    data = {"kind": receipt.kind, "request_id": receipt.request_id[:120], "sha256": digest}
    append(writer, actor, ABOUT, row["id"], "report.receipt", data, now)


def settle(writer: Writer, actor: Actor, row: Row, recipient: Recipient, sent: Sent, now: datetime) -> None:
    """Nothing; what follows from how sending ended is kept: the state, the action, the holds that begin."""
    organisation, report_id = row["organisation"], row["id"]
    ended = now if sent.state in ("finished", "refused", "withdrawn") else None
    queries.change(
        writer,
        organisation,
        report_id,
        state=sent.state,
        external_id=sent.external_id or row["external_id"],
        problem=sent.problem,
        not_before=sent.again_at,
        changed_at=now,
        ended_at=ended,
    )
    if sent.state == row["state"] == "sending":
        return
    data = {"recipient": row["recipient"], "environment": row["environment"], "external_id": sent.external_id}
    append(writer, actor, ABOUT, report_id, f"report.{sent.state}", data, now)
    told = {"report": report_id, "recipient": row["recipient"], "state": sent.state}
    append(writer, actor, "case", row["case_id"], "case.reported", told, now)
    acting.carry(writer, actor, row["action_id"], _ACTION_STATES[sent.state], now)
    if sent.state == "finished":
        for name in recipient.holds:
            holding.begin(writer, actor, row["case_id"], name, now, rule(name).ends(now))


def hand_over(
    writer: Writer, reporting: Reporting, actor: Actor, report_id: int, reference: str, now: datetime
) -> None:
    """Nothing; a person says that they handed the sheet over. reference: what they were given for it, if anything."""
    may(actor, APPROVERS)
    row = row_of(writer, actor.organisation, report_id, lock=True)
    recipient = reporting.recipients[row["recipient"]]
    if recipient.transport != "sheet" or row["state"] != "approved":
        raise Conflict(f"report {report_id} is {row['state']} and not a sheet that waits to be handed over")
    said = json.dumps({"by": actor.pid, "at": now.isoformat(), "reference": reference.strip()[:120]}).encode()
    keep_receipt(writer, reporting.fields, actor, row, Receipt("handed_over", said), now)
    settle(writer, actor, row, recipient, Sent("finished", reference.strip()[:120]), now)


def order(writer: Writer, actor: Actor, report_id: int, what: str, now: datetime) -> None:
    """Nothing; the worker goes on as a person ordered: `go_on`, `begin_again` or `retract`."""
    may(actor, APPROVERS)
    if what not in ORDERS:
        raise NotFound(f"nobody can order that; choose one of {', '.join(ORDERS)}")
    row = row_of(writer, actor.organisation, report_id, lock=True)
    if row["state"] not in ("needs_people", "refused") and not (what == "retract" and row["state"] == "sending"):
        raise Conflict(f"report {report_id} is {row['state']} and waits for nobody; nothing was changed")
    turn = len([one for one in _story(writer, actor.organisation, report_id) if one == "report.ordered"]) + 1
    queries.change(writer, actor.organisation, report_id, state="sending", problem="", not_before=None, changed_at=now)
    append(writer, actor, ABOUT, report_id, "report.ordered", {"order": what, "turn": turn}, now)
    put(writer, actor.organisation, report_id, turn, now, f"{what}#{turn}:{actor.pid}")


def receipts_of(reader: Reader, fields: Fields, organisation: int, report_id: int) -> list[tuple[Row, bytes]]:
    """The receipts with what they prove, oldest first."""
    rows = queries.receipts(reader, organisation, report_id)
    return [(row, fields.unseal("report-receipt", row["content_sealed"])) for row in rows]


def _story(reader: Reader, organisation: int, report_id: int) -> list[str]:
    return [one.verb for one in story(reader, organisation, ABOUT, report_id)]


def seconds_until(again_at: datetime | None, now: datetime) -> float:
    """How long to wait, at least a second."""
    return max(((again_at or now) - now) / timedelta(seconds=1), 1.0)
