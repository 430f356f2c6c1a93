"""A case that waits learns something new, and gets its place anew."""

from collections.abc import Sequence
from datetime import datetime

from rempart.audit.queries import append
from rempart.cases.intake.queries import cases
from rempart.cases.intake.queries.cases import Row
from rempart.cases.triage import clusters
from rempart.cases.triage.ageing import aged_at
from rempart.cases.triage.clusters import Key
from rempart.cases.triage.features import from_row, to_row
from rempart.cases.triage.queries.ranking import columns_of
from rempart.cases.triage.rank import place
from rempart.cases.triage.rules import Rules
from rempart.facts.case import Feature
from rempart.facts.people import Actor
from rempart.storage.database import Writer

# What counts anew each time instead of standing beside what was known.
COUNTED = frozenset({"submissions"})


def learn(
    writer: Writer,
    actor: Actor,
    row: Row,
    more: Sequence[Feature],
    rules: Rules,
    now: datetime,
    *,
    due_at: datetime | None = None,
    keys: Sequence[Key] = (),
) -> None:
    """Nothing; the case knows more, and stands where that puts it: in the queue, and in its cluster.

    row: the case, locked by `clusters.reserve` with these keys. due_at: a clock that runs on it from now on. keys: what
    ties it to others from now on.
    """
    features = _together(from_row(row["features"]), more)
    placement = place(features, rules, now, row["received_at"])
    clocks = [clock for clock in (row["due_at"], due_at) if clock is not None]
    told = {"features": [one.name for one in more], "tier": placement.tier, "score": placement.score}
    entry = append(writer, actor, "case", row["id"], "case.learnt", told, now)
    cases.update_case(
        writer,
        actor.organisation,
        row["id"],
        features=to_row(features),
        aged_at=aged_at(features, rules, row["received_at"], now),
        due_at=min(clocks, default=None),
        entry=entry,
        **columns_of(placement),
    )
    clusters.join(writer, actor, row["id"], keys, features, rules, now)


def _together(known: Sequence[Feature], more: Sequence[Feature]) -> list[Feature]:
    """Both, each statement of one source once; the newest of what is counted."""
    fresh = {(one.name, one.source) for one in more if one.name in COUNTED}
    kept = [one for one in known if (one.name, one.source) not in fresh]
    said = {(one.name, one.value, one.source) for one in kept}
    return kept + [one for one in more if (one.name, one.value, one.source) not in said]
