"""The one way in which a file refuses to be examined."""

from rempart.errors import RempartError


class NotExaminable(RempartError):
    """Something could not be examined; `reason` is of the vocabulary of `rempart.facts.reasons`.

    where: for developers only, the type and place of an unforeseen error; never content.
    """

    def __init__(self, reason: str, where: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.where = where
