"""How single values are spelt in XML, read back, and judged."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from typing import Any

from rempart.reporting.cybertip.terms import Kind, Leaf

# Clocks differ: what happened "in the future" by less than this is said to have happened a second ago.
SKEW = timedelta(seconds=60)
A_SECOND = timedelta(seconds=1)
FIRST_YEAR = 1970
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
# Characters that XML 1.0 cannot carry (surrogates among them), and the control characters that it could.
UNWRITABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SPACE_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\xa0]")


def clean(text: str) -> str:
    """The text without control characters and others that XML cannot carry."""
    return UNWRITABLE.sub("", text)


def spell(value: Any, now: datetime) -> str:
    """The value as XML writes it. Moments are written in UTC, and never later than a second before now."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return _spell_moment(value, now)
    if isinstance(value, date):
        return value.isoformat()
    return clean(str(value))


def _spell_moment(moment: datetime, now: datetime) -> str:
    if moment.utcoffset() is None:
        return moment.isoformat()  # without an offset: the checks refuse it
    if timedelta(0) <= moment - now + A_SECOND <= SKEW + A_SECOND:
        moment = now - A_SECOND
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read(leaf: Leaf, text: str) -> Any:
    """The value that was spelt. Raises ValueError."""
    return READERS[leaf.kind](text)


def _flag(text: str) -> bool:
    if text != "true":
        raise ValueError("a flag says `true` or is absent")
    return True


def _boolean(text: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise ValueError("it is neither true nor false")
    return text in ("true", "1")


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,19}", text):
        raise ValueError("it is not a whole number")
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text):
        raise ValueError("it is not a number")
    return float(text)


def _date(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError("it is not a date")
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    if not MOMENT.fullmatch(text):
        raise ValueError("it is not a date and time with an offset")
    return datetime.fromisoformat(text)


READERS: Mapping[Kind, Callable[[str], Any]] = {
    "text": str,
    "url": str,
    "ip": str,
    "boolean": _boolean,
    "flag": _flag,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "moment": _moment,
}


def mistake(leaf: Leaf, text: str, now: datetime) -> str | None:
    """What is wrong with a value as it is spelt, or None."""
    if leaf.most_characters is not None and len(text) > leaf.most_characters:
        return f"it has {len(text)} characters and may have {leaf.most_characters}"
    if leaf.values and text not in leaf.values:
        return "it is not one of the words that the authority knows"
    if leaf.pattern is not None and not re.fullmatch(leaf.pattern, text):
        return f"it is not written as {leaf.pattern}"
    try:
        value = read(leaf, text)
    except ValueError as error:
        return str(error) if leaf.kind not in ("date", "moment") else "it is not a date, or has no offset from UTC"
    return _out_of_range(leaf, value, now)


def _out_of_range(leaf: Leaf, value: Any, now: datetime) -> str | None:
    match leaf.kind:
        case "url":
            return "it has spaces or control characters" if SPACE_OR_CONTROL.search(value) else None
        case "ip":
            return _ip_mistake(value)
        case "integer" | "number":
            return _number_mistake(leaf, value)
        case "moment":
            return _moment_mistake(value, now)
        case "date":
            return "it lies in the future" if value > now.date() else None
        case "text" | "boolean" | "flag":
            return None


def _number_mistake(leaf: Leaf, value: float) -> str | None:
    low, high = leaf.least, leaf.most
    if not math.isfinite(value) or (low is not None and value < low) or (high is not None and value > high):
        return f"it is not between {low} and {high}"
    return None


def _moment_mistake(value: datetime, now: datetime) -> str | None:
    if value > now:
        return "it lies in the future"
    return f"it lies before {FIRST_YEAR}" if value.year < FIRST_YEAR else None


def _ip_mistake(text: str) -> str | None:
    try:
        ip_address(text)
    except ValueError:
        return "it is not an IP address"
    return None
