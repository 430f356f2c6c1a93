"""What the nursery does before it forks: load and run every decoder once."""

import codecs
import io

from PIL import Image

from rempart.facts import Limits
from rempart.media.opening import open_pictures

_SIDE_PIXELS = 16
_CODECS_OF_NAMES = ("cp437", "ascii", "utf-8", "latin-1")
_ENCODERS = (("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("GIF", "P"), ("WEBP", "RGB"), ("TIFF", "CMYK"))


def warm() -> None:
    """Nothing: afterwards no decoder needs a file, a module or a first time, which the confined child cannot have."""
    for codec in _CODECS_OF_NAMES:
        codecs.lookup(codec)
    for encoder, mode in (*_ENCODERS, ("BMP", "RGB"), ("AVIF", "RGB")):
        out = io.BytesIO()
        Image.new(mode, (_SIDE_PIXELS, _SIDE_PIXELS)).save(out, encoder)
        whole = out.getvalue()
        for data in (whole, whole[: len(whole) // 2]):  # damage takes paths of its own, with imports of their own
            list(open_pictures(data, Limits()))
