"""What a format leaf must do, and the leaf that most formats need: Pillow with a name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from PIL import Image

from rempart.facts import Limits, reasons
from rempart.media import pillow
from rempart.media.exif import orientation_of
from rempart.media.not_examinable import NotExaminable
from rempart.media.picture import Frame

_MOST_TIMES_CUT_SHORT = 64


class Format(Protocol):
    """One family of picture files."""

    @property
    def name(self) -> str:
        """Short name for reasons, such as `jpeg`."""

    def frames(self, data: bytes, limits: Limits, colour: bool) -> Iterator[Frame]:
        """Every frame or page in order, decoded one at a time.

        Raises NotExaminable for what cannot be decoded at all, or for the rest after the frames already out.
        """


@dataclass(frozen=True, slots=True)
class PillowFormat:
    """A format that Pillow decodes.

    is_whole: whether the file reaches the end that its own structure announces.
    announced_bytes: for decoders that refuse a short file outright: the length it should have. The file is then filled
        up with zeros, which decodes to the true picture down to where it was cut, and to rubbish below.
    """

    name: str
    pillow_format: str
    is_whole: Callable[[bytes], bool]
    announced_bytes: Callable[[bytes], int] = len

    def frames(self, data: bytes, limits: Limits, colour: bool) -> Iterator[Frame]:
        """Every frame or page; see Format."""
        whole = self.is_whole(data)
        filled = self._filled_up(data, limits)
        number = 0
        try:
            for frame in self._strict(filled, limits, colour):
                yield frame if filled is data else replace(frame, gap=reasons.TRUNCATED)
                number += 1
        except pillow.DECODER_ERRORS:
            gap = reasons.reason(reasons.DAMAGED, self.name) if whole else reasons.TRUNCATED
            yield from self._damaged(filled, limits, colour, number, gap)
        else:
            if not whole:
                raise NotExaminable(reasons.TRUNCATED)

    def _filled_up(self, data: bytes, limits: Limits) -> bytes:
        """The data, or the data and zeros; a hostile length is not believed."""
        announced = self.announced_bytes(data)
        sensible = len(data) < announced <= min(limits.max_bytes, _MOST_TIMES_CUT_SHORT * len(data))
        return data + bytes(announced - len(data)) if sensible else data

    def _strict(self, data: bytes, limits: Limits, colour: bool) -> Iterator[Frame]:
        image = pillow.opened(data, self.pillow_format)
        while True:
            pillow.check_pixels(image.width, image.height, limits)
            pixels = pillow.decoded(image, colour)
            yield Frame(pixels, self._orientation(image))
            if not pillow.advance(image):
                return

    def _damaged(self, data: bytes, limits: Limits, colour: bool, number: int, gap: str) -> Iterator[Frame]:
        """What is there of the frame that failed; the frames after it are lost."""
        try:
            with pillow.tolerant():
                image = pillow.opened(data, self.pillow_format)
                image.seek(number)
                pillow.check_pixels(image.width, image.height, limits)
                pixels = pillow.decoded(image, colour)
        except pillow.DECODER_ERRORS as error:
            raise NotExaminable(gap) from error
        yield Frame(pixels, self._orientation(image), gap)

    def _orientation(self, image: Image.Image) -> int:
        exif = image.info.get("exif")
        return orientation_of(exif) if isinstance(exif, bytes) else 1
