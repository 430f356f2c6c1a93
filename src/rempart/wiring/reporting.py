"""Reporting, wired: the operator's settings for each recipient."""

from typing import Any

from rempart.reporting.drafting import Reporting
from rempart.reporting.recipients import RECIPIENTS
from rempart.wiring.desk import Desk


def reporting_of(desk: Desk) -> Reporting:
    """What drafting and sending need, from the desk."""
    chosen = desk.settings.reporting
    own = chosen.model_dump()
    mail = desk.settings.mail
    general = {
        "desk": own["desk"],
        "redress": _redress(desk),
        "notices": own["notices"],
        "environment": chosen.environment,
        "sender": mail.sender if mail.host else "",
    }
    options = {name: {**general, **(own.get(name.replace("-", "_")) or {})} for name in RECIPIENTS}
    return Reporting(desk.fields, options, chosen.environment, chosen.signed_off_by)


def _redress(desk: Desk) -> dict[str, Any]:
    """Where a decision is contested, for how many days, before which bodies; empty while nobody said where."""
    address = desk.settings.serve.public_url.rstrip("/")
    if not address:
        return {}
    chosen = desk.settings.desk
    return {"address": f"{address}/appeal", "days": chosen.appeal_days, "bodies": list(chosen.dispute_bodies)}
