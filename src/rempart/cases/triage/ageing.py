"""Waiting cases gain points in steps, so that nothing waits for ever. The worker calls `age` every few minutes."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from rempart.audit.queries import append
from rempart.cases.triage.features import from_row
from rempart.cases.triage.queries import ranking as queries
from rempart.cases.triage.rank import place
from rempart.cases.triage.ruleset import Rules
from rempart.facts.case import Feature
from rempart.facts.people import worker
from rempart.storage.database import Writer

BATCH = 200


def age(writer: Writer, organisation: int, rules: Rules, now: datetime, limit: int = BATCH) -> int:
    """How many waiting cases were placed anew because time has changed their place; call it until it is 0.

    They waited another step, or something that they tell of has come near, such as the end of evidence. The ledger
    gets one entry a call: each place follows from features, rules and time.
    """
    step = timedelta(hours=rules.ageing.every_hours)
    rows = queries.waited(writer, organisation, now - step, limit)
    places_anew(writer, organisation, rows, rules, now)
    return len(rows)


def places_anew(writer: Writer, organisation: int, rows: Sequence[queries.Row], rules: Rules, now: datetime) -> None:
    """Nothing; these cases stand where the rules place them now, and the ledger counts them."""
    known = [(int(row["id"]), from_row(row["features"]), row["received_at"]) for row in rows]
    places = [
        (number, place(features, rules, now, since), aged_at(features, rules, since, now))
        for number, features, since in known
    ]
    queries.replace(writer, organisation, places)
    if places:
        told = {"cases": len(places), "rules": rules.version}
        append(writer, worker(organisation), "queue", organisation, "queue.aged", told, now)


def aged_at(features: Sequence[Feature], rules: Rules, received_at: datetime, now: datetime) -> datetime:
    """A step of waiting before time alone next changes the place: each case comes up when it has to, by one index."""
    step = timedelta(hours=rules.ageing.every_hours)
    next_step = received_at + (max((now - received_at) // step, 0) + 1) * step
    return min([next_step, *(at for at in _turns(features, rules) if at > now)]) - step


def _turns(features: Sequence[Feature], rules: Rules) -> Iterator[datetime]:
    """When conditions that ask how near a moment is begin to hold, and cease to."""
    for rule in (*rules.tiers, *rules.scores, *rules.ties):
        for one in (*rule.needs, *rule.one_of, *rule.unless):
            if one.test == "within_hours" and isinstance(one.wanted, int):
                for told in features:
                    if told.name == one.feature and isinstance(told.value, str):
                        at = datetime.fromisoformat(told.value)
                        yield from (at - timedelta(hours=one.wanted), at + timedelta(seconds=1))
