"""What a recipient of reports is: one protocol, one file a recipient, one line in the registry.

The way of a report: build (pure, from the case and what a person answered) -> problems (our own checks) -> render (the
exact bytes) -> approve (a named person) -> send (in the worker, resumable at any point) -> receipt.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Environment, Payload, Problem, ReportState

Draft = dict[str, Any]
"""What will be said, as versioned JSON values: built anew from case and answers until it is approved."""
Way = Literal["http", "mail", "batch", "sheet", "host"]
Approvals = Literal[0, 1, 2]
Answers = Mapping[str, str]
"""Question -> what a person answered. An unanswered question is missing, and what it asks for stays unknown."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only a person can say about a report.

    kind: `yesno` is answered with yes or no, `choice` with one of `choices`, the others with text.
    """

    name: str
    en: str
    fr: str
    kind: Literal["text", "long", "yesno", "choice", "moment"] = "text"
    choices: tuple[str, ...] = ()
    required: bool = False


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
    outbound: the only way out, to hosts that the operator allowed. order: `WHAT#TURN:PID`, what a person
    ordered about a report that stood still (`go_on`, `begin_again`, `retract`); empty in the normal course.
    """

    report_id: int
    key: str
    environment: Environment
    draft: Draft
    payload: Payload
    journey: dict[str, Any]
    keep: Callable[[dict[str, Any], Receipt | None], None]
    evidence: Callable[[str], bytes]
    outbound: Any
    options: Mapping[str, Any]
    clock: Callable[[], datetime]
    signed_off_by: str = ""
    order: str = ""


class Recipient(Protocol):
    """An authority, a hotline, a host, a user: somebody who is owed a report.

    transport: `http`, `mail` and `batch` leave by themselves once approved, a mail together with others to the same
    address (see `reporting.mailing`), a `batch` in one request with others (see `reporting.batching`); `sheet` is
    handed over by a person, who says so; `host` goes with its action to the host, whose programme says so.
    approvals: how many named people have to approve before it leaves. carries_out: the action of the case that the
    report is. holds: the rules of `law/law.toml` that begin when it is finished.
    """

    name: str
    carries_out: ActionKind
    transport: Way
    approvals: Approvals
    questions: tuple[Question, ...]
    holds: tuple[str, ...]

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """The draft of this case. options: the operator's settings for this recipient. Raises UserMistake."""

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:
        """Everything that forbids sending the draft; none when it may leave."""

    def render(self, draft: Draft, now: datetime) -> Payload:
        """The exact bytes."""

    def send(self, sending: Sending) -> Sent:
        """How far it came. Raises Unavailable when it is to be tried again. Never for a sheet, a mail or a batch."""
