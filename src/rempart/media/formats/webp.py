"""WebP, lossy, lossless and animated."""

from rempart.media.format import PillowFormat


def _announced_bytes(data: bytes) -> int:
    """How long the file is by its RIFF header."""
    return 8 + int.from_bytes(data[4:8], "little")


def _is_whole(data: bytes) -> bool:
    return len(data) >= _announced_bytes(data)


FORMAT = PillowFormat("webp", "WEBP", _is_whole, _announced_bytes)
