"""WebP, lossy, lossless and animated."""

from rempart.media.format import PillowFormat


def _has_all_it_says(data: bytes) -> bool:
    """True when the file is as long as its RIFF header says."""
    return len(data) >= 12 and len(data) >= 8 + int.from_bytes(data[4:8], "little")


FORMAT = PillowFormat("webp", "WEBP", _has_all_it_says)
