"""What comes back from a call, and the two ways in which nothing does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rempart.errors import Unavailable

Cut = Literal["", "size", "time", "broken"]


class NotSent(Unavailable):
    """Nothing reached the other side: no name, no connection, no certificate to believe."""


class NoAnswer(Unavailable):
    """Something may have reached the other side, but no answer came: a timeout, or a broken connection."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. headers: names in lower case. cut: why the body ends early, empty when it is whole.

    address: where it came from.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    cut: Cut = ""
    address: str = ""

    @property
    def whole(self) -> bool:
        """Whether the body is all that was sent."""
        return not self.cut

    def json(self) -> Any:
        """The body as JSON. Raises ValueError when it is none, or was cut."""
        if self.cut:
            raise ValueError("the body was cut")
        try:
            return json.loads(self.body)
        except RecursionError:  # nested a thousand times by somebody hostile
            raise ValueError("the body is no JSON that anybody writes") from None
