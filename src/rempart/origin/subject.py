"""What evidence sources look at: the bytes, their carriers, and pixels when somebody decoded them anyway."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rempart.origin.trust import Trust

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Segment:
    """One carrier inside a file: a JPEG APP segment, a PNG chunk, a RIFF chunk, a box, a TIFF directory entry.

    container: `JPEG`, `PNG`, `RIFF`, `GIF`, `TIFF` or `BMFF`. name: `APP1 XMP`, `tEXt`, `eXIf`, `caBX`, `uuid` ...
    key: the keyword of a text chunk, from the file; never shown unless it is in our own vocabulary.
    data: the payload without headers, decompressed and bounded; it may hold a prompt, so it is never shown.
    raw_sha256: of the bytes as they stand in the file.
    """

    container: str
    name: str
    key: str = ""
    data: bytes = field(default=b"", repr=False)
    raw_sha256: str = ""

    @property
    def locator(self) -> str:
        """Where it stands, for people."""
        return f"{self.container} {self.name}"


@dataclass(frozen=True, slots=True)
class Subject:
    """One item under examination.

    data: the whole file. segments: its carriers, in file order. gaps: what of the container could not be walked.
    pixels: the first frame as stored (not turned): (h, w, 3) or (h, w, 4) uint8; None when nobody decoded it.
    trust: the trust stores, deny list and product list in force.
    """

    data: bytes = field(repr=False)
    media_type: str
    segments: tuple[Segment, ...]
    trust: Trust
    pixels: Pixels | None = field(default=None, repr=False)
    gaps: tuple[str, ...] = ()

    def named(self, *names: str) -> Iterator[Segment]:
        """The segments with one of these names."""
        return (segment for segment in self.segments if segment.name in names)
