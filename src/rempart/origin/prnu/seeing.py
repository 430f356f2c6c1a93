"""What runs in the sandboxed child: a file's bytes in, the part of it that is compared out."""

import base64
import binascii
import zlib
from typing import Any

import numpy as np

from rempart.facts import Limits, reasons
from rempart.media import HEAD_BYTES, NotExaminable, sniff
from rempart.media.formats import FORMATS
from rempart.origin.prnu.view import MOST_SIDE_PIXELS, Luma, SensorView, view_of

TASK = "rempart.origin.prnu.seeing:see"


def see(data: bytes, _request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """The view of the first frame as stored, as JSON values. Raises NotExaminable with the reason why there is none."""
    media_type = sniff(data[:HEAD_BYTES])
    if media_type not in FORMATS:
        raise NotExaminable(reasons.reason(reasons.UNSUPPORTED, media_type))
    frame = next(FORMATS[media_type].frames(data, limits, False), None)
    if frame is None or frame.gap:
        raise NotExaminable(frame.gap if frame else reasons.EMPTY)
    view = view_of(_luma(frame.pixels))
    if isinstance(view, str):
        raise NotExaminable(view)
    return {
        "geometry": list(view.geometry),
        "window": list(view.luma.shape),
        "luma": base64.b64encode(zlib.compress(view.luma.tobytes(), 1)).decode(),
    }


def seen(answer: dict[str, Any]) -> SensorView:
    """The view in a child's answer. Raises NotExaminable when the child speaks nonsense: it is not trusted."""
    try:
        height, width, rows, columns = (int(side) for side in (*answer["geometry"], *answer["window"]))
        packed = base64.b64decode(answer["luma"], validate=True)
        samples = zlib.decompressobj().decompress(packed, MOST_SIDE_PIXELS**2)
        luma = np.frombuffer(samples, np.uint8).reshape(rows, columns)
        view = view_of(luma)
    except (KeyError, TypeError, ValueError, OverflowError, binascii.Error, zlib.error) as error:
        raise NotExaminable(reasons.CRASHED) from error
    if isinstance(view, str) or view.luma.shape != (rows, columns) or height < rows or width < columns:
        raise NotExaminable(reasons.CRASHED)
    return SensorView((height, width), view.luma)


def _luma(pixels: Luma) -> Luma:
    """One plane: grey as it is, else the mean that green dominates, as sensors do."""
    if pixels.ndim == 2:
        return pixels
    if pixels.shape[2] == 2:
        return pixels[:, :, 0]
    weights = np.array((77, 150, 29), np.uint16)  # Rec. 601 in 256ths
    mixed: Luma = (pixels[:, :, :3].astype(np.uint16) @ weights >> 8).astype(np.uint8)
    return mixed
