"""What an import would make of a bundle, without keeping anything."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from rempart.cases.bundles import queries
from rempart.cases.bundles.importing import row_key
from rempart.cases.bundles.records import BundleRow, Read, Refused
from rempart.storage.database import Reader
from rempart.storage.fields import Fields

AT_ONCE = 500


def foresee(
    reader: Reader,
    fields: Fields,
    organisation: int,
    partner: str,
    rows: Iterable[Read],
    progress: Callable[[int], None] = lambda _rows: None,
) -> dict[str, Any]:
    """The counts that the bundle would end with. Of each row eight bytes are remembered, and nothing else."""
    count = accepted = duplicate = 0
    refused: Counter[str] = Counter()
    aside: Counter[str] = Counter()
    cut, seen = False, set[int]()
    for batch in _batches(iter(rows)):
        keys = {}
        for row in batch:
            if isinstance(row, Refused):
                refused[row.reason] += 1
                cut |= row.ends_file
            else:
                keys[row.position] = row_key(fields, partner, row)
                aside.update(row.set_aside)
        known = queries.known_rows(reader, organisation, partner, list(keys.values()))
        for key in (keys[row.position] for row in batch if isinstance(row, BundleRow)):
            short = int(key[:16], 16)
            repeated = key in known or short in seen
            duplicate, accepted = duplicate + repeated, accepted + (not repeated)
            seen.add(short)
        count += len(batch)
        progress(count)
    return {
        "rows": count,
        "accepted": accepted,
        "duplicate": duplicate,
        "refused": dict(refused),
        "set_aside": dict(aside),
        "cut": cut,
    }


def _batches(rows: Iterator[Read]) -> Iterator[list[Read]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch
