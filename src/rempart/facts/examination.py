"""What the sandboxed child saw in one item, before any list is consulted."""

from dataclasses import dataclass, field

from rempart.facts.evidence import Origin
from rempart.facts.fingerprint import Fingerprint, Variant


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything that can be said of one item's bytes without a list.

    media_type: by content, such as `image/jpeg`; `application/octet-stream` when unknown.
    digests: sha256, sha1 and md5 of the bytes; empty only when the bytes could not be read whole.
    variants: perceptual fingerprints of every view of quality enough to be compared.
    gaps: why something in the item was not examined, `code` or `code: detail`; empty when all was.
    container: True for an archive, whose members are items of their own.
    preview: at most 96x96 grey PNG, only when asked for.
    origin: how the pixels were made, from evidence; None when that was not examined.
    """

    media_type: str
    size_bytes: int
    digests: tuple[Fingerprint, ...] = ()
    variants: tuple[Variant, ...] = ()
    gaps: tuple[str, ...] = ()
    width_pixels: int | None = None
    height_pixels: int | None = None
    frames: int = 0
    container: bool = False
    preview: bytes | None = field(default=None, repr=False)
    origin: Origin | None = None
