"""One list as this process sees it: the searchable indexes at the current version, refreshed cheaply."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import RLock

import numpy as np

from rempart.errors import Broken, NotFound
from rempart.lists.arrays import Ids
from rempart.lists.disk import Disk
from rempart.lists.manifest import Manifest
from rempart.lists.memory import Base, Indexes, Memory
from rempart.lists.tables import Labels, PrintsByKind, join_prints, own_ref, slice_ids
from rempart.matching import ListSnapshot, kernels

ATTEMPTS = 3
# A fresh process reads one manifest for each version since the base, about 0.2 ms each.
MOST_VERSIONS_BEHIND = 1024
MOST_ENTRIES_BEHIND = 65_536
MOST_LABELS_KEPT = 16
OPENING_THREADS = 2


@dataclass(frozen=True, slots=True)
class Loaded:
    """The indexes at one version, and the base in memory that they map (None: an in-process copy)."""

    peek: bytes
    manifest: Manifest
    sha256: str
    indexes: Indexes = field(repr=False)
    base: Base | None
    base_manifest: Manifest


class ListView:
    """Keeps the indexes of one list at its current version."""

    def __init__(self, disk: Disk, memory: Memory | None) -> None:
        self._disk = disk
        self._memory = memory
        self._lock = RLock()
        self._loaded: Loaded | None = None
        self._snapshot: ListSnapshot | None = None
        self._labels: OrderedDict[str, Labels] = OrderedDict()

    def snapshot(self) -> ListSnapshot:
        """The list at its current version. Cost when nothing changed: one short read and one stat.

        Raises NotFound when there is no such list, Broken when its files are damaged.
        """
        peek = self._disk.peek()
        loaded, snapshot = self._loaded, self._snapshot
        if loaded is not None and snapshot is not None and peek == loaded.peek and _base_stands(loaded):
            return snapshot
        with self._lock:
            fresh = self._refreshed()
            self._loaded = fresh
            self._snapshot = ListSnapshot(
                facts=fresh.manifest.facts(),
                near=fresh.indexes.near,
                exact=fresh.indexes.exact,
                describe=self._describer(fresh.manifest),
            )
            return self._snapshot

    def rebase(self) -> None:
        """Nothing; the base in memory stands at the current version, and older ones are gone."""
        if self._memory is not None:
            manifest, sha256 = self._disk.current()
            self._memory.build(manifest, sha256, lambda: self._built(manifest))

    def _refreshed(self) -> Loaded:
        """The list loaded at its current version.

        A writer may publish and remove old files while we read: then we read again.
        """
        for attempt in range(ATTEMPTS):
            with suppress(Broken, NotFound, FileNotFoundError):
                return self._load(self._loaded if attempt == 0 else None)
        # Nothing but the current version is needed here: a damaged history must not stop the screening.
        peek = self._disk.peek()
        manifest, sha256 = self._disk.current()
        return replace(self._from_new_base(manifest, sha256), peek=peek)

    def _load(self, before: Loaded | None) -> Loaded:
        peek = self._disk.peek()
        manifest, sha256 = self._disk.current()
        if before is None or not _base_stands(before) or not self._follows(before.manifest, before.sha256, manifest):
            before = self._from_base(manifest, sha256)
        if manifest.next_id - before.base_manifest.next_id > MOST_ENTRIES_BEHIND:
            before = self._from_new_base(manifest, sha256)
        indexes = self._advanced(before.indexes, before.manifest, manifest)
        return Loaded(peek, manifest, sha256, indexes, before.base, before.base_manifest)

    def _from_base(self, manifest: Manifest, sha256: str) -> Loaded:
        """The newest base in memory that this version follows, opened; a new one when there is none."""
        for base in self._memory.bases(manifest.uid) if self._memory else ():
            if base.version > manifest.version:
                continue
            then, digest = self._disk.version(base.version)
            if digest.startswith(base.sha256_start) and manifest.version - base.version <= MOST_VERSIONS_BEHIND:
                return Loaded(b"", then, digest, Indexes.open(base.folder), base, then)
        return self._from_new_base(manifest, sha256)

    def _from_new_base(self, manifest: Manifest, sha256: str) -> Loaded:
        if self._memory is None:
            return Loaded(b"", manifest, sha256, self._built(manifest), None, manifest)
        base = self._memory.build(manifest, sha256, lambda: self._built(manifest))
        return Loaded(b"", manifest, sha256, Indexes.open(base.folder), base, manifest)

    def _built(self, manifest: Manifest) -> Indexes:
        with ThreadPoolExecutor(OPENING_THREADS) as pool:  # unsealing runs outside the interpreter's lock
            pool.submit(kernels.have_compiled)  # loading them takes longer than unsealing and sorting
            return Indexes.build(join_prints(list(pool.map(self._disk.prints, manifest.segments))))

    def _follows(self, before: Manifest, sha256: str, manifest: Manifest) -> bool:
        """Whether `before` is a version of the same history (a restored copy may have another one)."""
        if before.uid != manifest.uid or before.version > manifest.version:
            return False
        return self._disk.version(before.version)[1] == sha256

    def _advanced(self, indexes: Indexes, before: Manifest, manifest: Manifest) -> Indexes:
        """The indexes of `before` brought to `manifest`."""
        if before.version == manifest.version:
            return indexes
        versions = range(before.version + 1, manifest.version + 1)
        removed = np.concatenate([self._disk.removed(self._disk.version(number)[0]).ids for number in versions])
        return indexes.changed(removed, self._added(before, manifest))

    def _added(self, before: Manifest, manifest: Manifest) -> PrintsByKind:
        """The fingerprints of entries that came after `before`: ids are never reused, so they are the high ones."""
        parts = [self._disk.prints(segment) for segment in manifest.segments if segment.end_id > before.next_id]
        rows = join_prints(parts)
        return {kind: slice_ids(part, before.next_id, manifest.next_id) for kind, part in rows.items()}

    def _describer(self, manifest: Manifest) -> Callable[[int], tuple[str, str, bool]]:
        return lambda entry_id: self._describe(manifest, entry_id)

    def _describe(self, manifest: Manifest, entry_id: int) -> tuple[str, str, bool]:
        """(ref, classification, held). An entry withdrawn since the snapshot was taken is named by its number."""
        held = entry_id in manifest.holds
        stated = manifest.settings.classification
        default = "" if stated == "unknown" else stated
        for source in (manifest, None):
            try:
                labels = self._labels_with(source or self._disk.current()[0], entry_id)
            except (Broken, NotFound):
                continue
            place = int(np.searchsorted(labels.ids, entry_id)) if labels is not None else 0
            if labels is not None and place < len(labels) and labels.ids[place] == entry_id:
                return labels.ref(place), labels.classes[place] or default, held
        return own_ref(entry_id), default, held

    def _labels_with(self, manifest: Manifest, entry_id: int) -> Labels | None:
        """The labels of the segment that holds the entry, read once."""
        place = bisect_right(manifest.segments, entry_id, key=lambda segment: segment.first_id) - 1
        if place < 0:
            return None
        segment = manifest.segments[place]
        with self._lock:
            labels = self._labels.pop(segment.labels.name, None)
            if labels is None:
                labels = self._disk.labels(segment)
            self._labels[segment.labels.name] = labels
            while len(self._labels) > MOST_LABELS_KEPT:
                self._labels.popitem(last=False)
        return labels

    def find(self, kind_values: PrintsByKind) -> Ids:
        """The ids of the entries that hold one of these very fingerprints."""
        held = self.snapshot()
        found = [held.near.search(kind_values["pdq"].values, 0).id]
        found += [index.search(kind_values[kind].values).id for kind, index in held.exact.items()]
        return np.unique(np.concatenate(found))


def _base_stands(loaded: Loaded) -> bool:
    """Whether the base we map is still the one in memory: after a withdrawal it is replaced."""
    return loaded.base is None or loaded.base.folder.exists()
