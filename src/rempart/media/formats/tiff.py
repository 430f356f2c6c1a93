"""TIFF: strips and tiles, CMYK, 16 bit and float, many pages. Pillow applies its orientation itself."""

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from rempart.facts import Limits, reasons
from rempart.media import pillow
from rempart.media.format import PillowFormat
from rempart.media.not_examinable import NotExaminable
from rempart.media.picture import Frame

_SUB_DIRECTORIES = 330
_MOST_PAGES_LOOKED_AT = 1000
_OFFSETS_AND_COUNTS = ((273, 279), (324, 325))  # of strips, of tiles


@dataclass(frozen=True, slots=True)
class _Tiff:
    """Pillow's TIFF, with a true word for the layouts that Pillow does not know."""

    name: str = "tiff"
    end: Callable[[bytes], int] = len

    def frames(self, data: bytes, limits: Limits, colour: bool) -> Iterator[Frame]:
        """Every page; see Format."""
        if _is_known(data) or not _first_page_is_sound(data):
            yield from _BY_PILLOW.frames(data, limits, colour)
            if _has_inner_pictures(data):
                raise NotExaminable(reasons.reason(reasons.UNSUPPORTED, "pictures inside pages of image/tiff"))
        else:
            raise NotExaminable(reasons.reason(reasons.UNSUPPORTED, "image/tiff"))


def _is_known(data: bytes) -> bool:
    """False for a layout that Pillow has no mode for, such as 64-bit floats in planes; also for much damage."""
    try:
        pillow.opened(data, "TIFF")
    except UnidentifiedImageError:
        return False
    except pillow.DECODER_ERRORS:
        return True
    return True


def _first_page_is_sound(data: bytes) -> bool:
    """True when the directory of the first page can be read without a complaint and its pixels are all there."""
    try:
        page = TiffImagePlugin.ImageFileDirectory_v2(data[: 16 if 43 in data[2:4] else 8])
        stream = io.BytesIO(data)
        stream.seek(page.next or 0)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            page.load(stream)
            return page.next is not None and _strips_fit(page, len(data))
    except (*pillow.DECODER_ERRORS, UserWarning):
        return False


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


def _has_inner_pictures(data: bytes) -> bool:
    """True when a page points to directories of its own, as camera raws do: those are not decoded here."""
    try:
        image = pillow.opened(data, "TIFF")
        for _ in range(_MOST_PAGES_LOOKED_AT):
            if _SUB_DIRECTORIES in getattr(image, "tag_v2", ()):
                return True
            if not pillow.advance(image):
                return False
    except pillow.DECODER_ERRORS:
        return False
    return False


def _page_fits(image: Image.Image, size: int) -> bool:
    return isinstance(image, TiffImagePlugin.TiffImageFile) and _strips_fit(image.tag_v2, size)


def _strips_fit(page: TiffImagePlugin.ImageFileDirectory_v2, size: int) -> bool:
    for offsets, counts in _OFFSETS_AND_COUNTS:
        pieces = zip(page.get(offsets, ()), page.get(counts, ()), strict=False)
        if any(start + length > size for start, length in pieces):
            return False
    return True


_BY_PILLOW = PillowFormat("tiff", "TIFF", _has_all_strips)
FORMAT = _Tiff()
