"""The duty of the takedown monitor: what is due is looked at, a few places at once, and what changed is kept."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from rempart.cases.hosting import url_of
from rempart.cases.review import closing
from rempart.errors import Conflict
from rempart.reporting import planning
from rempart.reporting.watching import keeping, queries
from rempart.reporting.watching.machine import Seen
from rempart.wiring.desk import Desk
from rempart.wiring.hosting import looking_of

AT_ONCE = 16
MOST_LOOKS = 400
# Other duties wait meanwhile: what is left is looked at in the next round, the longest due first.
ROUND_SECONDS = 20.0


def look(desk: Desk) -> None:
    """Nothing; every place whose look is due was looked at, the longest due first, and what follows is begun."""
    rows = _wanted(desk)
    looking, until = looking_of(desk), time.monotonic() + ROUND_SECONDS
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="watch") as pool:
        while rows and time.monotonic() < until:
            now, rows = rows[:AT_ONCE], rows[AT_ONCE:]
            looks = pool.map(lambda url: looking.look(url, desk.clock()), _urls(desk, now))
            for row, seen in zip(now, looks, strict=True):
                _keep(desk, row, seen)


def _wanted(desk: Desk) -> list[queries.Row]:
    """The watches that are due. Those of cases that are not judged illegal any more end."""
    with desk.database.reading() as reader:
        due = queries.due(reader, desk.clock(), MOST_LOOKS)
        over = [row for row in due if not planning.is_wanted(reader, row["organisation"], row["case_id"])]
    for row in over:
        with desk.database.writing() as writer:
            keeping.stop(writer, row, desk.clock())
    return [row for row in due if row not in over]


def _urls(desk: Desk, rows: Sequence[queries.Row]) -> list[str]:
    with desk.database.reading() as reader:
        return [url_of(reader, desk.fields, row["organisation"], row["case_id"], row["location"]) for row in rows]


def _keep(desk: Desk, row: queries.Row, seen: Seen) -> None:
    """Nothing; a place that moved is routed anew, and what came back opens its case again."""
    organisation, case_id = row["organisation"], row["case_id"]
    with desk.database.writing() as writer:
        events = keeping.apply(writer, row, seen, random.random())  # noqa: S311 - only spreads the looks
        if "moved" in events:
            key = f"moved:{row['id']}:{seen.at.isoformat()}"
            planning.again(writer, organisation, case_id, seen.at, key=key, moved_at=seen.at)
        if "returned" in events:
            try:
                closing.seen_again(writer, organisation, case_id, seen.at)
            except Conflict:  # it waits in the queue already, or is being decided
                return
