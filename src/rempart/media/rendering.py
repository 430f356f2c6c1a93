"""A picture encoded anew, so that who has to see it never opens the bytes of a stranger."""

import io

from PIL import Image

from rempart.media.picture import Picture

LONGEST_SIDE_PIXELS = 4096
QUALITY = 90


def rendered_jpeg(picture: Picture) -> bytes:
    """A JPEG of the picture in its own size, or scaled so that its longer side is 4096 pixels."""
    whole = Image.fromarray(picture.luma if picture.rgb is None else picture.rgb)
    whole.thumbnail((LONGEST_SIDE_PIXELS, LONGEST_SIDE_PIXELS), Image.Resampling.BOX)
    out = io.BytesIO()
    whole.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
