"""The hash lists we hold: import, versions, freshness, withdrawal. Fingerprints never leave this room in words."""

from rempart.lists.formats import FORMATS
from rempart.lists.memory import is_memory_backed
from rempart.lists.receipts import Receipt, speaks_of, verify_receipt
from rempart.lists.reports import AppendReport, ImportReport, ListDiff, ListSummary, Verification, WithdrawalPreview
from rempart.lists.store import Lists

__all__ = [
    "FORMATS",
    "AppendReport",
    "ImportReport",
    "ListDiff",
    "ListSummary",
    "Lists",
    "Receipt",
    "Verification",
    "WithdrawalPreview",
    "is_memory_backed",
    "speaks_of",
    "verify_receipt",
]
