"""What every source of evidence is: one file, one function, nothing but what it sees."""

from collections.abc import Iterable
from typing import Protocol

from rempart.facts.evidence import Evidence
from rempart.origin.subject import Subject


class EvidenceSource(Protocol):
    """One leaf of `rempart.origin.evidence`."""

    @property
    def name(self) -> str:
        """Its name in the registry and in `Evidence.source`."""
        ...

    @property
    def needs_pixels(self) -> bool:
        """Whether it looks at pixels, and so runs only where they were decoded."""
        ...

    def observe(self, subject: Subject) -> Iterable[Evidence]:
        """What it sees, in a stable order; a reason as evidence for what it could not examine. Never raises."""
        ...
