"""The boxes of ISO base media files (AVIF, HEIC): only how far they reach."""

from collections.abc import Iterator

from rempart.media.mending import filled_up

_HEADER_BYTES = 8
_MOTION_PHOTO_VIDEO = b"mpvd"


def announced_bytes(data: bytes) -> int:
    """How long the file is by its top-level boxes; longer than the data when a download was cut short."""
    at = 0
    for _, at in _boxes(data):
        if (size := _size(data, at)) < _HEADER_BYTES:  # 0 means "to the end of the file"; less is rubbish
            return len(data)
        at += size
    return at + _HEADER_BYTES if at < len(data) else at


def _boxes(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Name and start of each top-level box."""
    at = 0
    while at + _HEADER_BYTES <= len(data):
        yield data[at + 4 : at + 8], at
        if (size := _size(data, at)) < _HEADER_BYTES:
            return
        at += size


def _size(data: bytes, at: int) -> int:
    size = int.from_bytes(data[at : at + 4], "big")
    return int.from_bytes(data[at + 8 : at + 16], "big") if size == 1 else size


def boxes_fit(data: bytes) -> bool:
    """True when every top-level box ends within the file."""
    return announced_bytes(data) <= len(data)


def end(data: bytes) -> int:
    """Where the video of a motion photo begins; the length of the data when there is none."""
    return next((at for name, at in _boxes(data) if name == _MOTION_PHOTO_VIDEO), len(data))


def mended(data: bytes) -> bytes:
    """The file with its last box filled up."""
    return filled_up(data, announced_bytes(data))
