"""What lies behind the end of a file: cameras hang second pictures and videos there, and people hide things there."""

import re

from rempart.media.content_type import HEAD_BYTES, UNKNOWN, sniff

_PADDING = re.compile(rb"[\0\s]*")
_BRAND_AT = 4
_FARTHEST_BRAND = 64
_WEAK = ("image/x-icon", "audio/mpeg", "video/mpeg")  # two to four bytes that any padding or counter may hold
"""Before the brand of a video lie at most a box header (`mpvd` of HEIC) or the label of a Samsung trailer."""


def behind(data: bytes, end: int) -> tuple[int, str]:
    """Where the next file starts, and its media type; `application/octet-stream` when nothing recognisable follows."""
    for start in (end, _without_padding(data, end)):
        if (media_type := sniff(data[start : start + HEAD_BYTES])) not in (UNKNOWN, *_WEAK):
            return start, media_type
    return len(data), UNKNOWN


def _without_padding(data: bytes, end: int) -> int:
    """The first byte that is neither zero nor space; a video begins four bytes before its brand."""
    padded = _PADDING.match(data, end)
    start = padded.end() if padded else end
    brand = data.find(b"ftyp", start, start + _FARTHEST_BRAND)
    return brand - _BRAND_AT if brand - _BRAND_AT >= end else start
