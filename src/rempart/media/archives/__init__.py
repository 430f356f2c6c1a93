"""Archives: their members are items of their own. Nothing is written to disk and no name is believed."""

from collections.abc import Iterator
from typing import IO

from rempart.facts import Limits, reasons
from rempart.media.archives import tars, zips
from rempart.media.archives.member import Member
from rempart.media.archives.reading import length_of
from rempart.media.budget import Budget
from rempart.media.content_type import CONTAINERS, HEAD_BYTES, ZIP, sniff
from rempart.media.not_examinable import NotExaminable

__all__ = ["Member", "members"]


def members(stream: IO[bytes], limits: Limits, budget: Budget | None = None) -> Iterator[Member]:
    """Every member of the archive, one at a time, read from the stream as they are needed.

    stream: seekable; it may be far larger than the memory. Only for the confined child.
    budget: what is left for it; by default, that of an item of its own.
    Raises NotExaminable when the rest of the archive cannot be unpacked.
    """
    media_type = sniff(stream.read(HEAD_BYTES))
    budget = budget or Budget.of(limits, length_of(stream))
    stream.seek(0)
    if media_type in CONTAINERS - {ZIP}:
        return tars.members(stream, media_type, budget)
    if media_type == ZIP or zips.is_in(stream):
        return zips.members(stream, budget)
    raise NotExaminable(reasons.reason(reasons.UNSUPPORTED, media_type))
