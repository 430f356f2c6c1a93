"""What runs inside the sandboxed child: bytes in, an examination out. No list, no key and no network is there."""

from typing import Any

from rempart import origin
from rempart.facts import Examination, Limits, Variant, View, reasons
from rempart.facts.evidence import Origin
from rempart.facts.evidence_wire import origin_to_json
from rempart.facts.wire import examination_to_json
from rempart.fingerprints import pdq_exact, variants
from rempart.media import HEAD_BYTES, Picture, first_pixels, open_pictures, preview_png, sniff
from rempart.origin.trust import Trust, trust_from_json
from rempart.thresholds import PDQ_LEAST_QUALITY


class _Believed:
    """Whom the child believes; set once in the nursery, before any untrusted byte is read."""

    trust = Trust()


def believe(record: dict[str, Any]) -> None:
    """From now on these trust stores are in force in this process."""
    _Believed.trust = trust_from_json(record)


def examine(data: bytes, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """What was asked of these bytes, as JSON values: their examination, or how their pixels were made.

    request: `do` is `look` or `origin`. For `look`: `exact` for the PDQ that equals the reference bit for bit,
    `preview` for a small grey picture. For `origin`: `pixels` to look at the pixels, too.
    """
    if request["do"] == "origin":
        return origin_to_json(_origin(data, request["pixels"], limits))
    return examination_to_json(_look(data, request, limits))


def _origin(data: bytes, look_at_pixels: bool, limits: Limits) -> Origin:
    pixels = first_pixels(data, limits) if look_at_pixels else None
    return origin.examine(data, sniff(data[:HEAD_BYTES]), trust=_Believed.trust, pixels=pixels)


def _look(data: bytes, request: dict[str, Any], limits: Limits) -> Examination:
    """What was seen; without digests, which the parent makes itself, because nobody has to be believed for them."""
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
    return Examination(
        media_type=opened.media_type,
        size_bytes=len(data),
        variants=tuple(found),
        gaps=opened.gaps,
        width_pixels=opened.width_pixels,
        height_pixels=opened.height_pixels,
        frames=opened.frames,
        container=opened.container,
        preview=preview,
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
