"""What is examined."""

from dataclasses import dataclass
from pathlib import Path

from rempart.facts.fingerprint import Fingerprint


@dataclass(frozen=True, slots=True)
class Item:
    """Something to examine: where it came from, and its bytes.

    name: how people find it again: a path, a URL, or `archive.zip!/member.png`.
    content: a path to read, the bytes themselves, or None when only fingerprints are known (an index-only row).
    known: fingerprints that came with the item, such as the digest column of a dataset index.
    """

    name: str
    content: Path | bytes | None = None
    known: tuple[Fingerprint, ...] = ()
