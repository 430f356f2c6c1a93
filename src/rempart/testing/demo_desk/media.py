"""What the demo shows: photographs that ship with scikit-image, generated patterns, and the lists of some of them."""

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from rempart.facts import Fingerprint
from rempart.fingerprints import pdq_exact
from rempart.lists import Lists
from rempart.testing.carriers_placing import exif_block
from rempart.testing.carriers_words import TRAINED, source_type
from rempart.testing.pictures import Pixels, pattern, photo_folder, shrunk

SOURCE: Final = "rempart demo (benign pictures)"
LONG_SIDE_PIXELS: Final = 480
QUALITY: Final = 88
# The silly policy of the demo is "no purple dragons": these stand for pictures of dragons that somebody listed.
REGISTERED: Final = ("rocket", "coffee", "chelsea", "motorcycle_left", "hubble_deep_field")
WATCHED: Final = ("coins", "moon", "cell", "gravel")
GOOD: Final = ("text", "brick", "grass")
# Seeds of patterns that stand on no list.
UNLISTED: Final = 9_000
_LISTED_PATTERNS: Final = range(8_000, 8_006)
# These come in the last day only: whatever comes with them stands alone.
_LAST_PATTERNS: Final = range(8_100, 8_114)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as somebody uploads it."""

    name: str
    content: bytes


def listed() -> list[Pixels]:
    """The pictures of the register that come again and again."""
    return [_photo(name) for name in REGISTERED] + [pattern(seed, 480, 360) for seed in _LISTED_PATTERNS]


def listed_last() -> list[Pixels]:
    """The pictures of the register that come on the last day."""
    return [pattern(seed, 480, 360) for seed in _LAST_PATTERNS]


def watched() -> list[Pixels]:
    """The pictures of the list that asks for review."""
    return [_photo(name) for name in WATCHED]


def unlisted(number: int) -> Picture:
    """A picture that stands on no list."""
    return Picture(f"meadow-{number}.jpg", jpeg(pattern(UNLISTED + number, 360, 270)))


def prints_of(pixels: Pixels) -> tuple[Fingerprint, ...]:
    """The fingerprints by which a host asks about a picture that it keeps to itself."""
    content = jpeg(pixels)
    return Fingerprint("sha256", sha256(content).digest()), pdq_exact(pixels)


def edited(pixels: Pixels, turn: int) -> bytes:
    """The picture after it went through somebody's hands: smaller, or of lower quality, by turns."""
    if turn % 3 == 0:
        return jpeg(pixels)
    if turn % 3 == 1:
        return jpeg(shrunk(pixels, 320))
    return jpeg(pixels, quality=55)


def from_camera(seed: int, taken_at: datetime) -> bytes:
    """A picture with the notes of a camera."""
    main = {0x010F: "Canon", 0x0110: "Canon EOS 80D", 0x0132: _exif_time(taken_at)}
    camera: dict[int, str | bytes | int | tuple[int, ...]] = {
        0x829A: (1, 125),
        0x829D: (28, 10),
        0x8827: 400,
        0x9003: _exif_time(taken_at),
    }
    return jpeg(pattern(UNLISTED + seed, 640, 480), exif=exif_block(main, camera))


def declared_ai(seed: int) -> bytes:
    """A picture with a note that says that a generator made it."""
    return jpeg(pattern(UNLISTED + seed, 640, 480), xmp=source_type(TRAINED))


def jpeg(pixels: Pixels, *, quality: int = QUALITY, **words: bytes) -> bytes:
    """The picture as a JPEG. words: `exif` and `xmp`."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality, **words)
    return out.getvalue()


def import_lists(lists: Lists, memory: Path) -> None:
    """Nothing; the three lists of the demo stand. memory: a memory-backed folder, the only place for plain lists."""
    good = [_photo(name) for name in GOOD]
    memory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, policy, polarity, pictures in (
        ("dragon-register", "block", "known-bad", listed() + listed_last()),
        ("dragon-watch", "review", "known-bad", watched()),
        ("meadow-register", "review", "known-good", good),
    ):
        with tempfile.NamedTemporaryFile("w", dir=memory, suffix=".csv") as file:
            file.writelines(_rows(name, pictures))
            file.flush()
            lists.import_file(
                Path(file.name),
                name=name,
                format="csv",
                source=SOURCE,
                policy=policy,  # type: ignore[arg-type]
                polarity=polarity,  # type: ignore[arg-type]
                max_age_days=0,
            )


def _rows(name: str, pictures: list[Pixels]) -> Iterator[str]:
    yield "id,sha256,pdq,quality,classification\n"
    for number, pixels in enumerate(pictures, 1):
        print_ = pdq_exact(pixels)
        digest = sha256(jpeg(pixels)).hexdigest()
        yield f"{name}-{number:03d},{digest},{print_.value.hex()},{print_.quality},purple\n"


def _photo(name: str) -> Pixels:
    path = next(path for path in photo_folder().iterdir() if path.stem == name)
    with Image.open(path) as image:
        return shrunk(np.array(image.convert("RGB")), LONG_SIDE_PIXELS)


def _exif_time(at: datetime) -> str:
    return at.strftime("%Y:%m:%d %H:%M:%S")
