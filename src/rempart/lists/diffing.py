"""What changed between two versions, by refs: older versions keep no fingerprint."""

import numpy as np

from rempart.errors import UserMistake
from rempart.lists.disk import Disk
from rempart.lists.reports import ListDiff


def diff(disk: Disk, old: int, new: int | None) -> ListDiff:
    """The refs that came and went. An entry that came back changed stands on both sides.

    Ids are never reused, so the entries that came after `old` are those with higher ids.
    """
    now, _ = disk.current()
    new = now.version if new is None else new
    if not 0 <= old <= new:
        raise UserMistake(f"the older version ({old}) must not be after the newer one ({new})")
    first_id = disk.version(old)[0].next_id if old else 1
    end_id = disk.version(new)[0].next_id if new else 1
    added: list[str] = []
    removed: list[str] = []
    for number in range(old + 1, now.version + 1):
        labels = disk.removed(disk.version(number)[0])
        for place in range(len(labels)):
            was_there = labels.ids[place] < first_id
            if was_there and number <= new:
                removed.append(labels.ref(place))
            elif not was_there and number > new and labels.ids[place] < end_id:
                added.append(labels.ref(place))
    for segment in now.segments:
        if segment.end_id > first_id:
            labels = disk.labels(segment)
            start, stop = np.searchsorted(labels.ids, [first_id, end_id])
            added.extend(labels.ref(place) for place in range(start, stop))
    return ListDiff(now.name, old, new, tuple(sorted(added)), tuple(sorted(removed)))
