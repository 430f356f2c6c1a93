"""HEIC and HEIF through the `heif` extra; libheif turns the picture upright itself."""

import importlib.util
from collections.abc import Iterator

from rempart.facts import Limits, reasons
from rempart.media.boxes import boxes_fit, end, mended
from rempart.media.format import Format, PillowFormat
from rempart.media.not_examinable import NotExaminable
from rempart.media.picture import Frame


class _Absent:
    """The place of the leaf where the extra is not installed."""

    name = "heif"
    end = staticmethod(len)

    def frames(self, data: bytes, limits: Limits, colour: bool) -> Iterator[Frame]:  # noqa: ARG002
        """Never a frame. Raises NotExaminable."""
        raise NotExaminable(reasons.reason(reasons.UNSUPPORTED, "image/heic"))


def _leaf() -> Format:
    """The leaf that this installation can offer."""
    if importlib.util.find_spec("pillow_heif") is None:
        return _Absent()
    import pillow_heif

    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.register_heif_opener()
    return PillowFormat("heif", "HEIF", boxes_fit, mended, end)


FORMAT = _leaf()
