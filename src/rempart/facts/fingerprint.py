"""Fingerprints, and how the picture was looked at to get one."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["sha256", "sha1", "md5", "pdq"]
Transform = Literal["identity", "rotate90", "rotate180", "rotate270", "mirror", "flip", "transpose", "transverse"]
PdqPath = Literal["full", "nearest-512"]
Crop = Literal["whole", "unbordered"]
Ground = Literal["opaque", "black", "white"]

BYTES_OF_KIND: dict[Kind, int] = {"sha256": 32, "sha1": 20, "md5": 16, "pdq": 32}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A digest or perceptual hash of one kind.

    value is sensitive (a PDQ hash can be inverted into a blurry thumbnail), so `repr` leaves it out.
    quality: 0..100 for perceptual kinds, None for digests.
    """

    kind: Kind
    value: bytes = field(repr=False)
    quality: int | None = None

    def __post_init__(self) -> None:
        if len(self.value) != BYTES_OF_KIND[self.kind]:
            raise ValueError(f"a {self.kind} fingerprint has {BYTES_OF_KIND[self.kind]} bytes, not {len(self.value)}")


@dataclass(frozen=True, slots=True)
class View:
    """How the picture was looked at before it was fingerprinted.

    frame: which distinct frame or page, from 0.
    ground: what transparent pixels were laid on.
    crop: `unbordered` when a plain border or letterbox was cut away first.
    path: which of the two canonical PDQ paths: every pixel, or 512x512 nearest neighbour.
    transform: what was done to the picture; `rotate90` is clockwise, `mirror` swaps left and right,
        `flip` swaps top and bottom, `transpose` mirrors on the main diagonal, `transverse` on the other.
    """

    frame: int = 0
    ground: Ground = "opaque"
    crop: Crop = "whole"
    path: PdqPath = "full"
    transform: Transform = "identity"


@dataclass(frozen=True, slots=True)
class Variant:
    """One perceptual fingerprint of one view of an item."""

    fingerprint: Fingerprint
    view: View
