"""What is left of each kind of evidence after what people and services do to pictures.

Absence of evidence never counts, and this table is why.
"""

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import numpy as np
from PIL import Image

from rempart.facts.evidence import Evidence
from rempart.media import sniff
from rempart.origin import examine
from rempart.origin.trust import Trust, TrustStore
from rempart.origin.watermark import MARKS
from rempart.testing.carriers import CARRIERS
from rempart.testing.carriers_placing import plain, stored_pixels
from rempart.testing.marks import marked
from rempart.testing.pictures import Pixels, photo_like
from rempart.testing.signing import Action, authority, sign

UNEDITED: Final = "original file"
_MARKED_SIDE = 512
_FILES_PER_CONVENTION = 2  # two containers: the edits drop what they drop, whatever held it
_SCREEN = (540, 960)  # width, height


@dataclass(frozen=True, slots=True)
class Sample:
    """One file whose evidence is there before any edit. seen: whether one piece of evidence is the one meant."""

    name: str
    data: bytes = field(repr=False)
    seen: Callable[[Evidence], bool]
    trust: Trust = field(default_factory=Trust, repr=False)


def run() -> dict[str, dict[str, bool]]:
    """For each edit and each convention whether at least one file of that convention is still recognised."""
    found: dict[str, dict[str, bool]] = {UNEDITED: {}, **{name: {} for name in EDITS}}
    for sample in samples():
        pixels = stored_pixels(sample.data)
        edited = {UNEDITED: sample.data} | {name: edit(sample.data, pixels) for name, edit in EDITS.items()}
        for name, data in edited.items():
            found[name][sample.name] = found[name].get(sample.name, False) or _is_seen(sample, data)
    return found


def samples() -> Iterator[Sample]:
    """Pictures of every convention of the carrier suite, marked pictures, and signed ones."""
    tried: Counter[str] = Counter()
    for carrier in CARRIERS.values():
        claims = ("cameraTraits",) if carrier.convention == "camera" else carrier.claims
        if claims and carrier.media_type.startswith("image/") and tried[carrier.convention] < _FILES_PER_CONVENTION:
            tried[carrier.convention] += 1
            yield Sample(carrier.convention, carrier.build(), partial(_claims, claims))
    for name, mark in MARKS.items():
        picture = marked(photo_like(9, _MARKED_SIDE, _MARKED_SIDE), name)
        yield Sample(f"watermark {name}", _saved(picture, "PNG"), partial(_names_tool, mark.tool))
    root = authority()
    trust = Trust(stores=(TrustStore("official", root.pem),))
    credential = root.issue("Rempart tests")
    for source_type in ("digitalCapture", "trainedAlgorithmicMedia"):
        signed = sign(plain("jpeg"), "image/jpeg", credential, (Action("c2pa.created", source_type),))
        yield Sample(f"signed {source_type}", signed, _is_trusted, trust)


def _is_seen(sample: Sample, data: bytes) -> bool:
    origin = examine(data, sniff(data), trust=sample.trust, pixels=stored_pixels(data))
    return any(sample.seen(one) for one in origin.evidence)


def _claims(wanted: tuple[str, ...], one: Evidence) -> bool:
    return one.claim in wanted


def _names_tool(tool: str, one: Evidence) -> bool:
    return one.kind == "watermark" and one.tool == tool


def _is_trusted(one: Evidence) -> bool:
    return one.integrity is not None and one.integrity.state == "trusted"


# Edits


Edit = Callable[[bytes, Pixels], bytes]


def _saved(pixels: Pixels, file_format: str, **options: Any) -> bytes:
    """The pixels in a new file of this format, without anything else; JPEG has no alpha."""
    buffer = io.BytesIO()
    kept = pixels[:, :, :3] if file_format == "JPEG" else pixels
    Image.fromarray(np.ascontiguousarray(kept)).save(buffer, file_format, **options)
    return buffer.getvalue()


def _resaved(file_format: str, **options: Any) -> Edit:
    return lambda _, pixels: _saved(pixels, file_format, **options)


def _resaved_with_exif(data: bytes, pixels: Pixels) -> bytes:
    """As by a program that copies the EXIF block and drops the rest."""
    with Image.open(io.BytesIO(data)) as image:
        return _saved(pixels, "JPEG", quality=90, exif=image.getexif().tobytes())


def _resized(_: bytes, pixels: Pixels) -> bytes:
    size = (max(1, pixels.shape[1] * 3 // 4), max(1, pixels.shape[0] * 3 // 4))
    return _saved(np.array(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS)), "PNG")


def _screenshot(_: bytes, pixels: Pixels) -> bytes:
    """A phone's screenshot: the picture fitted to the width of the screen, plain bars around it, saved as PNG."""
    shown = Image.fromarray(pixels[:, :, :3])
    height = max(1, round(_SCREEN[0] * shown.height / shown.width))
    screen = Image.new("RGB", _SCREEN, (18, 18, 18))
    fitted = shown.resize((_SCREEN[0], height), Image.Resampling.BILINEAR)
    screen.paste(fitted, (0, (_SCREEN[1] - height) // 2))
    return _saved(np.array(screen), "PNG", compress_level=1)


EDITS: Final[dict[str, Edit]] = {
    "re-save JPEG": _resaved("JPEG", quality=90),
    "re-save JPEG, EXIF kept": _resaved_with_exif,
    "re-save PNG": _resaved("PNG"),
    "re-save WebP": _resaved("WEBP", quality=80, method=1),
    "resize to 75 %": _resized,
    "screenshot": _screenshot,
}
