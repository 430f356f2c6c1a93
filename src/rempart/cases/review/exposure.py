"""What reviewing asks of a person: how often and how long they looked. Read from the reveal ledger and nowhere else."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from rempart.cases.review.queries import reveals
from rempart.errors import NotAllowed
from rempart.facts.people import Actor
from rempart.storage.database import Reader


@dataclass(frozen=True, slots=True)
class Exposure:
    """Reveals that were opened since then, and the seconds they stood open as pages told."""

    previews: int
    originals: int
    seconds: int
    budget: int | None = None

    @property
    def reveals(self) -> int:
        """All of them."""
        return self.previews + self.originals

    @property
    def pause_suggested(self) -> bool:
        """Whether the budget that the operator set is used up. It is a suggestion: no number is known to be safe."""
        return self.budget is not None and self.reveals >= self.budget


def mine(reader: Reader, actor: Actor, now: datetime, budget: int | None = None, hours: int = 24) -> Exposure:
    """The person's own exposure in the last hours."""
    found = reveals.exposure(reader, actor.organisation, actor.pid, now - timedelta(hours=hours))
    previews, originals = found.get("preview", (0, 0)), found.get("original", (0, 0))
    return Exposure(previews[0], originals[0], previews[1] + originals[1], budget)


def totals(reader: Reader, actor: Actor, since: datetime) -> dict[str, Exposure]:
    """Pseudonym -> totals since then, for a supervisor: how much somebody looked, never at what."""
    if actor.role not in ("supervisor", "auditor"):
        raise NotAllowed("only a supervisor or an auditor sees how much others looked; see your own on the queue page")
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for row in reveals.exposure_of_all(reader, actor.organisation, since):
        found.setdefault(row["person"], {})[row["level"]] = (row["n"], int(row["seconds"]))
    return {pid: _sum(levels) for pid, levels in found.items()}


def _sum(levels: dict[str, tuple[int, int]]) -> Exposure:
    previews, originals = levels.get("preview", (0, 0)), levels.get("original", (0, 0))
    return Exposure(previews[0], originals[0], previews[1] + originals[1])
