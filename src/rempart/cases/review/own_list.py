"""The list of the desk itself: what was confirmed here matches from now on, and what was overturned does no more."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rempart.errors import NotFound
from rempart.facts import Entry, Fingerprint
from rempart.lists import Lists
from rempart.storage.fields import Fields

SOURCE = "this desk"


@dataclass(frozen=True, slots=True)
class Listed:
    """One media as an entry of the list: a ref that says nothing about it, and its fingerprints."""

    ref: str
    fingerprints: tuple[Fingerprint, ...] = field(repr=False)


def ref_of(case_id: int, media_id: int) -> str:
    """The entry's name in the list."""
    return f"case-{case_id}-{media_id}"


def listed(fields: Fields, media: Sequence[Any]) -> list[Listed]:
    """The media (rows of the table) that have fingerprints, as entries."""
    found = [Listed(ref_of(row["case_id"], row["id"]), _prints(fields, row["fingerprints_sealed"])) for row in media]
    return [one for one in found if one.fingerprints]


def add(lists: Lists, name: str, entries: Sequence[Listed], classification: str, memory: Path) -> None:
    """Nothing; the entries match, also those that were there already with another classification.

    memory: a memory-backed folder.
    """
    there = [one for one in entries if name in lists.names() and holds(lists, name, one.ref)]
    missing = [one for one in entries if one not in there]
    if there or (missing and name not in lists.names()):
        _import(lists, name, entries, classification, memory)
    elif missing:
        lists.append(name, [Entry(one, made.ref, classification) for made in missing for one in made.fingerprints])


def withdraw(lists: Lists, name: str, refs: Sequence[str], reason: str) -> None:
    """Nothing; these entries match no more. Those that are gone already are passed over."""
    there = [ref for ref in refs if holds(lists, name, ref)]
    if there:
        lists.withdraw(name, refs=there, reason=reason)


def entangled(lists: Lists, name: str, refs: Sequence[str]) -> list[str]:
    """The entries that would go with these, because they hold the same fingerprints."""
    there = [ref for ref in refs if holds(lists, name, ref)]
    return [ref for ref in lists.preview_withdrawal(name, refs=there).refs if ref not in refs] if there else []


def case_of(ref: str) -> int | None:
    """The case that an entry stands for; None for an entry that `ref_of` did not name."""
    word, _, rest = ref.partition("-")
    number = rest.partition("-")[0]
    return int(number) if word == "case" and number.isascii() and number.isdigit() else None


def holds(lists: Lists, name: str, ref: str) -> bool:
    """Whether the list has such an entry."""
    try:
        lists.preview_withdrawal(name, refs=[ref])
    except NotFound:
        return False
    return True


def _import(lists: Lists, name: str, entries: Sequence[Listed], classification: str, memory: Path) -> None:
    """Nothing; the list is there, with these entries. It asks for review and never grows stale: it is our own."""
    memory.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Fingerprints in plain text may stand in memory, never on a disk.
    with tempfile.NamedTemporaryFile("w", dir=memory, suffix=".ndjson", encoding="utf-8") as file:
        for one in entries:
            for print_ in one.fingerprints:
                row = {print_.kind: print_.value.hex(), "id": one.ref, "classification": classification}
                row |= {} if print_.quality is None else {"quality": str(print_.quality)}
                file.write(json.dumps(row) + "\n")
        file.flush()
        # `add`, not `replace`: if another worker made the list a moment ago, its entries stay.
        lists.import_file(
            Path(file.name), name=name, format="ndjson", source=SOURCE, polarity="known-bad", max_age_days=0, mode="add"
        )


def _prints(fields: Fields, sealed: bytes | None) -> tuple[Fingerprint, ...]:
    if sealed is None:
        return ()
    rows = json.loads(fields.unseal_text("fingerprints", sealed))
    return tuple(Fingerprint(kind, bytes.fromhex(value), quality) for kind, value, quality in rows)
