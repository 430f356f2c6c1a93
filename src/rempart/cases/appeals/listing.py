"""The list of appeals, and the clocks that run on them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rempart.cases.appeals import queries
from rempart.cases.appeals.queries import DECIDED, UNDECIDED
from rempart.facts.people import Actor
from rempart.storage.database import Reader

PAGE = 50


@dataclass(frozen=True, slots=True)
class Clocks:
    """Appeals without an answer. late, soon: those whose time is over, and those whose time ends soon."""

    waiting: int
    late: int
    soon: int


def clocks(reader: Reader, organisation: int, now: datetime, soon_hours: float) -> Clocks:
    """How many appeals wait, and for how many it is time: they stand beside the cases whose clock ends soon."""
    return Clocks(*queries.clocks(reader, organisation, now, now + timedelta(hours=soon_hours)))


def waiting(reader: Reader, actor: Actor, limit: int = PAGE) -> list[queries.Row]:
    """The appeals without an answer, the one whose clock ends first first."""
    return queries.page(reader, actor.organisation, UNDECIDED, None, limit)


def answered(reader: Reader, actor: Actor, before: int | None = None, limit: int = PAGE) -> list[queries.Row]:
    """The appeals that were answered, newest first, older than the one with the id `before`."""
    return queries.newest(reader, actor.organisation, DECIDED, before, limit)


def of_case(reader: Reader, actor: Actor, case_id: int) -> list[queries.Row]:
    """Every appeal about the case, oldest first."""
    return queries.of_case(reader, actor.organisation, case_id)
