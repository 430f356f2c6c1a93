"""The errors of the house: one base, six families.

A message says what happened, to what, and what to do: lower case, no blame, no content, no fingerprint,
no credential. The edges translate a family into an exit code (`exit_code`) or an HTTP status.
"""

from typing import ClassVar


class RempartError(Exception):
    """Base of every error that Rempart raises on purpose."""

    exit_code: ClassVar[int] = 1


class UserMistake(RempartError):
    """The request cannot be carried out as asked; the message says how to ask."""

    exit_code = 2


class NotAllowed(UserMistake):
    """The caller may not do this."""


class NotFound(UserMistake):
    """The named thing does not exist here."""


class Conflict(UserMistake):
    """The named thing exists already, or changed meanwhile."""


class Unavailable(RempartError):
    """Something outside is down or full; try again after `retry_after_seconds`."""

    exit_code = 3

    def __init__(self, message: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Broken(RempartError):
    """An invariant does not hold: damaged data, a bug, a failed self-test."""

    exit_code = 1
