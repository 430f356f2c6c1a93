"""What a person may not know of what others judged, so that their own judgement is their own.

Who is to give the second judgement does not know the first. Who settles a disagreement knows both, and not whose they
are. The veil falls when the case is decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from rempart.audit.chain import Entry
from rempart.cases.review.queries.decisions import Row
from rempart.facts.people import Actor

Mode = Literal["none", "nameless", "blind"]
JUDGED = ("case.decided", "case.followed")
SOMEBODY = ""


@dataclass(frozen=True, slots=True)
class Veil:
    """mode: how much is hidden. people: whose names are, and in `blind` also what they said."""

    mode: Mode = "none"
    people: frozenset[str] = frozenset()

    def name(self, pid: str) -> str:
        """The pseudonym, or SOMEBODY for who is behind the veil."""
        return SOMEBODY if pid in self.people else pid

    def hides(self, pid: str) -> bool:
        """Whether what this person said of the case stays hidden."""
        return self.mode == "blind" and pid in self.people

    def data_of(self, entry: Entry) -> dict[str, Any]:
        """What the entry says, as far as it may be read."""
        if entry.verb in JUDGED and self.hides(entry.actor):
            return {}
        names = {key: self.name(value) for key, value in entry.data.items() if isinstance(value, str)}
        return entry.data | names


def veil_of(case: Any, standing: Sequence[Row], actor: Actor, now: datetime) -> Veil:
    """What this person may not know. case: its row. standing: the decisions on it that stand, oldest first."""
    here = current(standing)
    others = frozenset(row["reviewer"] for row in here) - {actor.pid}
    waits = case["state"] == "needs_second" and not any(row["reviewer"] == actor.pid for row in here)
    if waits or settling(case, standing, now):
        return Veil("blind", others)
    return Veil("nameless", others) if case["state"] == "disputed" else Veil()


def settling(case: Any, standing: Sequence[Row], now: datetime) -> bool:
    """Whether a second judgement can still be undone: until then it does not show whether the two agree.

    Else somebody could judge, look, and judge anew what the first one said.
    """
    undoable = case["final_at"] is not None and case["final_at"] > now
    return undoable and bool(standing) and standing[-1]["round"] == "second"


def current(standing: Sequence[Row]) -> list[Row]:
    """The judgements since the case was judged anew: from the newest first one on."""
    first = max((number for number, row in enumerate(standing) if row["round"] == "first"), default=0)
    return list(standing[first:])
