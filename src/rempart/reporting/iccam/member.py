"""What a member's own client of ICCAM has to do, in which order. Rempart has no client: its interface is for members.

Order matters there: a report is made first, then its content is assessed, then its fields are set, then actions follow.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Step = Literal["report", "assessment", "hosting", "action"]
ORDER: tuple[Step, ...] = ("report", "assessment", "hosting", "action")


@dataclass(frozen=True, slots=True)
class Call:
    """One thing to do. reference: ours, the same for all calls about one place."""

    step: Step
    reference: str
    body: dict[str, Any]


class Member(Protocol):
    """A member's client, with its own credentials."""

    def perform(self, call: Call) -> str:
        """The number that ICCAM gave, empty where it gives none. Raises Unavailable when it is to be tried again."""


def calls(referral: dict[str, Any]) -> Iterator[Call]:
    """Every call for a referral (the JSON of recipient `iccam`), in ICCAM's order. Unknown fields are left out."""
    for one in referral["contents"]:
        for step in ORDER:
            body = {key: value for key, value in one[step].items() if value is not None}
            if body:
                yield Call(step, one["reference"], body)


def refer(referral: dict[str, Any], member: Member) -> dict[str, str]:
    """Reference -> the number of its report, after everything was done. Raises what the client raises."""
    numbers: dict[str, str] = {}
    for call in calls(referral):
        number = member.perform(call)
        if call.step == "report":
            numbers[call.reference] = number
    return numbers
