"""The outcome for one item. Three outcomes, never two."""

from dataclasses import dataclass, field
from typing import Literal, assert_never

from rempart.facts.evidence import Origin
from rempart.facts.hash_list import Policy
from rempart.facts.match import Match


@dataclass(frozen=True, slots=True)
class Matched:
    """The item meets at least one entry of a known-bad list.

    matches: best first; entries of known-good lists that the item also meets stand among them.
    policy: what the lists together ask for.
    """

    matches: tuple[Match, ...]
    policy: Policy


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Everything in the item was examined and nothing met a known-bad list.

    known_good: entries of known-good lists that the item meets.
    """

    known_good: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class NotExamined:
    """Nothing matched, and something could not be examined: see `rempart.facts.reasons`."""

    reason: str


Outcome = Matched | NoMatch | NotExamined
OutcomeName = Literal["match", "no_match", "not_examined"]


def name_of(outcome: Outcome) -> OutcomeName:
    """The outcome's name in JSON and counts."""
    match outcome:
        case Matched():
            return "match"
        case NoMatch():
            return "no_match"
        case NotExamined():
            return "not_examined"
    assert_never(outcome)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for one item; the same item, lists and settings give the same bytes.

    gaps: every reason why a part of the item was not examined, also when the rest matched.
    preview: see `Examination.preview`; never written to JSON.
    content: the same for the same bytes, so that copies can be told from distinct items; never written to JSON.
    origin: see `Examination.origin`; it never changes the outcome.
    """

    item: str
    outcome: Outcome
    media_type: str = "application/octet-stream"
    size_bytes: int = 0
    width_pixels: int | None = None
    height_pixels: int | None = None
    frames: int = 0
    gaps: tuple[str, ...] = ()
    preview: bytes | None = field(default=None, repr=False)
    content: str = field(default="", repr=False, compare=False)
    origin: Origin | None = None
