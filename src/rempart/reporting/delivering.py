"""Texts that a host delivers for us: handed out with its actions, and finished when it says so."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rempart.facts.people import Actor
from rempart.reporting import queries
from rempart.reporting.drafting import Reporting, frozen_payload
from rempart.reporting.guards import row_of
from rempart.reporting.recipient import Receipt, Sent
from rempart.reporting.sending import keep_receipt, settle
from rempart.storage.database import Reader, Writer


def texts(reader: Reader, reporting: Reporting, organisation: int, actions: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Action -> what its approved report has for the host to deliver; actions without one are missing."""
    found = {}
    for action_id in actions:
        for row in queries.of_action(reader, organisation, action_id):
            if _for_hosts(reporting, row["recipient"]) and row["state"] in ("approved", "finished"):
                whole = row_of(reader, organisation, row["id"])
                found[action_id] = json.loads(frozen_payload(reporting.fields, whole).content)
    return found


def answered(
    writer: Writer, reporting: Reporting, actor: Actor, action_id: int, state: str, note: str, now: datetime
) -> None:
    """Nothing; what the host says of the action, `fulfilled` or `refused`, is kept with its report as a receipt."""
    for listed in queries.of_action(writer, actor.organisation, action_id):
        if not _for_hosts(reporting, listed["recipient"]) or listed["state"] != "approved":
            continue
        row = row_of(writer, actor.organisation, listed["id"], lock=True)
        said = json.dumps({"by": actor.pid, "at": now.isoformat(), "state": state, "note": note}).encode()
        keep_receipt(writer, reporting.fields, actor, row, Receipt(f"host_{state}", said), now)
        sent = Sent("finished") if state == "fulfilled" else Sent("refused", problem=f"the host refused: {note}"[:500])
        settle(writer, actor, row, reporting.recipients[row["recipient"]], sent, now)


def _for_hosts(reporting: Reporting, recipient: str) -> bool:
    return recipient in reporting.recipients and reporting.recipients[recipient].transport == "host"
