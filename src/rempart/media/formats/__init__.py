"""Every picture format that can be opened: one file each, one line each."""

from rempart.media.format import Format
from rempart.media.formats import avif, bmp, gif, heif, jpeg, png, tiff, webp

FORMATS: dict[str, Format] = {
    "image/avif": avif.FORMAT,
    "image/bmp": bmp.FORMAT,
    "image/gif": gif.FORMAT,
    "image/heic": heif.FORMAT,
    "image/heif": heif.FORMAT,
    "image/jpeg": jpeg.FORMAT,
    "image/png": png.FORMAT,
    "image/tiff": tiff.FORMAT,
    "image/webp": webp.FORMAT,
}
