"""The queue in its order, with the reasons, for another desk: metadata only, no media, no fingerprint, no address."""

from collections.abc import Iterator
from typing import Any

from rempart.cases.triage import queue
from rempart.cases.triage.ruleset import Rules
from rempart.storage.columns import FORMAT
from rempart.storage.database import Reader

VERSION = 1
COLUMNS = ("place", "case", "kind", "tier", "tier_name", "score", "received_at", "due_at", "stands_for", "why")


def in_order(reader: Reader, organisation: int, rules: Rules) -> Iterator[dict[str, Any]]:
    """Every waiting case, first what is looked at first."""
    after, place = "", 0
    while True:
        page = queue.page(reader, organisation, after=after, limit=queue.LARGEST_PAGE)
        for one in page.rows:
            place += 1
            yield {
                "version": VERSION,
                "place": place,
                "case": one.id,
                "kind": one.kind,
                "tier": one.tier,
                "tier_name": rules.tier_name(one.tier, "en"),
                "score": one.score,
                "received_at": one.received_at.strftime(FORMAT),
                "due_at": one.due_at.strftime(FORMAT) if one.due_at else None,
                "stands_for": one.members,
                "why": [f"{rules.sentence(why.rule, 'en')} ({why.points:+d})" for why in one.why],
            }
        if page.after is None:
            return
        after = page.after
