"""What runs inside the sandboxed child: bytes in, an examination out. No list, no key and no network is there."""

from typing import Any

from rempart.facts import Examination, Limits, Variant, reasons
from rempart.facts.wire import examination_to_json
from rempart.fingerprints import digests, variants
from rempart.media import Picture, open_pictures, preview_png


def examine(data: bytes, request: dict[str, Any]) -> dict[str, Any]:
    """The examination of these bytes as JSON values.

    request: `limits` as in `Limits`; `exact` for the bit-exact PDQ; `preview` for a small grey picture;
    `digests_only` when opening the bytes already killed a child.
    """
    if request.get("digests_only"):
        return examination_to_json(Examination("application/octet-stream", len(data), digests(data)))
    return examination_to_json(_look(data, request))


def _look(data: bytes, request: dict[str, Any]) -> Examination:
    exact, wants_preview = request.get("exact", False), request.get("preview", False)
    opened = open_pictures(data, Limits(**request["limits"]), colour=exact)
    found: list[Variant] = []
    gaps: list[str] = []
    preview: bytes | None = None
    for picture in opened:
        seen = _variants(picture, exact)
        found.extend(seen)
        if not seen:
            gaps.append(reasons.LOW_QUALITY)
        if wants_preview and preview is None:
            preview = preview_png(picture)
    return Examination(
        media_type=opened.media_type,
        size_bytes=len(data),
        digests=digests(data),
        variants=tuple(found),
        gaps=tuple(dict.fromkeys((*opened.gaps, *gaps))),
        width_pixels=opened.width_pixels,
        height_pixels=opened.height_pixels,
        frames=opened.frames,
        container=opened.container,
        preview=preview,
    )


def _variants(picture: Picture, exact: bool) -> tuple[Variant, ...]:
    return variants(picture.luma, frame=picture.frame, ground=picture.ground)
