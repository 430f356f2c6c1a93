"""Time as a parameter: pass a `Clock`, never call `datetime.now()` inside a feature."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Now, in UTC with whole seconds (what every record of the house stores)."""
    return datetime.now(UTC).replace(microsecond=0)
