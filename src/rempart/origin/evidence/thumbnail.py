"""The small picture inside EXIF beside the large one: only a clearly foreign one is told."""

from collections.abc import Iterator

from rempart.facts import Limits, reasons
from rempart.facts.evidence import Claim, Evidence
from rempart.media import open_pictures
from rempart.origin.reading import blocks
from rempart.origin.subject import Pixels, Segment, Subject
from rempart.origin.thumbnail import likeness
from rempart.thresholds import THUMBNAIL_FOREIGN_LIKENESS

_MOST_THUMBNAILS = 4
_LIMITS = Limits(max_bytes=4 * 2**20, max_pixels=2_000_000, max_frames=1, max_seconds=2.0)


class _Thumbnail:
    name = "thumbnail"
    needs_pixels = True

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """A contradiction for a thumbnail of another picture, a reason for one that cannot be opened; else nothing.

        That it fits is no evidence: every editor writes thumbnails that fit.
        """
        if subject.pixels is None:
            return
        carriers = [(segment, tags.thumbnail) for segment, tags in blocks(subject) if tags.thumbnail]
        for segment, data in carriers[:_MOST_THUMBNAILS]:
            luma, reason = _decoded(data)
            if luma is None:
                yield _evidence(segment, "noStatement", reason)
            elif _is_foreign(subject.pixels, luma):
                yield _evidence(segment, "anotherPictureInside")


def _decoded(data: bytes) -> tuple[Pixels | None, str]:
    """The thumbnail in grey, or why there is none."""
    opened = open_pictures(data, _LIMITS)
    lumas = [picture.luma for picture in opened]
    if not lumas or opened.gaps:
        return None, (*opened.gaps, reasons.reason(reasons.DAMAGED, "thumbnail"))[0]
    return lumas[0], ""


def _is_foreign(pixels: Pixels, thumbnail: Pixels) -> bool:
    found = likeness(pixels, thumbnail)
    return found is not None and 100 * found < THUMBNAIL_FOREIGN_LIKENESS.value


def _evidence(segment: Segment, claim: Claim, reason: str = "") -> Evidence:
    return Evidence(
        source=SOURCE.name,
        kind="thumbnail",
        locator=f"{segment.locator} thumbnail",
        claim=claim,
        strength="hint" if reason else "structural",
        add_cost="trivial",
        strip_cost="trivial",
        raw_sha256=segment.raw_sha256,
        reason=reason,
    )


SOURCE = _Thumbnail()
