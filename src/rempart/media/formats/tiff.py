"""TIFF: strips and tiles, CMYK, 16 bit and float, many pages. Pillow applies its orientation itself."""

from PIL import Image, TiffImagePlugin

from rempart.media import pillow
from rempart.media.format import PillowFormat

_OFFSETS_AND_COUNTS = ((273, 279), (324, 325))  # of strips, of tiles


def _has_all_strips(data: bytes) -> bool:
    """True when the strips or tiles of every page lie within the file."""
    try:
        image = pillow.opened(data, "TIFF")
        while _page_fits(image, len(data)):
            if not pillow.advance(image):
                return True
    except pillow.DECODER_ERRORS:
        return False
    return False


def _page_fits(image: Image.Image, size: int) -> bool:
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    for offsets, counts in _OFFSETS_AND_COUNTS:
        pieces = zip(image.tag_v2.get(offsets, ()), image.tag_v2.get(counts, ()), strict=False)
        if any(start + length > size for start, length in pieces):
            return False
    return True


FORMAT = PillowFormat("tiff", "TIFF", _has_all_strips)
