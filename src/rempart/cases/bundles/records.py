"""One row of a bundle, before it becomes a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rempart.cases.intake.opening import Tie
from rempart.cases.intake.urls import Url
from rempart.facts import Fingerprint
from rempart.facts.case import FeatureValue


@dataclass(frozen=True, slots=True)
class BundleRow:
    """What one row says. Everything that could name a person or a picture is hidden from `repr`.

    position: number of the line or record, from 1. identity: what makes it this row of its partner and no other.
    said: word of the vocabulary -> value. set_aside: what stands in the row and could not be used, in fixed words.
    """

    position: int
    identity: str = field(repr=False)
    prints: tuple[Fingerprint, ...] = field(default=(), repr=False)
    urls: tuple[Url, ...] = field(default=(), repr=False)
    ties: tuple[Tie, ...] = field(default=(), repr=False)
    name: str = field(default="upload", repr=False)
    said: Mapping[str, FeatureValue] = field(default_factory=dict)
    captured_at: datetime | None = None
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that was not taken: where, and why; never what stood there.

    ends_file: the rest of the file cannot be read either.
    """

    position: int
    reason: str
    ends_file: bool = False


Read = BundleRow | Refused
