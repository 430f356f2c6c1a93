"""One item that a host has screened: what it sends along, and what it is answered."""

from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from rempart.errors import UserMistake
from rempart.facts import BYTES_OF_KIND, Fingerprint, Kind, Variant, View, reasons
from rempart.facts.case import Channel
from rempart.facts.examination import Examination
from rempart.thresholds import PDQ_LEAST_QUALITY

Verdict = Literal["block", "review", "allow", "unscreened"]
WhenUnable = Literal["open", "closed"]
Visibility = Literal["public", "private"]
ANSWER_VERSION = 1
# Hosted uploads are screened here; messages between people are not, whoever asks.
MESSAGES = frozenset({"direct", "message", "direct_message", "private_message", "chat", "e2ee"})
MOST_FINGERPRINTS = 64
MOST_QUALITY = 100


@dataclass(frozen=True, slots=True)
class About:
    """What the host says of the item. Nothing in it is shown or logged; what it does not say stays unknown.

    accounts: those involved, as `parties.parties_of` checked them; sealed with the case for reports.
    """

    name: str = field(default="upload", repr=False)
    account: str = field(default="", repr=False)
    url: str = field(default="", repr=False)
    uploaded_at: datetime | None = None
    captured_at: datetime | None = None
    visibility: Visibility | None = None
    accounts: tuple[dict[str, Any], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Submission:
    """One item as it was sent: the bytes, or fingerprints where the host keeps the bytes to itself.

    sha256: of the bytes, or the one that was given; empty when neither is known.
    """

    content: bytes | None = field(repr=False)
    known: tuple[Fingerprint, ...]
    about: About
    sha256: bytes = field(default=b"", repr=False)
    channel: Channel = "api"
    request_key: str | None = None

    @property
    def identity(self) -> bytes:
        """What makes it this item and no other: its bytes' SHA-256, or else its fingerprints together."""
        if self.sha256:
            return self.sha256
        prints = sorted((one.kind, one.value.hex(), one.quality or 0) for one in self.known)
        return sha256(repr(prints).encode()).digest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the host is told. It never names a list, a distance or a fingerprint.

    complete: everything in the item was examined. reason: why not, or why it could not be screened at all.
    case: the case that a match opened. let_through: the verdict as the settings want it carried out.
    """

    item: str
    verdict: Verdict
    case: int | None
    complete: bool
    reason: str
    let_through: bool

    def to_json(self) -> dict[str, Any]:
        """The answer as it is sent."""
        return {
            "version": ANSWER_VERSION,
            "item": self.item,
            "verdict": self.verdict,
            "case": self.case,
            "complete": self.complete,
            "reason": self.reason,
            "let_through": self.let_through,
        }


def lets_through(verdict: Verdict, when_unable: WhenUnable) -> bool:
    """Whether the item may be shown: what no machine could decide goes as the settings say."""
    return verdict == "allow" or (verdict != "block" and when_unable == "open")


def visibility_of(word: str) -> Visibility | None:
    """How the item was shared. Raises UserMistake for messages: they are never screened here."""
    plain = word.strip().lower().replace("-", "_")
    if plain in MESSAGES:
        raise UserMistake("private messages are not screened here; send hosted uploads only")
    if plain not in ("", "public", "unlisted", "private"):
        raise UserMistake("this visibility is not known; give `public`, `unlisted` or `private`, or leave it out")
    return None if not plain else "private" if plain == "private" else "public"


def fingerprints_of(said: object) -> tuple[Fingerprint, ...]:
    """The fingerprints of `[{"kind": "pdq", "value": hex, "quality": 80}, …]`. Raises UserMistake; quotes none."""
    if not isinstance(said, list) or not 0 < len(said) <= MOST_FINGERPRINTS:
        raise UserMistake(f"`fingerprints` is a list of 1 to {MOST_FINGERPRINTS}; see the documentation")
    return tuple(_fingerprint(one) for one in said)


def _fingerprint(said: object) -> Fingerprint:
    if not isinstance(said, dict) or not {"kind", "value"} <= said.keys() <= {"kind", "value", "quality"}:
        raise UserMistake("a fingerprint has `kind`, `value` and, for pdq, `quality`; see the documentation")
    kind, value, quality = said["kind"], said["value"], said.get("quality")
    if not isinstance(kind, str) or kind not in BYTES_OF_KIND:
        raise UserMistake(f"this kind of fingerprint is not known; kinds are {', '.join(BYTES_OF_KIND)}")
    known: Kind = kind
    try:
        raw = bytes.fromhex(value) if isinstance(value, str) and value.isascii() else b""
    except ValueError:
        raw = b""
    if len(raw) != BYTES_OF_KIND[known]:
        raise UserMistake(f"a {kind} fingerprint is written with {2 * BYTES_OF_KIND[known]} hexadecimal digits")
    if kind != "pdq":
        return Fingerprint(known, raw)
    if not isinstance(quality, int) or isinstance(quality, bool) or not 0 <= quality <= MOST_QUALITY:
        raise UserMistake("a pdq fingerprint comes with its quality, 0 to 100; give `quality`")
    return Fingerprint(known, raw, quality)


def examination_of(known: tuple[Fingerprint, ...]) -> Examination:
    """What is known of an item whose bytes stay with the host."""
    digests = tuple(one for one in known if one.kind != "pdq")
    prints = [one for one in known if one.kind == "pdq"]
    good = [one for one in prints if (one.quality or 0) >= PDQ_LEAST_QUALITY.value]
    gaps = (reasons.LOW_QUALITY,) if len(good) < len(prints) else ()
    variants = tuple(Variant(one, View()) for one in good)
    return Examination("application/octet-stream", 0, digests=digests, variants=variants, gaps=gaps)
