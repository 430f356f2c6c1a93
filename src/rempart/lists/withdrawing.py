"""Withdrawal: the entry matches no more, its value stands in no file, and a signed receipt says so."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from rempart.errors import NotFound, RempartError, UserMistake
from rempart.facts import BYTES_OF_KIND, Fingerprint
from rempart.lists.arrays import Ids
from rempart.lists.changing import change
from rempart.lists.disk import Disk
from rempart.lists.finding import ids_of_refs, refs_of
from rempart.lists.manifest import Manifest
from rempart.lists.receipts import Receipt, sign_receipt, verify_receipt
from rempart.lists.reports import WithdrawalPreview
from rempart.lists.tables import Prints, PrintsByKind
from rempart.lists.view import ListView
from rempart.storage.atomic import write_atomically


@dataclass(frozen=True, slots=True)
class Chosen:
    """The entries that a withdrawal is about."""

    now: Manifest
    sha256: str
    ids: Ids
    refs: list[str]
    fingerprints: list[Fingerprint] = field(repr=False)

    def preview(self) -> WithdrawalPreview:
        """What the withdrawal would do."""
        counts = Counter[str](one.kind for one in self.fingerprints)
        return WithdrawalPreview(self.now.name, len(self.ids), tuple(self.refs), dict(counts), self.now.version)


def choose(disk: Disk, view: ListView, refs: Sequence[str], fingerprints: Sequence[Fingerprint]) -> Chosen:
    """The entries with these refs or fingerprints, and every other that holds a value of theirs.

    A receipt says that a value is gone, so it goes wherever it stands in the list. Raises NotFound when one of the
    named is not in the list.
    """
    if not refs and not fingerprints:
        raise UserMistake("nothing to withdraw was named; give refs or fingerprints")
    now, sha256 = disk.current()
    named = np.array(sorted(ids_of_refs(disk, now, refs)), dtype=np.int64)
    ids = np.union1d(named, _ids_of_fingerprints(view, now, fingerprints))
    ids = np.union1d(ids, view.find(_columns(_fingerprints(disk, now, ids))))
    return Chosen(now, sha256, ids, refs_of(disk, now, ids), _fingerprints(disk, now, ids))


def withdraw(disk: Disk, chosen: Chosen, reason: str, at_utc: str) -> Receipt:
    """The receipt. The caller holds the list's lock.

    The receipt is kept before the withdrawal is committed, so that no crash loses it. One whose withdrawal never was
    committed names the SHA-256 of a version that does not exist: it does not count.
    """
    kept: list[Receipt] = []

    def keep(after: Manifest, sha256: str) -> None:
        receipt = sign_receipt(
            keys=disk.keys,
            list_name=after.name,
            list_uid=after.uid,
            refs=chosen.refs,
            fingerprints=chosen.fingerprints,
            reason=reason.strip(),
            at_utc=at_utc,
            version=after.version,
            manifest_sha256=sha256,
        )
        write_atomically(disk.receipt_path(after.version), receipt.statement)
        kept.append(receipt)

    change(disk, chosen.now, chosen.sha256, "withdraw", at_utc, remove=chosen.ids, before_commit=keep)
    return kept[0]


def check_reason(reason: str) -> None:
    """Nothing. Raises UserMistake for a reason that says nothing."""
    if not reason.strip():
        raise UserMistake("a withdrawal needs a reason, which stands on its receipt; add `--reason`")


def receipts(disk: Disk) -> list[bytes]:
    """The statements of all withdrawals that were committed, oldest first."""
    statements = [path.read_bytes() for path in disk.receipt_paths()]
    return [statement for statement in statements if _counts(disk, statement)]


def _counts(disk: Disk, statement: bytes) -> bool:
    """Whether the versions of the list hold the one that the receipt names."""
    try:
        receipt = verify_receipt(statement, disk.keys.public_signing_key)
        return disk.version(receipt.version)[1] == receipt.manifest_sha256
    except RempartError:
        return False


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
