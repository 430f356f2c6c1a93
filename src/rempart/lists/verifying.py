"""Recomputing everything that a list's manifests claim."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

import numpy as np

from rempart.errors import Broken, NotFound
from rempart.lists.disk import Disk
from rempart.lists.manifest import Manifest, Segment
from rempart.lists.reports import Verification


def verify(disk: Disk) -> Verification:
    """What is wrong with the list: edited, missing, sealed with other keys, unsigned, or out of the chain."""
    name = disk.folder.name
    if not disk.exists():
        raise NotFound(f"there is no list `{name}`; see `rempart lists ls`")
    try:
        now, _ = disk.current()
    except Broken as error:
        return Verification(name, 0, 1, (str(error),))
    problems = [*_chain(disk, now), *_segments(disk, now), *_loose(disk, now)]
    return Verification(name, now.version, now.version + len(now.files()), tuple(problems))


def _chain(disk: Disk, now: Manifest) -> Iterator[str]:
    """Problems of the versions: each must name the SHA-256 of the one before, back to the first."""
    newer = now
    for number in range(now.version - 1, 0, -1):
        path = disk.version_path(number)
        try:
            stored = path.read_bytes()
            older = disk.parsed(stored, path.name)
        except (OSError, Broken) as error:
            yield f"version {number} is missing" if isinstance(error, OSError) else str(error)
            return
        if sha256(stored).hexdigest() != newer.previous_sha256 or (older.version, older.uid) != (number, now.uid):
            yield f"the version chain is broken: version {newer.version} does not follow version {number}"
            return
        yield from _readable(disk, older, f"version {number}")
        newer = older
    if newer.previous_sha256:
        yield "the version chain is broken: the first version names one before it"


def _readable(disk: Disk, older: Manifest, what: str) -> Iterator[str]:
    """Problems of the only file that an older version still needs."""
    try:
        gone = disk.removed(older)
    except Broken as error:
        yield f"{what}: {error}"
        return
    if len(gone) != older.change.removed:
        yield f"{what}: the removed entries are not as many as it says"


def _segments(disk: Disk, now: Manifest) -> Iterator[str]:
    """Problems of the entries: files, counts, ids."""
    counts: Counter[str] = Counter()
    last_id = 0
    complete = True
    for segment in now.segments:
        try:
            found = _count(disk, segment)
        except Broken as error:
            complete = False
            yield str(error)
            continue
        counts.update(found)
        if not last_id <= segment.first_id < segment.end_id <= now.next_id:
            yield "the ids of two segments overlap, or exceed the next id to give"
        last_id = segment.end_id
    if complete and +counts != +Counter(now.counts):
        yield "the fingerprints are not as many as the manifest says"


def _count(disk: Disk, segment: Segment) -> Counter[str]:
    """How many fingerprints of each kind the segment has. Raises Broken when they contradict its description."""
    table = disk.table(segment)
    ids = table.labels.ids
    inside = len(ids) and segment.first_id <= ids[0] and ids[-1] < segment.end_id and bool((np.diff(ids) > 0).all())
    owned = all(np.isin(rows.ids, ids).all() for rows in table.prints.values())
    if len(table) != segment.entries or not inside or not owned:
        raise Broken(f"the sealed file {segment.labels.name} does not hold the entries that the manifest says")
    return Counter(table.counts())


def _loose(disk: Disk, now: Manifest) -> Iterator[str]:
    """Problems of other files: the quarantine, this version's removals, and files that no version names."""
    for file in (now.quarantine, now.change.removed_file):
        if file is not None:
            try:
                disk.read(file)
            except Broken as error:
                yield str(error)
    for path in disk.unnamed(now):
        yield f"the file {path.name} belongs to no version (an interrupted change?); the next change removes it"
