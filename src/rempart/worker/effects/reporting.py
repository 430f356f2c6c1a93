"""Sending reports: each step is kept before the next begins, so that a crash anywhere loses and repeats nothing."""

from typing import Any
from uuid import uuid4

from rempart.errors import Broken, Unavailable, UserMistake
from rempart.facts.people import worker
from rempart.reporting import batching, queries, sending
from rempart.reporting.drafting import frozen_payload
from rempart.reporting.mailing import ordering
from rempart.reporting.queries import Row
from rempart.reporting.recipient import Receipt, Sending, Sent
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of


def send(desk: Desk, effect: Effect) -> None:
    """Nothing; the report went as far as it can. Raises Unavailable when it has to go on later."""
    reporting, report_id = reporting_of(desk), int(effect.body["report"])
    with desk.database.reading() as reader:
        row = queries.read(reader, effect.organisation, report_id)
    if row is None or row["state"] != "sending":
        with desk.database.writing() as writer:
            outbox.finish(writer, effect.id, desk.clock())
        return
    recipient = reporting.recipients[row["recipient"]]
    if recipient.transport == "mail":
        with desk.database.writing() as writer:
            ordering.obey(writer, reporting, row, str(effect.body.get("order", "")), desk.clock())
            outbox.finish(writer, effect.id, desk.clock())
        return
    if recipient.transport == "batch":
        _obey(desk, effect, row)
        return
    try:
        sent = recipient.send(_sending(desk, row, str(effect.body.get("order", ""))))
    except (UserMistake, Broken) as error:  # nobody but a person can go on from here
        sent = Sent("needs_people", problem=str(error))
    _settle(desk, effect, row, sent)


def _obey(desk: Desk, effect: Effect, row: Row) -> None:
    """Nothing; what a person ordered is known to the duty that gathers such reports."""
    recipient = reporting_of(desk).recipients[row["recipient"]]
    with desk.database.writing() as writer:
        fresh = queries.read(writer, row["organisation"], row["id"], lock=True)
        if fresh is not None and fresh["state"] == "sending":
            order = str(effect.body.get("order", ""))
            batching.obey(writer, desk.fields, recipient, fresh, order, str(uuid4()), desk.clock())
        outbox.finish(writer, effect.id, desk.clock())


def _settle(desk: Desk, effect: Effect, row: Row, sent: Sent) -> None:
    now = desk.clock()
    recipient = reporting_of(desk).recipients[row["recipient"]]
    with desk.database.writing() as writer:
        sending.settle(writer, worker(effect.organisation), row, recipient, sent, now)
        if sent.state != "sending":
            outbox.finish(writer, effect.id, now)
    if sent.state == "sending":
        pause = sending.seconds_until(sent.again_at, now)
        raise Unavailable(f"report {row['id']} goes on later; nothing has to be done", pause)


def _sending(desk: Desk, row: Row, order: str) -> Sending:
    fields, reporting = desk.fields, reporting_of(desk)
    actor = worker(row["organisation"])

    def keep(journey: dict[str, Any], receipt: Receipt | None) -> None:
        with desk.database.writing() as writer:
            sending.keep_journey(writer, fields, row, journey, receipt, desk.clock())

    def evidence(vault_id: str) -> bytes:
        with desk.database.writing() as writer:
            return desk.vault.open(writer, actor, vault_id, f"report: {row['recipient']}", desk.clock())

    return Sending(
        report_id=row["id"],
        key=row["idempotency_key"],
        environment=row["environment"],
        draft=sending.draft_of(fields, row),
        payload=frozen_payload(fields, row),
        journey=sending.journey_of(fields, row),
        keep=keep,
        evidence=evidence,
        outbound=desk.outbound,
        options=reporting.options_of(row["recipient"]),
        clock=desk.clock,
        signed_off_by=reporting.signed_off_by,
        order=order,
    )
