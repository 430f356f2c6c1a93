"""From refs to ids."""

from collections.abc import Collection, Iterator

import numpy as np

from rempart.errors import NotFound
from rempart.lists.arrays import Ids, Words
from rempart.lists.disk import Disk
from rempart.lists.identity import key_of, leads, leads_of
from rempart.lists.manifest import Manifest
from rempart.lists.tables import Labels, own_ref

MOST_NAMED = 5


def ids_of_refs(disk: Disk, now: Manifest, refs: Collection[str]) -> dict[int, str]:
    """Id -> ref, of the entries that have one of these refs. Raises NotFound naming refs that no entry has."""
    found = known_ids(disk, now, refs)
    missing = sorted(set(refs) - set(found.values()))
    if missing:
        raise NotFound(
            f"list `{now.name}` has no entry {', '.join(f'`{ref}`' for ref in missing[:MOST_NAMED])}"
            f"{f' and {len(missing) - MOST_NAMED} more' if len(missing) > MOST_NAMED else ''}: nothing was changed; "
            "check the refs (perhaps withdrawn already)"
        )
    return found


def known_ids(disk: Disk, now: Manifest, refs: Collection[str]) -> dict[int, str]:
    """Id -> ref, of the entries that have one of these refs; other refs are passed over."""
    if not refs:
        return {}
    wanted = set(refs)
    starts = leads_of([key_of(ref, ()) for ref in wanted])
    found: dict[int, str] = {}
    for segment in now.segments:
        labels = disk.labels(segment)
        found.update(_given(labels, starts, wanted))
        found.update(_own(labels, wanted))
    return found


def refs_of(disk: Disk, now: Manifest, ids: Ids) -> list[str]:
    """The refs of the entries with these ids."""
    refs: list[str] = []
    for segment in now.segments:
        if np.any((ids >= segment.first_id) & (ids < segment.end_id)):
            labels = disk.labels(segment)
            refs.extend(labels.ref(place) for place in np.flatnonzero(np.isin(labels.ids, ids)).tolist())
    return refs


def _given(labels: Labels, starts: Words, wanted: set[str]) -> Iterator[tuple[int, str]]:
    for place in np.flatnonzero(np.isin(leads(labels.keys), starts)).tolist():
        if labels.ref(place) in wanted:
            yield int(labels.ids[place]), labels.ref(place)


def _own(labels: Labels, wanted: set[str]) -> Iterator[tuple[int, str]]:
    """Entries that we named by their number."""
    numbers = [int(ref.removeprefix("rempart-")) for ref in wanted if ref.removeprefix("rempart-").isdecimal()]
    for place in np.flatnonzero(np.isin(labels.ids, numbers)).tolist() if numbers else ():
        ref = own_ref(int(labels.ids[place]))
        if not labels.refs[place] and ref in wanted:
            yield int(labels.ids[place]), ref
