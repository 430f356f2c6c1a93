"""What a format leaf must do, and the leaf that most formats need: Pillow with a name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from rempart.facts import Limits, reasons
from rempart.media import pillow
from rempart.media.exif import orientation_of
from rempart.media.not_examinable import NotExaminable
from rempart.media.picture import Frame


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

    is_whole: whether the file ends where its own structure says; used when decoding failed or stopped early.
    """

    name: str
    pillow_format: str
    is_whole: Callable[[bytes], bool]

    def frames(self, data: bytes, limits: Limits, colour: bool) -> Iterator[Frame]:
        """Every frame or page; see Format."""
        number = 0
        try:
            for frame in self._strict(data, limits, colour):
                yield frame
                number += 1
        except pillow.DECODER_ERRORS:
            yield from self._damaged(data, limits, colour, number)
        else:
            if not self.is_whole(data):
                raise NotExaminable(reasons.TRUNCATED)

    def _strict(self, data: bytes, limits: Limits, colour: bool) -> Iterator[Frame]:
        image = pillow.opened(data, self.pillow_format)
        while True:
            pillow.check_pixels(image.width, image.height, limits)
            pixels = pillow.decoded(image, colour)
            yield Frame(pixels, self._orientation(image))
            if not pillow.advance(image):
                return

    def _damaged(self, data: bytes, limits: Limits, colour: bool, number: int) -> Iterator[Frame]:
        """What is there of the frame that failed; the frames after it are lost."""
        gap = reasons.reason(reasons.DAMAGED, self.name) if self.is_whole(data) else reasons.TRUNCATED
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
