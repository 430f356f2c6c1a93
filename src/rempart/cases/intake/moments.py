"""Times as others write them, in UTC with whole seconds. What says no offset is no time: nobody guesses one."""

from datetime import UTC, datetime

from rempart.errors import UserMistake

EARLIEST_YEAR = 1800  # before any picture; and years of fewer than four digits cannot be kept
MOST_LETTERS = 40


def moment_of(text: str, field: str) -> datetime | None:
    """The time; None for no text. Raises UserMistake, naming the field, when it is none, or says no offset."""
    if not text:
        return None
    try:
        if len(text) > MOST_LETTERS:
            raise ValueError
        found = datetime.fromisoformat(text)
        if found.tzinfo is None or found.year < EARLIEST_YEAR:
            raise ValueError
        return found.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise UserMistake(f"`{field}` is no time; write it as 2026-11-22T09:30:00Z") from None
