"""Where one report stands on its way to the authority: everything that must survive a crash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from rempart.reporting.cybertip.target import Environment

Step = Literal["submit", "upload", "fileinfo", "finish", "retract"]
# draft: nothing is open · open: the authority gave a number · files: a file is there · retracting: being taken back ·
# expired: the authority has deleted it unfinished; a new one follows · needs-people: see `NEXT_STEPS`
Phase = Literal["draft", "open", "files", "retracting", "finished", "retracted", "expired", "needs-people"]
# What follows when a report has been taken back.
After = Literal["again", "people", "end"]

# Unfinished reports are deleted 24 hours after they were opened or 1 hour after the last change, whichever is later.
LIFE_AFTER_OPENING = timedelta(hours=24)
LIFE_AFTER_CHANGE = timedelta(hours=1)
MARGIN = timedelta(minutes=5)

# What a person does next, by the name of what happened.
NEXT_STEPS: Mapping[str, str] = {
    "our-checks": "correct the fields that the problems name, then begin again",
    "refused": "the authority refused it: read its description, correct the report, then begin again",
    "not-allowed": "check the credentials and rights with the authority, then go on",
    "no-answer": "the authority did not answer for long: check the connection, then go on",
    "unknown-answer": "the authority gave an answer that is not documented: ask it with the request id, then go on",
    "other-report": "the authority answered about another report: ask it with the request id before anything else",
    "finish-unclear": "ask the authority whether this report is finished; begin again only when it is not",
    "retracted-elsewhere": "somebody else retracted this report: find out who, then begin again",
    "finished-elsewhere": "the authority says that it is finished, and we did not do it: ask it with the request id",
    "file-changed": "a file is not the one that was approved, or cannot be read: find out why, then begin again",
    "upload-unclear": "uploads of a file went unanswered again and again: check the connection, then go on",
    "md5-mismatch": "a file arrived damaged again and again: check the file and the connection, then go on",
    "file-lost": "the authority lost an uploaded file again and again: ask it with the request id, then go on",
    "expired": "the report ran out of time again and again: check the connection and the clock, then go on",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One file in the report that is open now. described: its details have arrived. xml: those details as sent."""

    sha256: str = field(repr=False)
    file_id: str | None = None
    md5: str | None = field(default=None, repr=False)
    described: bool = False
    xml: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call and what came of it, for the sealed file. outcome: what it meant, or how it failed."""

    step: Step
    at: datetime
    outcome: str
    http_status: int | None = None
    code: int | None = None
    request_id: str | None = None
    raw: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Filing:
    """One report on its way. Whoever keeps it must seal it: it holds the report itself.

    called: the step that was begun and whose answer is not kept yet. called_at: when.
    finish_unclear: a finish may have taken effect, although no answer says so; then nothing is ever opened anew.
    earlier: reports that were given up unfinished, cited by the next one. orphans: openings that went unanswered.
    unexpected_files: files that the authority lists at the end and that we did not send.
    """

    key: str
    environment: Environment
    phase: Phase = "draft"
    signed_off_by: str | None = None
    report_id: int | None = None
    opened_at: datetime | None = None
    changed_at: datetime | None = None
    finished_at: datetime | None = None
    files: tuple[Sent, ...] = ()
    called: Step | None = None
    called_at: datetime | None = None
    finish_unclear: bool = False
    after_retraction: After = "again"
    reason: str = ""
    problems: tuple[str, ...] = field(default=(), repr=False)
    stopped_in: Phase | None = None
    tries: int = 0
    not_before: datetime | None = None
    restarts: int = 0
    orphans: int = 0
    earlier: tuple[int, ...] = ()
    unexpected_files: int = 0
    xml: bytes = field(default=b"", repr=False)
    exchanges: tuple[Exchange, ...] = field(default=(), repr=False)

    @property
    def next_step(self) -> str:
        """What a person has to do; empty when it is nobody's turn."""
        return NEXT_STEPS[self.reason] if self.phase == "needs-people" else ""

    @property
    def ended(self) -> bool:
        """Whether nothing will happen any more without a person."""
        return self.phase in ("finished", "retracted", "needs-people")

    @property
    def expires_at(self) -> datetime | None:
        """When to count the open report as deleted: a little before the authority does."""
        if self.opened_at is None:
            return None
        changed = self.changed_at or self.opened_at
        return max(self.opened_at + LIFE_AFTER_OPENING, changed + LIFE_AFTER_CHANGE) - MARGIN


def drafted(
    key: str, environment: Environment, sha256s: tuple[str, ...], *, signed_off_by: str | None = None
) -> Filing:
    """A report of which nothing has been sent. key: our own number of the report."""
    files = tuple(Sent(sha256) for sha256 in sha256s)
    return Filing(key=key, environment=environment, files=files, signed_off_by=signed_off_by)
