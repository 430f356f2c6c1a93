"""Archives: their members are items of their own. Nothing is written to disk and no name is believed."""

from collections.abc import Iterator
from typing import IO

from rempart.facts import Limits, reasons
from rempart.media.archives import tars, zips
from rempart.media.archives.member import Member
from rempart.media.content_type import CONTAINERS, HEAD_BYTES, ZIP, sniff
from rempart.media.not_examinable import NotExaminable

__all__ = ["Member", "members"]


def members(stream: IO[bytes], limits: Limits) -> Iterator[Member]:
    """Every member of the archive, one at a time, read from the stream as they are needed.

    stream: seekable; it may be far larger than the memory. Only for the confined child.
    Raises NotExaminable when the rest of the archive cannot be unpacked.
    """
    media_type = sniff(stream.read(HEAD_BYTES))
    stream.seek(0)
    if media_type in CONTAINERS - {ZIP}:
        return tars.members(stream, limits, media_type)
    if media_type == ZIP or zips.is_in(stream):
        return zips.members(stream, limits)
    raise NotExaminable(reasons.reason(reasons.UNSUPPORTED, media_type))
