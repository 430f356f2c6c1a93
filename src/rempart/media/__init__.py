"""Open untrusted files: type by content, pictures from bytes, archives into members, all in sandboxed children.

`sniff`, `Picture` and `NotExaminable` cost nothing to import; what loads decoders is imported on first use, because
the parent of the sandbox never needs them.
"""

from typing import TYPE_CHECKING, Any

from rempart.media.content_type import CONTAINERS, HEAD_BYTES, sniff
from rempart.media.not_examinable import NotExaminable
from rempart.media.picture import Picture

if TYPE_CHECKING:
    from rempart.media.opening import Opened, first_pixels, open_pictures
    from rempart.media.preview import preview_png
    from rempart.media.rendering import rendered_jpeg

__all__ = [
    "CONTAINERS",
    "HEAD_BYTES",
    "NotExaminable",
    "Opened",
    "Picture",
    "first_pixels",
    "open_pictures",
    "preview_png",
    "rendered_jpeg",
    "sniff",
]


def __getattr__(name: str) -> Any:
    """The parts that load decoders."""
    if name in ("Opened", "first_pixels", "open_pictures"):
        from rempart.media import opening

        return getattr(opening, name)
    if name == "preview_png":
        from rempart.media.preview import preview_png

        return preview_png
    if name == "rendered_jpeg":
        from rempart.media.rendering import rendered_jpeg

        return rendered_jpeg
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
