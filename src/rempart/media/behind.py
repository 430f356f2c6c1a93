"""What lies behind the end of a file: cameras hang second pictures and videos there, and people hide things there."""

import re

from rempart.media.content_type import HEAD_BYTES, UNKNOWN, sniff

_PADDING = re.compile(rb"[\0\s]*")
_BRAND_AT = 4
_FARTHEST_BRAND = 64
_WEAK_STARTS = (b"\0\0\1", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")  # padding and counters may look so
"""Before the brand of a video lie at most a box header (`mpvd` of HEIC) or the label of a Samsung trailer."""


def behind(data: bytes, end: int) -> tuple[int, str]:
    """Where the next file starts, and its media type; `application/octet-stream` when nothing recognisable follows."""
    for start in (end, _without_padding(data, end)):
        head = data[start : start + HEAD_BYTES]
        if not head.startswith(_WEAK_STARTS) and (media_type := sniff(head)) != UNKNOWN:
            return start, media_type
    return len(data), UNKNOWN


def _without_padding(data: bytes, end: int) -> int:
    """The first byte that is neither zero nor space; a video begins four bytes before its brand."""
    padded = _PADDING.match(data, end)
    start = padded.end() if padded else end
    brand = data.find(b"ftyp", start, start + _FARTHEST_BRAND)
    return brand - _BRAND_AT if brand - _BRAND_AT >= end else start
