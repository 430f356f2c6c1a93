"""What runs inside the sandboxed child: bytes in, an examination out. No list, no key and no network is there."""

from typing import Any

from rempart.facts import Examination, Limits, Variant, View, reasons
from rempart.facts.wire import examination_to_json
from rempart.fingerprints import digests, pdq_exact, variants
from rempart.media import Picture, open_pictures, preview_png
from rempart.thresholds import PDQ_LEAST_QUALITY


def examine(data: bytes, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """The examination of these bytes as JSON values.

    request: `exact` for the PDQ that equals the reference bit for bit; `preview` for a small grey picture.
    """
    opened = open_pictures(data, limits, colour=request["exact"])
    found: list[Variant] = []
    pictures, preview = 0, None
    for picture in opened:
        pictures += 1
        found.extend(_variants(picture, request["exact"]))
        if request["preview"] and preview is None:
            preview = preview_png(picture)
    if pictures and not found:
        opened.add_gap(reasons.LOW_QUALITY)
    return examination_to_json(
        Examination(
            media_type=opened.media_type,
            size_bytes=len(data),
            digests=digests(data),
            variants=tuple(found),
            gaps=opened.gaps,
            width_pixels=opened.width_pixels,
            height_pixels=opened.height_pixels,
            frames=opened.frames,
            container=opened.container,
            preview=preview,
        )
    )


def _variants(picture: Picture, exact: bool) -> tuple[Variant, ...]:
    """Every view of the picture; in exact mode the plain one is the reference's own, to the bit."""
    views = variants(picture.luma, frame=picture.frame, ground=picture.ground).variants
    if not exact or picture.rgb is None:
        return views
    plain = View(picture.frame, picture.ground)
    reference = pdq_exact(picture.rgb)
    kept = tuple(variant for variant in views if variant.view != plain)
    return (Variant(reference, plain), *kept) if (reference.quality or 0) >= PDQ_LEAST_QUALITY.value else kept
