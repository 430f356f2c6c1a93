"""The duty of the takedown monitor: what is due is looked at, a few places at once, and what changed is kept."""

import random
from concurrent.futures import ThreadPoolExecutor

from rempart.cases.hosting import url_of
from rempart.cases.review import closing
from rempart.errors import Conflict
from rempart.reporting import planning
from rempart.reporting.watching import keeping, queries
from rempart.reporting.watching.machine import Seen
from rempart.wiring.desk import Desk
from rempart.wiring.hosting import looking_of

AT_ONCE = 8
MOST_LOOKS = 200


def look(desk: Desk) -> None:
    """Nothing; every place whose look is due was looked at, the longest due first, and what follows is begun."""
    with desk.database.reading() as reader:
        rows = queries.due(reader, desk.clock(), MOST_LOOKS)
        urls = [url_of(reader, desk.fields, row["organisation"], row["case_id"], row["location"]) for row in rows]
    looking = looking_of(desk)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="watch") as pool:
        looks = list(pool.map(lambda url: looking.look(url, desk.clock()), urls))
    for row, seen in zip(rows, looks, strict=True):
        _keep(desk, row, seen)


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
