"""Bytes to pictures. Untrusted bytes come here only inside a sandboxed child."""

import io
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from rempart.facts import Limits, reasons
from rempart.media.archives import zips
from rempart.media.behind import behind
from rempart.media.content_type import CONTAINERS, HEAD_BYTES, UNKNOWN, ZIP, sniff
from rempart.media.distinct import DistinctFrames
from rempart.media.formats import FORMATS
from rempart.media.not_examinable import NotExaminable
from rempart.media.picture import Frame, Picture, Pixels
from rempart.media.pixels import pictures_of

_LEAST_SIDE_PIXELS = 5
_FRAMES_LOOKED_AT_PER_KEPT = 16
_SHARE_OF_TIME_FOR_FRAMES = 0.5


@dataclass(slots=True)
class Opened:
    """One item, opened: iterate over it once, then read `gaps`, `frames` and the size.

    media_type: by content. container: an archive, whose members are items of their own; complete only after iteration,
    because it has pictures when it hangs behind one.
    width_pixels, height_pixels: of the first frame, upright; None before iteration and when nothing was decoded.
    frames: how many distinct frames or pages were yielded.
    gaps: why some of the item was not examined; complete only after iteration.
    """

    media_type: str
    container: bool
    gaps: tuple[str, ...] = ()
    width_pixels: int | None = None
    height_pixels: int | None = None
    frames: int = 0
    _pictures: Iterator[Picture] = field(default_factory=lambda: iter(()), repr=False)

    def __iter__(self) -> Iterator[Picture]:
        return self._pictures

    def add_gap(self, reason: str) -> None:
        """The reason stands among the gaps, once."""
        if reason not in self.gaps:
            self.gaps = (*self.gaps, reason)


def open_pictures(data: bytes, limits: Limits, *, colour: bool = False) -> Opened:
    """Every distinct frame of the item as upright grey pictures, decoded one at a time while you iterate.

    colour: also fill `Picture.rgb`, for the bit-exact mode; luma is then made from it.
    Nothing is raised for bad bytes: they end in `gaps`. MemoryError passes through.
    """
    media_type = sniff(data[:HEAD_BYTES])
    found = Opened(media_type=media_type, container=media_type in CONTAINERS)
    if not data:
        found.add_gap(reasons.EMPTY)
    elif len(data) > limits.max_bytes:
        found.add_gap(reasons.reason(reasons.LIMIT, "bytes"))
    elif not found.container:
        _open(found, data, limits, colour)
    return found


def _open(found: Opened, data: bytes, limits: Limits, colour: bool) -> None:
    """What is no archive by its first bytes: a picture, or something else, and perhaps a zip at its end."""
    found.container = zips.ends_with_one(io.BytesIO(data))
    if found.media_type in FORMATS:
        found._pictures = _pictures(found, _all_frames(found, data, limits, colour), limits, colour)
    elif not found.container or found.media_type != UNKNOWN:
        found.add_gap(reasons.reason(reasons.UNSUPPORTED, found.media_type))
    else:
        found.media_type = ZIP


def _all_frames(found: Opened, data: bytes, limits: Limits, colour: bool) -> Iterator[Frame]:
    """The frames of the file and of every picture behind it. Raises NotExaminable for what else is behind."""
    start, media_type = 0, found.media_type
    for _ in range(limits.max_frames):
        rest = data[start:]
        try:
            yield from FORMATS[media_type].frames(rest, limits, colour)
        except NotExaminable as error:  # costs this picture, not those behind it
            found.add_gap(error.reason)
        start, following = behind(data, start + FORMATS[media_type].end(rest))
        if following == ZIP:  # perhaps without a directory: its members are found all the same
            found.container = zips.is_in(io.BytesIO(data))
        if following == UNKNOWN or (following == ZIP and found.container):
            return
        if following not in FORMATS:
            raise NotExaminable(reasons.reason(reasons.UNSUPPORTED, f"{following} behind {media_type}"))
        media_type = following
    raise NotExaminable(reasons.reason(reasons.LIMIT, "frames"))


def first_pixels(data: bytes, limits: Limits) -> Pixels | None:
    """The first frame in colour as stored, not turned, alpha kept: (h, w, 3 or 4) uint8; None when there is none.

    For evidence that stands in the very pixels. MemoryError passes through.
    """
    media_type = sniff(data[:HEAD_BYTES])
    if media_type not in FORMATS or len(data) > limits.max_bytes:
        return None
    try:
        frame = next(FORMATS[media_type].frames(data, limits, True), None)
    except NotExaminable:
        return None
    return None if frame is None else _in_colour(frame.pixels)


def _in_colour(pixels: Pixels) -> Pixels:
    """Grey as three equal channels, alpha behind them; colour as it is."""
    planes = pixels[:, :, None] if pixels.ndim == 2 else pixels
    return planes if planes.shape[2] > 2 else planes[:, :, [0, 0, 0, *range(1, planes.shape[2])]]


def _pictures(found: Opened, frames: Iterator[Frame], limits: Limits, colour: bool) -> Iterator[Picture]:
    """The pictures; what goes wrong on the way is noted in `found`."""
    try:
        for frame in _within_limits(frames, limits):
            yield from _of_frame(found, frame, colour)
    except NotExaminable as error:
        found.add_gap(error.reason)


def _of_frame(found: Opened, frame: Frame, colour: bool) -> Iterator[Picture]:
    for picture in pictures_of(frame, found.frames, colour):
        height, width = picture.luma.shape
        if found.width_pixels is None:
            found.width_pixels, found.height_pixels = width, height
        if min(height, width) < _LEAST_SIDE_PIXELS:
            found.add_gap(reasons.TOO_SMALL)
            break
        yield picture
    found.frames += 1
    if frame.gap:
        found.add_gap(frame.gap)


def _within_limits(frames: Iterator[Frame], limits: Limits) -> Iterator[Frame]:
    """The distinct frames, as many as the limits allow. Raises NotExaminable when some are left over."""
    distinct = DistinctFrames()
    stop_at = time.monotonic() + limits.max_seconds * _SHARE_OF_TIME_FOR_FRAMES
    kept = 0
    for looked_at, frame in enumerate(frames):
        if looked_at >= limits.max_frames * _FRAMES_LOOKED_AT_PER_KEPT:
            raise NotExaminable(reasons.reason(reasons.LIMIT, "frames"))
        if looked_at and time.monotonic() > stop_at:
            raise NotExaminable(reasons.reason(reasons.LIMIT, "seconds"))
        if not frame.gap and not distinct.is_new(frame.pixels):
            continue
        if kept == limits.max_frames:
            raise NotExaminable(reasons.reason(reasons.LIMIT, "frames"))
        kept += 1
        yield frame
