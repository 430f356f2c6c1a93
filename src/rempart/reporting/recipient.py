"""What a recipient of reports is: one protocol, one folder or file a recipient, one line in the registry.

The way of a report: build (pure, from the case) -> problems (our own checks) -> render (the exact bytes) -> approve (a
named person) -> send (in the worker, resumable at any point) -> receipt.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from rempart.facts.report import CaseView, Environment, Payload, Problem, ReportState

Draft = dict[str, Any]
"""What will be said, as versioned JSON values: a person may look at it and change it before it is approved."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of one step: what came back, whole, to be sealed."""

    kind: str
    content: bytes = field(repr=False)
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """How sending ended. state `sending` asks to be called again not before `again_at`.

    problem: what a person has to do, when the state is `needs_people` or `refused`.
    """

    state: ReportState
    external_id: str = ""
    problem: str = ""
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """What a recipient needs to send one report.

    journey: what `keep` was last given, {} at first. keep: saves it durably, with a receipt if there is one; call it
    before every request and after every answer. evidence: vault id -> bytes; each opening is logged.
    call: the outbound room, restricted to hosts that the operator allowed.
    """

    report_id: int
    key: str
    environment: Environment
    draft: Draft
    payload: Payload
    journey: dict[str, Any]
    keep: Callable[[dict[str, Any], Receipt | None], None]
    evidence: Callable[[str], bytes]
    options: Mapping[str, Any]
    now: datetime


class Recipient(Protocol):
    """An authority, a hotline, a host, a user: somebody who is owed a report.

    transport: `http` and `mail` leave by themselves once approved; `sheet` is handed over by a person, who says so.
    approvals: how many named people have to approve before it leaves.
    """

    name: str
    transport: Literal["http", "mail", "sheet"]
    approvals: Literal[0, 1, 2]

    def build(self, case: CaseView, options: Mapping[str, Any]) -> Draft:
        """The draft of this case. options: the operator's settings for this recipient. Raises UserMistake."""

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:
        """Everything that forbids sending the draft; none when it may leave."""

    def render(self, draft: Draft) -> Payload:
        """The exact bytes."""

    def send(self, sending: Sending) -> Sent:
        """How far it came. Raises Unavailable when it is to be tried again."""
