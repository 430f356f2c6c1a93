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


class Format(Protocol):
    """One family of picture files."""

    @property
    def name(self) -> str:
        """Short name for reasons, such as `jpeg`."""

    @property
    def end(self) -> Callable[[bytes], int]:
        """Where the file ends by its own structure; the length of the data where it does not say, or was cut."""

    def frames(self, data: bytes, limits: Limits, colour: bool) -> Iterator[Frame]:
        """Every frame or page in order, decoded one at a time.

        Raises NotExaminable for what cannot be decoded at all, or for the rest after the frames already out.
        """


@dataclass(frozen=True, slots=True)
class PillowFormat:
    """A format that Pillow decodes.

    is_whole: whether the file reaches the end that its own structure announces.
    mended: for decoders that refuse a short file outright: the same file as one they accept, see `mending`.
    end: see Format.
    plain: the same pixels without the parts that only trip the decoder up.
    """

    name: str
    pillow_format: str
    is_whole: Callable[[bytes], bool]
    mended: Callable[[bytes], bytes] = bytes
    end: Callable[[bytes], int] = len
    plain: Callable[[bytes], bytes] = bytes

    def frames(self, data: bytes, limits: Limits, colour: bool) -> Iterator[Frame]:
        """Every frame or page; see Format."""
        data = self.plain(data)
        whole = self.is_whole(data)
        mended = data if whole else self.mended(data)
        number = 0
        try:
            for frame in self._strict(mended, limits, colour):
                yield frame if mended is data else replace(frame, gap=reasons.TRUNCATED)
                number += 1
        except pillow.DECODER_ERRORS:
            gap = reasons.reason(reasons.DAMAGED, self.name) if whole else reasons.TRUNCATED
            yield from self._damaged(mended, limits, colour, number, gap)
        else:
            if not whole:
                raise NotExaminable(reasons.TRUNCATED)

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
