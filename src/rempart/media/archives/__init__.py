"""Archives: their members are items of their own. Nothing is written to disk and no name is believed."""

from collections.abc import Iterator

from rempart.facts import Limits, reasons
from rempart.media.archives import tars, zips
from rempart.media.archives.member import Member
from rempart.media.content_type import CONTAINERS, sniff
from rempart.media.not_examinable import NotExaminable

__all__ = ["Member", "members"]


def members(data: bytes, limits: Limits) -> Iterator[Member]:
    """Every member of the archive, one at a time. Only for the confined child.

    Raises NotExaminable when the rest of the archive cannot be unpacked.
    """
    media_type = sniff(data)
    if media_type not in CONTAINERS:
        raise NotExaminable(reasons.reason(reasons.UNSUPPORTED, media_type))
    if media_type == "application/zip":
        return zips.members(data, limits)
    return tars.members(data, limits, media_type)
