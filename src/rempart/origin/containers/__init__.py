"""Walk a file's container and hand out its carriers, bounded in time, memory and depth."""

from collections.abc import Callable
from dataclasses import dataclass

from rempart.facts import reasons
from rempart.origin.containers import bmff, gif, jpeg, png, riff, tiff
from rempart.origin.containers.gathering import Gathering
from rempart.origin.subject import Segment

Walker = Callable[[bytes, Gathering], None]

# One line for each media type: what its carriers' container is called, and who walks it.
WALKERS: dict[str, tuple[str, Walker]] = {
    "image/jpeg": ("JPEG", jpeg.walk),
    "image/png": ("PNG", png.walk),
    "image/apng": ("PNG", png.walk),
    "image/webp": ("RIFF", riff.walk),
    "audio/wav": ("RIFF", riff.walk),
    "video/x-msvideo": ("RIFF", riff.walk),
    "image/gif": ("GIF", gif.walk),
    "image/tiff": ("TIFF", tiff.walk),
    "image/x-adobe-dng": ("TIFF", tiff.walk),
    "image/avif": ("BMFF", bmff.walk),
    "image/heic": ("BMFF", bmff.walk),
    "image/heif": ("BMFF", bmff.walk),
    "image/jxl": ("BMFF", bmff.walk),
    "image/jp2": ("BMFF", bmff.walk),
    "video/mp4": ("BMFF", bmff.walk),
    "video/quicktime": ("BMFF", bmff.walk),
    "audio/mp4": ("BMFF", bmff.walk),
}
_NOTHING_TO_WALK = frozenset({"image/bmp", "image/x-icon", "image/qoi"})  # these hold pixels only
_MAYBE_BARE = frozenset({"image/jxl", "image/jp2"})
_BARE_CODE_STREAMS = (b"\xff\x0a", b"\xff\x4f\xff\x51")  # JPEG XL and JPEG 2000 without boxes


@dataclass(frozen=True, slots=True)
class Walked:
    """The carriers of a file in file order, and what could not be walked (reasons of the vocabulary)."""

    segments: tuple[Segment, ...]
    gaps: tuple[str, ...] = ()


def walk(data: bytes, media_type: str) -> Walked:
    """The carriers of the file; never raises.

    Names: `APP1 Exif`, `APP1 XMP`, `APP1 XMP extended`, `APP2 ICC`, `APP2 MPF`, `APP11 JUMBF`, `APP13 Photoshop`,
    `APPn`, `COM`, `DQT` (JPEG); `tEXt`, `zTXt`, `iTXt`, `comf`, `eXIf`, `caBX`, `iCCP` (PNG); `EXIF`, `C2PA`, `ICCP`,
    `AIGC` (RIFF); `comment`, `C2PA`, `ICC` (GIF); `IFD` (the whole file), `IPTC`, `Photoshop`, `ICC`, `C2PA` (TIFF);
    `Exif`, `C2PA` (the store without its header), `uuid`, `udta` (BMFF); `XMP` (all but JPEG); `trailing`.
    Pieces of a carrier that lie in several JPEG segments are put together and come behind the others.
    Cost: 0.1 ms for a JPEG of 60 kB; 16 MiB of carriers at most.
    """
    if media_type in _NOTHING_TO_WALK or (media_type in _MAYBE_BARE and data.startswith(_BARE_CODE_STREAMS)):
        return Walked(())
    if media_type not in WALKERS:
        return Walked((), (reasons.reason(reasons.UNSUPPORTED, "container"),))
    container, walker = WALKERS[media_type]
    found = Gathering(container)
    walker(data, found)
    return Walked(tuple(found.segments), tuple(found.gaps))
