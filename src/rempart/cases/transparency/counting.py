"""Tallies of screening written down in the ledger, day by day, so that figures need nothing else."""

from collections import defaultdict
from datetime import date, datetime, timedelta

from rempart.audit.browsing.queries import of_things
from rempart.audit.queries import append
from rempart.cases.intake.queries.items import tally_of
from rempart.cases.transparency.reading import COUNTED
from rempart.facts.people import worker
from rempart.storage.database import Reader, Writer

ABOUT = "tally"
# An item that could not be screened in time moves in the tally of its day once it is; never so late as this.
DAYS = 35

Items = dict[str, dict[str, int]]


def write_down(writer: Writer, organisation: int, now: datetime) -> int:
    """How many ended days were written down because nothing, or something else, stood in the ledger for them."""
    first, last = now.date() - timedelta(days=DAYS), now.date() - timedelta(days=1)
    found = _tallies(writer, organisation, first, last)
    known: dict[str, Items] = {}
    for entry in of_things(writer, organisation, ABOUT, found, (COUNTED,)):
        known[entry.about_id] = entry.data["items"]
    fresh = {day: items for day, items in found.items() if known.get(day) != items}
    for day, items in sorted(fresh.items()):
        append(writer, worker(organisation), ABOUT, day, COUNTED, {"items": items}, now)
    return len(fresh)


def _tallies(reader: Reader, organisation: int, first: date, last: date) -> dict[str, Items]:
    """Day -> channel -> outcome -> items; what comes to nothing is left out."""
    found: defaultdict[str, Items] = defaultdict(dict)
    for day, channel, outcome, items in tally_of(reader, organisation, first, last):
        if items:
            found[day.isoformat()].setdefault(channel, {})[outcome] = items
    return dict(found)
