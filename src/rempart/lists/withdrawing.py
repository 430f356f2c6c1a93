"""Withdrawal: the entry matches no more, its value stands in no file, and a signed receipt says so."""

from collections.abc import Sequence
from itertools import chain

import numpy as np

from rempart.errors import NotFound, UserMistake
from rempart.facts import BYTES_OF_KIND, Fingerprint
from rempart.lists.arrays import Ids
from rempart.lists.changing import change
from rempart.lists.disk import RECEIPTS, Disk
from rempart.lists.finding import ids_of_refs, refs_of
from rempart.lists.manifest import Manifest
from rempart.lists.receipts import Receipt, sign_receipt
from rempart.lists.tables import Prints, PrintsByKind
from rempart.lists.view import ListView
from rempart.storage.atomic import write_atomically


def withdraw(
    disk: Disk, view: ListView, refs: Sequence[str], fingerprints: Sequence[Fingerprint], reason: str, at_utc: str
) -> Receipt:
    """The receipt. The caller holds the list's lock."""
    if not refs and not fingerprints:
        raise UserMistake("nothing to withdraw was named; give refs or fingerprints")
    if not reason.strip():
        raise UserMistake("a withdrawal needs a reason, which stands on its receipt")
    now, sha256 = disk.current()
    named = np.array(sorted(ids_of_refs(disk, now, refs)), dtype=np.int64)
    ids = np.union1d(named, _ids_of_fingerprints(view, now, fingerprints))
    gone_refs, gone = refs_of(disk, now, ids), _fingerprints(disk, now, ids)
    after, digest = change(disk, now, sha256, "withdraw", at_utc, remove=ids)
    receipt = sign_receipt(
        keys=disk.keys,
        list_name=now.name,
        list_uid=now.uid,
        refs=gone_refs,
        fingerprints=gone,
        reason=reason.strip(),
        at_utc=at_utc,
        version=after.version,
        manifest_sha256=digest,
    )
    write_atomically(disk.folder / RECEIPTS / f"{after.version:08}.json", receipt.statement)
    return receipt


def receipts(disk: Disk) -> list[bytes]:
    """The statements of all withdrawals, oldest first."""
    return [path.read_bytes() for path in sorted((disk.folder / RECEIPTS).glob("*.json"))]


def _ids_of_fingerprints(view: ListView, now: Manifest, fingerprints: Sequence[Fingerprint]) -> Ids:
    """The ids of all entries that hold one of them. Raises NotFound when one is in no entry."""
    found = [view.find(_columns([one])) for one in fingerprints]
    missing = sum(not len(ids) for ids in found)
    if missing:
        raise NotFound(
            f"list `{now.name}` does not hold {missing} of the {len(fingerprints)} fingerprints: nothing was changed "
            "(perhaps they were withdrawn already)"
        )
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)


def _columns(fingerprints: Sequence[Fingerprint]) -> PrintsByKind:
    columns = {}
    for kind, size in BYTES_OF_KIND.items():
        values = b"".join(one.value for one in fingerprints if one.kind == kind)
        rows = np.frombuffer(values, np.uint8).reshape(-1, size)
        columns[kind] = Prints(np.zeros(len(rows), np.int64), rows)
    return columns


def _fingerprints(disk: Disk, now: Manifest, ids: Ids) -> list[Fingerprint]:
    """The fingerprints of the entries, for the commitments of the receipt."""
    touched = [one for one in now.segments if np.any((ids >= one.first_id) & (ids < one.end_id))]
    parts = (disk.prints(segment) for segment in touched)
    columns = chain.from_iterable(part.items() for part in parts)
    return [
        Fingerprint(kind, value.tobytes()) for kind, rows in columns for value in rows.values[np.isin(rows.ids, ids)]
    ]
