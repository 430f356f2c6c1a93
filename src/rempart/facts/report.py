"""What may go into a report: a view of one case in which every statement has a source, and nothing is assumed.

A value of None means that nobody knows, or nobody said. It is written nowhere: a report never turns it into a no.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Environment = Literal["emulator", "test", "production"]
ReportState = Literal[
    "draft",  # built; a person may still change it
    "approved",  # whoever has to approve has
    "sending",  # handed to the worker
    "finished",  # the recipient has it, and the receipt is sealed
    "needs_people",  # it stands still until somebody does the step named in `problem`
    "refused",  # the recipient said no for good
    "withdrawn",  # we took it back, or never sent it
]
OPEN_STATES: tuple[ReportState, ...] = ("draft", "approved", "sending", "needs_people")


@dataclass(frozen=True, slots=True)
class FileView:
    """One medium of a case.

    digests: kind -> hex of the bytes as they came. viewed: whether a person of ours opened the original, from the
    reveal ledger only; None when no record was kept. public, ai: what reviewers answered.
    """

    media_id: int
    vault_id: str | None
    name: str
    media_type: str
    size_bytes: int
    received_at: datetime
    uploaded_at: datetime | None = None
    digests: dict[str, str] = field(repr=False, default_factory=dict)
    viewed: bool | None = None
    public: bool | None = None
    ai: bool | None = None
    ai_evidence: str = ""


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where something was seen. address, country, provider: of the server behind the name, when resolved.

    kind: `web`, `own` (the operator's own platform), `onion`, `unknown`; empty: nobody asked.
    """

    location_id: int
    url: str
    host: str
    seen_at: datetime
    address: str = ""
    country: str = ""
    provider: str = ""
    via_proxy: bool | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice about the case: never who sent it."""

    number: str
    channel: str
    category: str
    received_at: datetime
    trusted: bool


@dataclass(frozen=True, slots=True)
class ReportedView:
    """Another report about the same case, in any state but withdrawn or refused. ended_at: None while it is open."""

    recipient: str
    state: ReportState
    external_id: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A decided case, as recipients may learn of it.

    code, taxonomy, mapping: of the decision in force; mapping names what the code is elsewhere, where that is known.
    answers: what the deciding person said, question -> yes/no; a question nobody answered is missing.
    accounts: what hosts told about the accounts involved: field -> value, as they gave it.
    prior: external numbers of earlier finished reports about the same accounts. reported: who else has a report about
    this case, or is about to.
    """

    case_id: int
    organisation: int
    kind: str
    opened_at: datetime
    decided_at: datetime
    outcome: str
    taxonomy: str
    code: str
    mapping: dict[str, str]
    answers: dict[str, bool]
    reason: str
    reviewer: str
    files: tuple[FileView, ...] = ()
    places: tuple[PlaceView, ...] = ()
    notices: tuple[NoticeView, ...] = ()
    accounts: tuple[dict[str, Any], ...] = ()
    prior: tuple[str, ...] = ()
    reported: tuple[ReportedView, ...] = ()
    police_first: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a draft cannot be sent: the field, and what to do."""

    field: str
    says: str


@dataclass(frozen=True, slots=True)
class Payload:
    """The exact bytes that would leave, or the sheet that a person would hand over."""

    content: bytes = field(repr=False)
    media_type: str = "application/json"
    file_name: str = "report.json"
