"""What somebody typed into the search, understood."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from rempart.errors import UserMistake

Kind = Literal["all", "case", "number", "url", "content", "host", "account", "person"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_CHARACTERS = 4096

_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("case", re.compile(r"#?\s*\d{1,15}")),
    ("content", re.compile(r"[0-9a-fA-F]{64}")),
    # A number as intake and appeals give it out: a letter and three groups of four.
    ("number", re.compile(r"[A-Za-z](?:[- ]?[0-9A-Za-z]{4}){3}")),
    ("person", re.compile(r"[A-Z]-[0-9A-Za-z]{1,10}")),
    ("url", re.compile(r"\S+(://|/)\S*")),
    ("host", re.compile(r"[^\s@]+\.[^\s@]+")),
)


@dataclass(frozen=True, slots=True)
class Question:
    """Which cases are looked for; an empty text or None asks for nothing.

    kind: how `text` is meant. since: inclusive. until: exclusive. before: cases older than this one only.
    """

    kind: Kind
    text: str
    state: str = ""
    tier: int | None = None
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None

    @property
    def filters(self) -> list[str]:
        """The names of the filters that are set; their values stay with who asked."""
        asked = {"state": self.state, "outcome": self.outcome, "since": self.since, "until": self.until}
        return [name for name, value in asked.items() if value] + (["tier"] if self.tier is not None else [])


def kind_of(text: str) -> Kind:
    """How a text is meant when nobody says: a number, a digest, an address, a host, else an account."""
    if not text:
        return "all"
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(text)), "account")


def understood(text: str, kind: str = "") -> tuple[Kind, str]:
    """(how the text is meant, the text without what surrounds it). kind: as chosen, empty to guess.

    Raises UserMistake when the text is too long, or not of the chosen kind.
    """
    bare = text.strip()
    if len(bare) > MOST_CHARACTERS:
        raise UserMistake(f"what is searched for is too long (at most {MOST_CHARACTERS} characters); write less of it")
    chosen = next((one for one in KINDS if one == kind), None) or kind_of(bare)
    if not bare or chosen == "all":
        return "all", ""
    if chosen == "content" and not re.fullmatch(r"[0-9a-fA-F]{64}", bare):
        raise UserMistake("exact content is found by its SHA-256; write its 64 hexadecimal digits")
    if chosen == "case" and not re.fullmatch(r"#?\s*\d{1,15}", bare):
        raise UserMistake("a case number has digits only; write it as on the card, such as 128")
    return chosen, bare.lstrip("# ") if chosen == "case" else bare
