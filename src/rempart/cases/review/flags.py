"""Gestures beside a decision: a senior is asked, the police are to hear first, something is noted."""

from dataclasses import dataclass
from datetime import datetime

from rempart.audit.queries import append
from rempart.cases.review import guards
from rempart.cases.review.claim import FREE
from rempart.cases.review.queries import cases
from rempart.errors import UserMistake
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

ESCALATION_REASONS = ("unsure", "possible_new_victim", "legal_question", "threat_to_life", "too_hard")
POLICE_REASONS = (
    "possible_new_victim",
    "bad_host",
    "new_host",
    "country_feedback",
    "no_hotline",
    "not_traceable",
    "host_unreachable",
)
LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote on a case."""

    author: str
    at: datetime
    text: str


def escalate(writer: Writer, actor: Actor, case_id: int, reason: str, now: datetime) -> None:
    """Nothing; the case waits for a senior. reason: one of ESCALATION_REASONS."""
    if reason not in ESCALATION_REASONS:
        raise UserMistake(f"a case is escalated for a reason; choose one of {', '.join(ESCALATION_REASONS)}")
    row = guards.held(writer, actor, case_id)
    if row["state"] not in guards.FIRST_STATES:
        raise UserMistake(f"case {case_id} is judged by several people already; decide it, or release it")
    data = {"reason": reason, "state": "escalated"}
    cases.record(writer, actor, case_id, "case.escalated", data, now, state="escalated", **FREE)


def set_police_first(writer: Writer, actor: Actor, case_id: int, reason: str | None, now: datetime) -> None:
    """Nothing; the police hear of the case before any host does, for one of POLICE_REASONS. None: no longer."""
    if reason is not None and reason not in POLICE_REASONS:
        raise UserMistake(f"the police come first for a reason; choose one of {', '.join(POLICE_REASONS)}")
    guards.held(writer, actor, case_id)
    data = {"on": reason is not None, "reason": reason}
    cases.record(writer, actor, case_id, "case.police_first", data, now, police_first=reason is not None)


def add_note(writer: Writer, fields: Fields, actor: Actor, case_id: int, text: str, now: datetime) -> int:
    """The id of the note. Its text is sealed and stands in no ledger entry."""
    guards.judge(actor)
    guards.found(writer, actor, case_id)
    written = text.strip()
    if not 1 <= len(written) <= LONGEST_NOTE:
        raise UserMistake(f"a note has 1 to {LONGEST_NOTE} characters; write it again")
    made = cases.insert_note(writer, actor.organisation, case_id, actor.pid, fields.seal_text("note", written), now)
    append(writer, actor, "case", case_id, "case.noted", {"note": made}, now)
    return made


def notes(reader: Reader, fields: Fields, actor: Actor, case_id: int) -> list[Note]:
    """The notes on the case, oldest first."""
    rows = cases.notes(reader, actor.organisation, case_id)
    return [Note(row["author"], row["at"], fields.unseal_text("note", row["text_sealed"])) for row in rows]
