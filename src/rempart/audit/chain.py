"""The chain of the ledger: a pure function from an entry and the hash before it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from rempart.storage.columns import FORMAT
from rempart.storage.signed import canonical

BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: who did what to what, when. data holds identifiers, codes and counts; never content."""

    seq: int
    organisation: int
    at: datetime
    actor: str
    about: str
    about_id: str
    verb: str
    data: dict[str, Any]
    previous: str
    hash: str = ""


def hash_of(entry: Entry) -> str:
    """The SHA-256 (hex) over everything in the entry but its own hash."""
    body = {
        "seq": entry.seq,
        "organisation": entry.organisation,
        "at": entry.at.strftime(FORMAT),
        "actor": entry.actor,
        "about": entry.about,
        "about_id": entry.about_id,
        "verb": entry.verb,
        "data": entry.data,
        "previous": entry.previous,
    }
    return sha256(canonical(body)).hexdigest()
