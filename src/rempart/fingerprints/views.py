"""Every way a known picture may have been shown to us: turned, mirrored, bordered, hashed by either reference."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rempart.facts import Fingerprint, Variant, View
from rempart.facts.fingerprint import Crop, Ground, PdqPath, Transform
from rempart.fingerprints.borders import without_border
from rempart.fingerprints.pictures import Luma, checked_luma
from rempart.fingerprints.turns import turned_full, turned_nearest
from rempart.thresholds import PDQ_LEAST_QUALITY


@dataclass(frozen=True, slots=True)
class Views:
    """The fingerprints of a picture worth comparing, plainest view first, and how good the plain view is.

    variants: no two with one value; none below PDQ_LEAST_QUALITY. Empty means: too little structure to compare.
    quality: 0..100 of the whole picture as it stands, so that a caller can say why `variants` is empty.
    """

    variants: tuple[Variant, ...]
    quality: int


def variants(luma: Luma, *, frame: int = 0, ground: Ground = "opaque") -> Views:
    """All views of one picture: both canonical paths, eight transforms, with and without a plain border.

    luma: (height, width) uint8. frame, ground: copied into every view. Raises PictureTooSmall below 5x5.
    """
    luma = checked_luma(luma)
    found = [
        Variant(fingerprint, View(frame, ground, crop, path, transform))
        for crop, pixels in _crops(luma)
        for path, transform, fingerprint in _looks(pixels)
    ]
    return Views(tuple(_worth_comparing(found)), found[0].fingerprint.quality or 0)


def _crops(luma: Luma) -> Iterator[tuple[Crop, Luma]]:
    yield "whole", luma
    for inner in without_border(luma):
        yield "unbordered", inner


def _looks(luma: Luma) -> Iterator[tuple[PdqPath, Transform, Fingerprint]]:
    for transform, fingerprint in turned_full(luma):
        yield "full", transform, fingerprint
    for transform, fingerprint in turned_nearest(luma):
        yield "nearest-512", transform, fingerprint


def _worth_comparing(found: Iterable[Variant]) -> Iterator[Variant]:
    seen: set[bytes] = set()
    for variant in found:
        fingerprint = variant.fingerprint
        if (fingerprint.quality or 0) >= PDQ_LEAST_QUALITY.value and fingerprint.value not in seen:
            seen.add(fingerprint.value)
            yield variant
