"""What a list file holds, row by row, before anything is parsed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rempart.errors import UserMistake
from rempart.facts import BYTES_OF_KIND, Kind

ROLES = (*BYTES_OF_KIND, "id", "classification", "quality", "kind")
Mapped = Mapping[str, str]
"""Role -> column: a kind's name, `id`, `classification`, `quality`; for bare lines `kind` -> the kind's name."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file.

    position: line or record number, from 1.
    texts: (kind, text as written), not yet parsed; hidden from `repr`.
    unusable: kinds of fingerprint in the record that cannot be compared here, such as `photodna`.
    """

    position: int
    texts: tuple[tuple[Kind, str], ...] = field(repr=False)
    ref: str = ""
    classification: str = ""
    quality: str = ""
    unusable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record that was not taken: where, and why; never what stood there.

    ref: the record's own identifier where one could be read.
    ends_file: the rest of the file cannot be read either.
    """

    position: int
    reason: str
    ref: str = ""
    ends_file: bool = False


def stated_kind(mapping: Mapped) -> Kind | None:
    """The kind that the mapping of a file without columns states, if any. Raises UserMistake for another mapping."""
    extra = sorted(set(mapping) - {"kind"})
    if extra:
        raise UserMistake(f"this format has no column for `{extra[0]}`; only `kind=...` can be mapped")
    kind = mapping.get("kind")
    if kind is not None and kind not in BYTES_OF_KIND:
        raise UserMistake(f"there is no kind of fingerprint called `{kind}`; kinds are {', '.join(BYTES_OF_KIND)}")
    return kind


class ListFormat(Protocol):
    """One file format."""

    @property
    def name(self) -> str:
        """The name operators use."""
        ...

    def claims(self, head: bytes) -> bool:
        """Whether a file that begins with these bytes is surely of this format."""
        ...

    def rows(self, path: Path, mapping: Mapped) -> Iterator[Row | Refusal]:
        """Every record of the file, in bounded memory; a bad record is a refusal, never an exception.

        Raises UserMistake when the file as a whole cannot be meant, such as an unknown column.
        """
        ...
