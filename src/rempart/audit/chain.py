"""The chain of the ledger: a pure function from an entry and the hash before it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
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


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry exactly as it lies in the database; what stands in a column need not be of its type."""

    seq: Any
    organisation: Any
    at: Any
    actor: Any
    about: Any
    about_id: Any
    verb: Any
    data: Any
    previous: Any
    hash: Any


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """The data as it will be read back: keys sorted, nothing but JSON. A number that is none raises ValueError."""
    kept: dict[str, Any] = json.loads(json.dumps(data, sort_keys=True, allow_nan=False))
    return kept


def hash_of(entry: Entry) -> str:
    """The SHA-256 (hex) over everything in the entry but its own hash."""
    at = entry.at.astimezone(UTC).strftime(FORMAT)
    named = (entry.actor, entry.about, entry.about_id, entry.verb)
    return _hash(entry.seq, entry.organisation, at, named, entry.data, entry.previous)


def fault_in(stored: Stored, seq: int, previous: str) -> str | None:
    """What is wrong with the entry that should have this seq and follow this hash; None when nothing is."""
    if stored.seq != seq:
        return f"entries {seq} to {stored.seq - 1} are missing" if stored.seq > seq else "an entry is out of order"
    if stored.previous != previous:
        return "it does not follow from the entry before it: one of them was changed, removed or put in"
    named = (stored.actor, stored.about, stored.about_id, stored.verb)
    if type(stored.organisation) is not int or any(type(one) is not str for one in (*named, stored.at, stored.data)):
        return "a column holds another sort of value than was written"
    try:
        data = json.loads(stored.data)
        as_written = json.dumps(data, sort_keys=True)
        expected = _hash(seq, stored.organisation, stored.at, named, data, previous)
    except (ValueError, RecursionError):
        return "its data cannot be read"
    if as_written != stored.data or expected != stored.hash:
        return "it was changed: its content and its hash differ"
    return None


def _hash(seq: int, organisation: int, at: str, named: tuple[str, str, str, str], data: Any, previous: str) -> str:
    actor, about, about_id, verb = named
    body = {
        "seq": seq,
        "organisation": organisation,
        "at": at,
        "actor": actor,
        "about": about,
        "about_id": about_id,
        "verb": verb,
        "data": data,
        "previous": previous,
    }
    return sha256(canonical(body)).hexdigest()
