"""Reporting, wired: the operator's settings for each recipient."""

from rempart.reporting.drafting import Reporting
from rempart.reporting.recipients import RECIPIENTS
from rempart.wiring.desk import Desk


def reporting_of(desk: Desk) -> Reporting:
    """What drafting and sending need, from the desk."""
    chosen = desk.settings.reporting
    own = chosen.model_dump()
    general = {"desk": own["desk"]}
    options = {name: {**general, **(own.get(name.replace("-", "_")) or {})} for name in RECIPIENTS}
    return Reporting(desk.fields, options, chosen.environment, chosen.signed_off_by)
