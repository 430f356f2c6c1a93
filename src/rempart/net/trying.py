"""Trying again: only what may be asked twice, with pauses that double, or as long as the other side says."""

from collections.abc import Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final

from rempart.net.answers import Answer, NoAnswer, NotSent

TRIES: Final = 3
FIRST_PAUSE_SECONDS: Final = 0.5
# Whoever asks for more is not waited for here: the caller's own caller comes back later.
LONGEST_PAUSE_SECONDS: Final = 20.0
TO_REPEAT: Final = frozenset({429, 502, 503, 504})


def repeatedly(
    once: Callable[[], Answer], pause: Callable[[float], None], now: Callable[[], datetime], tries: int = TRIES
) -> Answer:
    """The first answer that is one, or what the last try came to."""
    for number in range(tries):
        wait = FIRST_PAUSE_SECONDS * 2**number
        last = number + 1 == tries
        try:
            answer = once()
        except (NotSent, NoAnswer) as error:
            wait = max(wait, error.retry_after_seconds or 0.0)
            if last or wait > LONGEST_PAUSE_SECONDS:
                raise
        else:
            wait = max(wait, retry_after_seconds(answer, now()) or 0.0)
            if last or not _is_worth_another(answer) or wait > LONGEST_PAUSE_SECONDS:
                return answer
        pause(wait)
    raise AssertionError("there is at least one try")


def retry_after_seconds(answer: Answer, now: datetime) -> float | None:
    """How long the other side asks to be left alone; None when it does not say."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit() and len(said) < 10:
        return float(said)
    try:
        return max((parsedate_to_datetime(said) - now).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):  # TypeError: a date without its zone
        return None


def _is_worth_another(answer: Answer) -> bool:
    return answer.status in TO_REPEAT or answer.cut in ("time", "broken")
