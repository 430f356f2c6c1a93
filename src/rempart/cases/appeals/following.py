"""What an appellant sees with number and code: how far the appeal is, and its answer. Nothing about the content."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rempart.cases.appeals import queries, working
from rempart.cases.intake.numbers import hash_of_code, read_number, same_hash
from rempart.errors import NotFound
from rempart.storage.database import Reader
from rempart.storage.fields import Fields

Step = Literal["received", "being_reviewed", "answered"]
_STEPS: dict[str, Step] = {"open": "received", "assigned": "being_reviewed"}
_NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Outside:
    """One step before a body outside. outcome: None while it goes on."""

    body: str
    reference: str
    begun_at: datetime
    outcome: str | None
    ended_at: datetime | None
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AppealState:
    """How far it is. outcome, words: what came of it and why. carried_out: whether everything was done that follows."""

    number: str
    opened_at: datetime
    due_at: datetime
    step: Step
    outcome: str | None
    decided_at: datetime | None
    words: str = field(repr=False)
    carried_out: bool
    outside: tuple[Outside, ...]


def appeal_state(reader: Reader, fields: Fields, number: str, code: str) -> AppealState:
    """How far the appeal is. Raises NotFound: the same for a wrong number as for a wrong code."""
    plain = read_number(number)
    row = queries.numbered(reader, plain)
    if not same_hash(row["code_hash"] if row else _NO_HASH, hash_of_code(plain, code)) or row is None:
        raise NotFound("no appeal has this number and this code; check both as they were given to you")
    decided = row["state"] in queries.DECIDED
    return AppealState(
        row["number"],
        row["opened_at"],
        row["due_at"],
        _STEPS.get(row["state"], "answered"),
        row["state"] if decided else None,
        row["decided_at"],
        working.words(fields, row["answer_sealed"]),
        row["remedied_at"] is not None,
        tuple(_outside(fields, one) for one in queries.externals(reader, row["organisation"], row["id"])),
    )


def _outside(fields: Fields, row: queries.Row) -> Outside:
    return Outside(
        row["body"],
        row["reference"],
        row["begun_at"],
        row["outcome"],
        row["ended_at"],
        working.words(fields, row["words_sealed"]),
    )
