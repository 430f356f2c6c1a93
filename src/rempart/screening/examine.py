"""What runs inside the sandboxed child: bytes in, an examination out. No list, no key and no network is there."""

import base64
from typing import Any

from rempart import origin
from rempart.facts import Examination, Limits, Variant, View, reasons
from rempart.facts.evidence import Origin
from rempart.facts.evidence_wire import origin_to_json
from rempart.facts.wire import examination_to_json
from rempart.fingerprints import pdq_exact, variants
from rempart.media import HEAD_BYTES, Picture, first_pixels, open_pictures, preview_png, rendered_jpeg, sniff
from rempart.origin import detectors
from rempart.origin.containers import walk
from rempart.origin.examining import NamedDetector
from rempart.origin.trust import Trust, trust_from_json
from rempart.thresholds import PDQ_LEAST_QUALITY

_MOST_CARRIER_BYTES = 8 * 2**20


class _Believed:
    """Whom the child believes; set once in the nursery, before any untrusted byte is read."""

    trust = Trust()
    detector: NamedDetector | None = None


def believe(record: dict[str, Any]) -> None:
    """From now on these trust stores are in force in this process."""
    _Believed.trust = trust_from_json(record)


def plug_in(name: str) -> None:
    """From now on this detector's score is noted wherever pixels are looked at."""
    _Believed.detector = (name, detectors.load(name))


def examine(data: bytes, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """What was asked of these bytes, as JSON values: their examination, or how their pixels were made.

    request: `do` is `look`, `origin`, `carriers` or `render`. For `look`: `exact` for the PDQ that equals the
    reference bit for bit, `preview` for a small grey picture. For `origin`: `pixels` to look at the pixels, too.
    For `carriers`: `wanted`, the hashes of those to hand out, so that they can be sealed. `render` gives the first
    frame, encoded anew.
    """
    if request["do"] == "render":
        return {"jpeg": base64.b64encode(_rendered(data, limits)).decode()}
    if request["do"] == "origin":
        return origin_to_json(_origin(data, request["pixels"], limits))
    if request["do"] == "carriers":
        return {"carriers": _carriers(data, set(request["wanted"]))}
    return examination_to_json(_look(data, request, limits))


def _origin(data: bytes, look_at_pixels: bool, limits: Limits) -> Origin:
    pixels = first_pixels(data, limits) if look_at_pixels else None
    media_type = sniff(data[:HEAD_BYTES])
    return origin.examine(data, media_type, trust=_Believed.trust, pixels=pixels, detector=_Believed.detector)


def _carriers(data: bytes, wanted: set[str]) -> dict[str, str]:
    """Hash -> content in base64 of the carriers asked for, as many as fit into one answer."""
    found: dict[str, str] = {}
    room = _MOST_CARRIER_BYTES
    for segment in walk(data, sniff(data[:HEAD_BYTES])).segments:
        if segment.raw_sha256 in wanted and len(segment.data) <= room:
            found[segment.raw_sha256] = base64.b64encode(segment.data).decode()
            room -= len(segment.data)
    return found


def _rendered(data: bytes, limits: Limits) -> bytes:
    """The first frame as a JPEG of our own making; empty when there is none."""
    first = next(iter(open_pictures(data, limits, colour=True)), None)
    return b"" if first is None else rendered_jpeg(first)


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
