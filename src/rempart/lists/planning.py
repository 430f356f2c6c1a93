"""What an import would change: old entries against new ones, by columns."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rempart.facts import Kind
from rempart.lists.arrays import Ids, Texts, as_words, group
from rempart.lists.identity import DIGEST_KINDS, kept_apart, leads, leads_of, unique_prints, with_keys
from rempart.lists.tables import Prints, Table, join_prints

Mode = Literal["replace", "add"]


@dataclass(frozen=True, slots=True)
class Plan:
    """Entries to take away and entries to add.

    remove_ids: old ids, of withdrawn entries and of entries that come back changed.
    add: a table and the places in it that are new or changed.
    withdrawn: entries that the new file no longer has. kept: entries that it has in a row that cannot be read,
        or lacks because the file breaks off.
    """

    remove_ids: Ids
    table: Table
    places: Ids
    added: int
    changed: int
    unchanged: int
    withdrawn: int
    kept: int


def plan(old: Table, new: Table, mode: Mode, mentioned: Collection[bytes] = (), incomplete: bool = False) -> Plan:
    """What makes `new` the truth (`replace`), or adds it (`add`).

    mentioned: keys of rows that could not be read; their old entries stay. incomplete: `new` broke off, so that
    nothing can be said of the entries it lacks; they stay, too.
    """
    new = _told_apart(old, new, mode)
    new_of_old, olds_of_new = _partners(old, new)
    if mode == "add":
        new = _united(old, new, new_of_old)
    changed = (olds_of_new == 1) & _differs(old, new, new_of_old) | (olds_of_new > 1)
    lost = new_of_old < 0
    spared = np.full(len(old), mode == "add" or incomplete) | _mentioned(old, mentioned)
    gone = lost & ~spared
    superseded = ~lost & changed[new_of_old] if len(new) else np.zeros(len(old), bool)
    return Plan(
        remove_ids=old.labels.ids[gone | superseded],
        table=new,
        places=np.flatnonzero((olds_of_new == 0) | changed),
        added=int((olds_of_new == 0).sum()),
        changed=int(changed.sum()),
        unchanged=int(((olds_of_new > 0) & ~changed).sum()),
        withdrawn=int(gone.sum()),
        kept=int((lost & spared).sum()) if mode == "replace" else 0,
    )


def _partners(old: Table, new: Table) -> tuple[Ids, Ids]:
    """(for each old entry the place of the new one with its key, or -1; for each new entry how many old ones)."""
    groups, first = group(as_words(np.concatenate([old.labels.keys, new.labels.keys])))
    new_of_group = np.full(len(first), -1, np.int64)
    new_of_group[groups[len(old) :]] = np.arange(len(new))
    olds = np.bincount(groups[: len(old)], minlength=len(first))
    return new_of_group[groups[: len(old)]], olds[groups[len(old) :]]


def _told_apart(old: Table, new: Table, mode: Mode) -> Table:
    """The new entries, those kept apart that share their ref with old ones but are not the same.

    That is so when the ref names several old entries, or when adding would put digests of two files into one entry.
    """
    new_of_old, olds_of_new = _partners(old, new)
    apart = (olds_of_new == 0) & np.isin(leads(new.labels.keys), leads(old.labels.keys))
    if mode == "add":
        apart |= _contradicts(old, new, new_of_old)
    if not apart.any():
        return new
    return with_keys(new, kept_apart(new.labels.keys, new.prints, np.flatnonzero(apart)))


def _contradicts(old: Table, new: Table, new_of_old: Ids) -> NDArray[np.bool_]:
    """Which new entries have a digest of a kind of which their old partner has another one."""
    contradicts = np.zeros(len(new), np.bool_)
    moved = _moved(old, new_of_old)
    for kind in DIGEST_KINDS:
        both = unique_prints(join_prints([new.prints, {**new.prints, kind: moved[kind]}])[kind])
        stated, before, together = (
            np.bincount(ids, minlength=len(new)) for ids in (new.prints[kind].ids, moved[kind].ids, both.ids)
        )
        contradicts |= (stated > 0) & (before > 0) & (together > stated)
    return contradicts


def _moved(old: Table, new_of_old: Ids) -> dict[Kind, Prints]:
    """The fingerprints of old entries, under the number of their new partner; without one they are left out."""
    moved: dict[Kind, Prints] = {}
    for kind, rows in old.prints.items():
        numbers = new_of_old[np.searchsorted(old.labels.ids, rows.ids)] if len(old) else rows.ids
        chosen = np.flatnonzero(numbers >= 0)
        moved[kind] = unique_prints(Prints(numbers[chosen], rows.values[chosen]))
    return moved


def _united(old: Table, new: Table, new_of_old: Ids) -> Table:
    """The new entries with the fingerprints, and where they state none the classification, of their old partners."""
    prints = {kind: unique_prints(rows) for kind, rows in join_prints([new.prints, _moved(old, new_of_old)]).items()}
    partners = np.flatnonzero(new_of_old >= 0)
    unstated = np.diff(new.labels.classes.ends, prepend=0) == 0
    if not unstated[new_of_old[partners]].any():
        return Table(new.labels, prints)
    classes = [new.labels.classes[place] for place in range(len(new))]
    for place in partners.tolist():
        classes[new_of_old[place]] = classes[new_of_old[place]] or old.labels.classes[place]
    return Table(replace(new.labels, classes=Texts.of(classes)), prints)


def _differs(old: Table, new: Table, new_of_old: Ids) -> NDArray[np.bool_]:
    """Which new entries have other fingerprints or another classification than their old partner."""
    differs = np.zeros(len(new), bool)
    has_partner = np.zeros(len(new), bool)
    has_partner[new_of_old[new_of_old >= 0]] = True
    for kind, moved in _moved(old, new_of_old).items():
        rows = join_prints([{**new.prints, kind: moved}, new.prints])[kind]
        groups, first = group(np.column_stack([rows.ids.astype(np.uint64), as_words(rows.values)]))
        alone = first[np.bincount(groups, minlength=len(first)) == 1]
        differs[rows.ids[alone]] = True
    partners = np.flatnonzero(new_of_old >= 0)
    differs[_classes_differ(old, new, partners, new_of_old[partners])] = True
    return differs & has_partner


def _classes_differ(old: Table, new: Table, old_places: Ids, new_places: Ids) -> Ids:
    before, after = old.labels.classes.take(old_places), new.labels.classes.take(new_places)
    if np.array_equal(before.ends, after.ends) and np.array_equal(before.data, after.data):
        return np.empty(0, np.int64)
    return new_places[[before[place] != after[place] for place in range(len(before))]]


def _mentioned(old: Table, mentioned: Collection[bytes]) -> NDArray[np.bool_]:
    if not mentioned:
        return np.zeros(len(old), bool)
    return np.isin(leads(old.labels.keys), leads_of(mentioned))
