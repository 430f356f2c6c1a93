"""What every kind of fingerprint can do, and the hexadecimal spelling they share."""

from typing import Protocol

from rempart.facts import BYTES_OF_KIND, Fingerprint, Kind
from rempart.fingerprints.mistakes import NotAFingerprint


class KindSpec(Protocol):
    """One kind of fingerprint: how it is spelt, and which values no list may hold."""

    @property
    def name(self) -> Kind:
        """The kind's name in facts and JSON."""
        ...

    @property
    def size_bytes(self) -> int:
        """How many bytes a value has."""
        ...

    def parse(self, text: str, quality: int | None = None) -> Fingerprint:
        """The fingerprint that the text spells. Raises NotAFingerprint, without repeating the text."""
        ...

    def refuse(self, fingerprint: Fingerprint) -> str | None:
        """Why a list may not hold this value, or None when it may."""
        ...


def from_hex(kind: Kind, text: str, quality: int | None = None) -> Fingerprint:
    """The fingerprint spelt by hexadecimal digits of either case, blanks around them ignored.

    Raises NotAFingerprint, whose message gives lengths and never the text.
    """
    digits = text.strip()
    wanted = 2 * BYTES_OF_KIND[kind]
    if len(digits) != wanted:
        raise NotAFingerprint(f"a {kind} fingerprint has {wanted} hexadecimal digits, this one has {len(digits)}")
    if not digits.isascii() or not digits.isalnum():
        raise NotAFingerprint(f"a {kind} fingerprint has hexadecimal digits only; check which column holds it")
    try:
        value = bytes.fromhex(digits)
    except ValueError:
        # `from None`: the original message would point into the value.
        raise NotAFingerprint(
            f"a {kind} fingerprint has hexadecimal digits only; check which column holds it"
        ) from None
    return Fingerprint(kind, value, quality)


def is_uniform(value: bytes) -> bool:
    """True when every bit is the same: a placeholder, never a measurement."""
    return value in (b"\x00" * len(value), b"\xff" * len(value))
