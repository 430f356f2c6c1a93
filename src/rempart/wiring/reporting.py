"""Reporting, wired: the operator's settings for each recipient."""

from rempart.reporting.drafting import Reporting
from rempart.wiring.desk import Desk


def reporting_of(desk: Desk) -> Reporting:
    """What drafting and sending need, from the desk."""
    chosen = desk.settings.reporting
    options = {name: value for name, value in chosen.model_dump().items() if isinstance(value, dict)}
    general = {"desk": chosen.desk.model_dump()}
    return Reporting(
        desk.fields,
        {name.replace("_", "-"): {**general, **value} for name, value in options.items()},
        chosen.environment,
        chosen.signed_off_by,
    )
