"""Every case told anew from the ledger, and compared with its row: what somebody changed in a row contradicts it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from rempart.audit.browsing.queries import of_things
from rempart.audit.chain import Entry
from rempart.cases import queries
from rempart.cases.story import VERBS, CaseStory, state_of
from rempart.storage.database import Database, Reader

TOLD = tuple(one.name for one in fields(CaseStory) if one.compare)
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A column in which the row of a case says something else than its story."""

    organisation: int
    case: int
    column: str
    row: Any
    story: Any


def differences(
    database: Database, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> Iterator[Difference]:
    """Every difference, case by case. Others may go on working meanwhile: a row is compared with the story up to the
    entry that it was written with.


    Cost: one pass over the cases and their entries; memory for a chunk.
    """
    after = done = 0
    with database.reading() as reader:
        total = queries.count(reader)
    while True:
        with database.reading() as reader:
            rows = queries.page(reader, after, CHUNK)
            found = list(_of(reader, rows))
        yield from found
        done += len(rows)
        progress(done, max(total, done))
        if len(rows) < CHUNK:
            return
        after = rows[-1]["id"]


def _of(reader: Reader, rows: Sequence[queries.Row]) -> Iterator[Difference]:
    stories: defaultdict[int, list[Entry]] = defaultdict(list)
    for organisation in sorted({row["organisation"] for row in rows}):
        ids = {str(row["id"]) for row in rows if row["organisation"] == organisation}
        for entry in of_things(reader, organisation, "case", ids, VERBS):
            stories[int(entry.about_id)].append(entry)
    for row in rows:
        told = state_of(entry for entry in stories[row["id"]] if entry.seq <= row["entry"])
        for name in TOLD:
            if getattr(told, name) != row[name]:
                yield Difference(row["organisation"], row["id"], name, row[name], getattr(told, name))
