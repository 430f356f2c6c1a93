"""Flood quarantine: an entry that suddenly meets a lot still matches, but asks for review only."""

from collections.abc import Mapping, Sequence

import numpy as np

from rempart.lists.changing import change
from rempart.lists.disk import Disk
from rempart.lists.finding import ids_of_refs, known_ids, refs_of
from rempart.lists.manifest import Held
from rempart.thresholds import FLOOD_MATCHES, FLOOD_SHARE

WHY_FLOOD = f"met at least {FLOOD_MATCHES.value} items and {FLOOD_SHARE.value} percent of one job"


def hold(disk: Disk, refs: Sequence[str], why: str, at_utc: str) -> int:
    """The new version, with these entries held. Raises NotFound for a ref that no entry has."""
    ids_of_refs(disk, disk.current()[0], refs)
    hold_known(disk, refs, why, at_utc)
    return disk.current()[0].version


def hold_known(disk: Disk, refs: Sequence[str], why: str, at_utc: str) -> set[str]:
    """The refs of entries that are held now and were not before; refs that are gone meanwhile are passed over."""
    now, sha256 = disk.current()
    fresh = {entry_id: ref for entry_id, ref in known_ids(disk, now, refs).items() if entry_id not in now.holds}
    if fresh:
        now_held = {**now.holds, **dict.fromkeys(fresh, Held(why, at_utc))}
        change(disk, now, sha256, "hold", at_utc, holds=now_held)
    return set(fresh.values())


def release(disk: Disk, refs: Sequence[str], at_utc: str) -> int:
    """The version without holds on these entries. Raises NotFound for a ref that no entry has."""
    now, sha256 = disk.current()
    ids = ids_of_refs(disk, now, refs)
    rest = {entry_id: held for entry_id, held in now.holds.items() if entry_id not in ids}
    if len(rest) == len(now.holds):
        return now.version
    return change(disk, now, sha256, "release", at_utc, holds=rest).version


def held(disk: Disk) -> dict[str, str]:
    """Ref -> why, of the held entries."""
    now, _ = disk.current()
    ids = sorted(now.holds)
    refs = refs_of(disk, now, np.array(ids, dtype=np.int64))
    return {ref: now.holds[entry_id].why for ref, entry_id in zip(refs, ids, strict=True)}


def flooding(hits: Mapping[tuple[str, str], int], items: int) -> list[tuple[str, str]]:
    """The (list, ref) that met too many distinct items of one job, sorted."""
    return sorted(
        met for met, count in hits.items() if count >= FLOOD_MATCHES.value and count * 100 >= FLOOD_SHARE.value * items
    )
