"""Words of partners as values: yes and no, counts, times in the spellings that are seen in the wild."""

import re
from datetime import UTC, datetime, timedelta

YES = frozenset({"true", "yes", "y", "1"})
NO = frozenset({"false", "no", "n", "0"})
MOST_DIGITS = 15
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_DOTNET = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_EXIF = re.compile(r"(\d{4}):(\d{2}):(\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:\d{2})?")
_MILLISECONDS = 100_000_000_000  # as seconds these would be years after 5000


def yes_or_no(value: object) -> bool | None:
    """True or False, however it is written; None for nothing. Raises ValueError when it is neither."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    word = value.strip().lower() if isinstance(value, str) else None
    if word is None or (word and word not in YES | NO):
        raise ValueError("neither yes nor no")
    return None if not word else word in YES


def whole(value: object) -> int | None:
    """The whole number from 0; None for nothing. Raises ValueError when it is none."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise ValueError("no number")
    if isinstance(value, int) and 0 <= value < 10**MOST_DIGITS:
        return value
    text = value.strip() if isinstance(value, str) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise ValueError("no whole number")
    return int(text)


def loose_moment(value: object) -> datetime | None:
    """The time, in UTC; None for nothing. Raises ValueError when it is none, or could be two days.

    For fields whose writers agree on nothing: ISO 8601 with or without an offset (then UTC is assumed, which is right
    to the day or the next), EXIF with colons, `/Date(milliseconds)/`, seconds or milliseconds since 1970. `01/02/2020`
    could be two days: it is none.
    """
    found = _any_moment(value)
    if found is not None and not EARLIEST <= found <= LATEST:
        raise ValueError("no time that can be meant")
    return found


def _any_moment(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _since_1970(value)
    if not isinstance(value, str):
        raise ValueError("no time")
    text = value.strip()[:60]
    if not text:
        return None
    dotnet = _DOTNET.fullmatch(text)
    if dotnet:
        return _since_1970(int(dotnet[1]) / 1000)
    exif = _EXIF.fullmatch(text)
    if exif:
        text = f"{exif[1]}-{exif[2]}-{exif[3]}T{exif[4]}{exif[5] or ''}"
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return _since_1970(int(text))
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("no time that can be meant") from None


def _since_1970(value: float) -> datetime:
    seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
    if not abs(seconds) < _MILLISECONDS:
        raise ValueError("no time that can be meant")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
