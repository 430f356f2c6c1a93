"""Carrying out a change: rewrite what it touches, publish, and make what it replaced impossible to open."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import numpy as np

from rempart.lists.arrays import Ids
from rempart.lists.disk import SEGMENT_ENTRIES, Disk
from rempart.lists.manifest import Change, ChangeKind, Held, Manifest, Segment
from rempart.lists.tables import Labels, Table, join_labels, join_tables, pack_labels

MOST_ALIKE = 8
_LARGEST_SIZE = SEGMENT_ENTRIES.bit_length() // 3
NO_IDS: Ids = np.empty(0, np.int64)
NO_ENTRIES = join_tables([])


def stamp(moment: datetime) -> str:
    """The moment as text: UTC, whole seconds, whatever zone the clock is in."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def change(
    disk: Disk,
    now: Manifest,
    sha256: str,
    kind: ChangeKind,
    at_utc: str,
    *,
    remove: Ids = NO_IDS,
    add: Table = NO_ENTRIES,
    holds: Mapping[int, Held] | None = None,
    before_commit: Callable[[Manifest, str], None] = lambda _manifest, _sha256: None,
    **other: Any,
) -> Manifest:
    """The published next version: without the entries `remove`, with the entries `add`.

    add: numbered from now.next_id on. The caller holds the list's lock. Withdrawn values stand in no file afterwards.
    before_commit: called with that version and its SHA-256 when all but the commit is done.
    """
    kept, gone, lost = _without(disk, now.segments, remove)
    segments = _merged(disk, (*kept, *disk.write_segments(add)))
    removed_file = disk.write("removed", pack_labels(_nameable(gone))) if len(gone) else None
    counts = Counter(now.counts)
    counts.update(add.counts())
    counts.subtract(lost)
    held = now.holds if holds is None else holds
    gone_ids = set(gone.ids.tolist())
    after = now.next(
        at_utc,
        Change(kind, added=len(add), removed=len(gone), removed_file=removed_file),
        sha256,
        segments=segments,
        counts=dict(counts),
        next_id=now.next_id + len(add),
        holds={entry_id: one for entry_id, one in held.items() if entry_id not in gone_ids},
        **other,
    )
    before_commit(after, disk.digest(after))
    disk.publish(after)
    disk.sweep(after)
    return after


def _without(disk: Disk, segments: Sequence[Segment], remove: Ids) -> tuple[list[Segment], Labels, Counter[str]]:
    """(segments without the entries, the labels of what went, how many fingerprints of each kind went)."""
    kept: list[Segment] = []
    gone: list[Labels] = []
    lost: Counter[str] = Counter()
    remove = np.unique(remove)
    for segment in segments:
        here = remove[np.searchsorted(remove, segment.first_id) : np.searchsorted(remove, segment.end_id)]
        if not len(here):
            kept.append(segment)
            continue
        table = disk.table(segment)
        rest = table.without(here)
        gone.append(table.labels.take(np.flatnonzero(np.isin(table.labels.ids, here))))
        lost.update(table.counts())
        lost.subtract(rest.counts())
        kept.extend(disk.write_segments(rest) if len(rest) < len(table) else (segment,))
    return kept, join_labels(gone), lost


def _nameable(labels: Labels) -> Labels:
    """The labels without their keys: the key of an entry without a ref is made from its fingerprints."""
    return replace(labels, keys=np.zeros_like(labels.keys))


def _merged(disk: Disk, segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """The segments; where many neighbours are about as small, they are put together.

    So an append rewrites little, and an entry is moved a few times only, however many appends there are.
    """
    merged: list[Segment] = []
    for size, neighbours in groupby(segments, key=_size):
        run = list(neighbours)
        many = len(run) > MOST_ALIKE and size < _LARGEST_SIZE
        merged.extend(disk.write_segments(disk.table(*run)) if many else run)
    return tuple(merged)


def _size(segment: Segment) -> int:
    """The number of entries in powers of eight."""
    return segment.entries.bit_length() // 3
