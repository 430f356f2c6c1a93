"""PDQ: 256 bits of a picture's low frequencies, about half of them ones."""

from dataclasses import dataclass

from rempart.facts import BYTES_OF_KIND, Fingerprint, Kind
from rempart.fingerprints.kind_spec import from_hex, is_uniform
from rempart.thresholds import PDQ_LEAST_QUALITY

# A bit is one when its frequency lies above the median of the 256, so a picture without ties has exactly 128 ones.
# tests/fingerprints/test_kinds_pdq.py measures how far pictures of usable quality stray from that.
_ONES = 128
_ONES_TOLERANCE = 16


@dataclass(frozen=True, slots=True)
class PdqKind:
    """PDQ as a kind."""

    name: Kind = "pdq"
    size_bytes: int = BYTES_OF_KIND["pdq"]

    def parse(self, text: str, quality: int | None = None) -> Fingerprint:
        """The fingerprint that the text spells, with the quality that came beside it."""
        return from_hex(self.name, text, quality)

    def refuse(self, fingerprint: Fingerprint) -> str | None:
        """Why a list may not hold this hash, or None when it may: flat pictures meet each other everywhere."""
        if is_uniform(fingerprint.value):
            return "every bit is the same: the hash of a flat picture or a placeholder"
        ones = int.from_bytes(fingerprint.value).bit_count()
        if abs(ones - _ONES) > _ONES_TOLERANCE:
            return "far from half of its bits are ones: the hash of a flat picture or not a PDQ hash"
        if fingerprint.quality is not None and fingerprint.quality < PDQ_LEAST_QUALITY.value:
            return f"its quality is below {PDQ_LEAST_QUALITY.value}"
        return None


PDQ = PdqKind()
