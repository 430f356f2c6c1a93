"""What the demo corpus is made of: listed pictures in every format and edit, look-alikes, patterns, hostile files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from rempart.testing.edits import EDITS
from rempart.testing.encodings import ENCODINGS
from rempart.testing.hostile import HOSTILE
from rempart.testing.pictures import Pixels, pattern, photo_like, photos

LONG_SIDE_PIXELS: Final = 480
MATCH: Final = ("match",)
NO_MATCH: Final = ("no_match",)

LISTED: Final = (
    "astronaut",
    "camera",
    "cell",
    "chelsea",
    "coffee",
    "coins",
    "ihc",
    "moon",
    "motorcycle_left",
    "retina-crop-centre",
    "rocket",
    "text",
)
# Near in content, far in fingerprint: parts of listed photographs, the other eye of a stereo pair, other textures.
LOOK_ALIKES: Final = (
    "astronaut-crop-upper",
    "brick",
    "chelsea-crop-right",
    "coffee-crop-left",
    "grass",
    "gravel",
    "hubble-crop-south-west",
    "hubble_deep_field",
    "ihc-crop-left",
    "motorcycle-crop-front",
    "motorcycle_right",
    "retina",
    "rocket-crop-left",
)
LOOK_ALIKE_FORMATS: Final = ("jpeg", "png-palette", "webp", "gif-palette")
LISTED_PATTERNS, UNLISTED_PATTERNS = 12, 40
# Too long for a demo: a gigabyte to unfold, and members by the thousand.
NOT_IN_THE_DEMO: Final = ("zip-of-bombs", "zip-many-members")
KNOWN_GOOD: Final = "hubble_deep_field"
ON_BOTH_LISTS: Final = "both/coffee-as-published.jpg"
WRONG_SUFFIXES: Final = {
    "jpeg": ".png",
    "png": ".jpg",
    "gif-palette": ".txt",
    "webp": ".bin",
    "bmp": "",
    "avif": ".mp4",
}
# Found whenever it is promised; otherwise either answer is honest.
NOT_PROMISED: Final = ("match", "no_match")

_UNSUPPORTED: Final = ("not_examined: unsupported",)
_PARTLY: Final = ("not_examined: truncated", "not_examined: damaged")
_LIMIT: Final = ("not_examined: limit",)
# What must come out for hostile files that are not simply unlisted pictures.
HOSTILE_OUTCOMES: Final[dict[str, tuple[str, ...]]] = {
    "empty": ("not_examined: empty",),
    **dict.fromkeys(
        ("one-byte", "random-bytes", "text", "text-named-png", "pdf", "mp4", "mp3", "svg", "html", "jpeg-then-mp4"),
        _UNSUPPORTED,
    ),
    **{name: _PARTLY for name in HOSTILE if "-cut-at-" in name},
    **{name: _LIMIT for name in HOSTILE if name.startswith("huge-")},
    "huge-tiff": ("not_examined: limit", *_PARTLY),
    "huge-webp": ("not_examined: limit", *_PARTLY),
    "png-bomb": _LIMIT,
    "gif-5000-frames": _LIMIT,
    "apng-frame-lie": ("no_match", *_PARTLY),
    "tiff-cyclic": ("no_match", "not_examined: limit", *_PARTLY),
    "jpeg-wrong-size": _PARTLY,
    "jpeg-zero-height": _PARTLY,
    "png-broken-crc": ("no_match", *_PARTLY),
    "png-zero-size": ("not_examined: damaged", "not_examined: too small"),
    "png-one-pixel": ("not_examined: too small",),
    "png-flat-black": ("not_examined: low quality",),
    "png-flat-grey": ("not_examined: low quality",),
    "gzip-cut": _PARTLY,
    "tar-gz-bomb": ("no_match", "not_examined: limit"),
    "zip-bomb": ("no_match", "not_examined: limit"),
    "zip-lying-sizes": ("no_match", *_PARTLY),
    "zip-broken-member": ("no_match", *_PARTLY),
    "zip-stored-cut-at-95-percent": ("no_match", *_PARTLY),
}


@dataclass(frozen=True, slots=True)
class DemoItem:
    """One file. path: below `items/`. outcomes: any one of them is right."""

    path: str
    data: bytes = field(repr=False)
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """The whole corpus in memory.

    listed, known_good: originals by ref. listed_files, known_good_files: whole files by ref.
    members: outcomes of members of archives. links: symbolic links by path, with their targets.
    """

    items: tuple[DemoItem, ...]
    members: dict[str, tuple[str, ...]]
    links: dict[str, str]
    listed: dict[str, Pixels]
    listed_files: dict[str, bytes]
    known_good: dict[str, Pixels]
    known_good_files: dict[str, bytes]


def demo_items() -> Demo:
    """The corpus; the same each time. Raises Unavailable when the photographs are not installed."""
    found = photos(LONG_SIDE_PIXELS)
    listed: dict[str, Pixels] = {name: found[name] for name in LISTED if name in found}
    patterns = {f"pattern-{seed:02}": _generated(seed) for seed in range(LISTED_PATTERNS)}
    look_alikes: dict[str, Pixels] = {name: found[name] for name in LOOK_ALIKES if name in found}
    both = ENCODINGS["jpeg"].encode(listed["coffee"])
    papers = {f"paper-{number}": b"a benign paper, number %d\n" % number * 40 for number in range(3)}
    items = (
        *_every_format(listed),
        *_every_edit(listed),
        *_renamed(listed),
        *_cut_short(listed),
        *_plain("patterns/listed", patterns, ("jpeg", "png-palette"), MATCH),
        *_plain("look-alikes", look_alikes, LOOK_ALIKE_FORMATS, NO_MATCH),
        *_unlisted_patterns(),
        *_hostile(),
        *(DemoItem(f"papers/{name}.txt", data, MATCH) for name, data in papers.items()),
        DemoItem("papers/unlisted.txt", b"another benign paper\n", _UNSUPPORTED),
        DemoItem(ON_BOTH_LISTS, both, MATCH),
    )
    return Demo(
        items=items,
        members=dict(_members()),
        links={"links/dangling.jpg": "nothing-here.jpg", "links/loop": "loop"},
        listed=listed | patterns,
        listed_files=papers,
        known_good={KNOWN_GOOD: look_alikes[KNOWN_GOOD]},
        known_good_files={"coffee-as-published": both},
    )


def _generated(seed: int) -> Pixels:
    make = pattern if seed % 2 else photo_like
    return make(1000 + seed, 320 + 16 * (seed % 5), 260 + 12 * (seed % 7))


def _every_format(listed: dict[str, Pixels]) -> Iterator[DemoItem]:
    """Every encoding of one listed photograph, the photographs taking turns."""
    names = sorted(listed)
    for number, (name, encoding) in enumerate(ENCODINGS.items()):
        ref = names[number % len(names)]
        outcomes = NO_MATCH if encoding.archive else MATCH
        yield DemoItem(f"formats/{name}/{ref}{encoding.suffix}", encoding.encode(listed[ref]), outcomes)


def _members() -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is inside the archives among the formats."""
    names = sorted(LISTED)
    for number, (name, encoding) in enumerate(ENCODINGS.items()):
        if encoding.archive:
            inside = f"formats/{name}/{names[number % len(names)]}{encoding.suffix}!/"
            if name == "zip-in-zip":
                yield f"{inside}inner.zip", NO_MATCH
                inside += "inner.zip!/"
            yield f"{inside}folder/picture.jpg", MATCH
            yield f"{inside}read me.txt", _UNSUPPORTED


def _every_edit(listed: dict[str, Pixels]) -> Iterator[DemoItem]:
    """Every edit of two listed photographs, one as JPEG and one as WebP."""
    names = sorted(listed)
    for number, (name, edit) in enumerate(EDITS.items()):
        outcomes = MATCH if edit.promised else NOT_PROMISED
        for step, encoding in ((0, ENCODINGS["jpeg"]), (5, ENCODINGS["webp"])):
            ref = names[(number + step) % len(names)]
            folder = name.replace(" %", "").replace(" ", "-")
            yield DemoItem(f"edits/{folder}/{ref}{encoding.suffix}", encoding.encode(edit.apply(listed[ref])), outcomes)


def _renamed(listed: dict[str, Pixels]) -> Iterator[DemoItem]:
    """Listed photographs under names that lie about what they are."""
    for name, suffix in WRONG_SUFFIXES.items():
        if name in ENCODINGS:
            yield DemoItem(f"renamed/{name}{suffix}", ENCODINGS[name].encode(listed["rocket"]), MATCH)


def _cut_short(listed: dict[str, Pixels]) -> Iterator[DemoItem]:
    """Listed photographs of which the end is missing: found when enough is left, never passed over in silence."""
    for percent in (60, 80, 99):
        data = ENCODINGS["jpeg"].encode(listed["chelsea"])
        outcomes = MATCH if percent == 99 else ("match", "not_examined: truncated")
        yield DemoItem(f"cut-short/chelsea-{percent}-percent.jpg", data[: len(data) * percent // 100], outcomes)


def _plain(
    folder: str, pictures: dict[str, Pixels], formats: tuple[str, ...], outcomes: tuple[str, ...]
) -> Iterator[DemoItem]:
    for name, pixels in pictures.items():
        for encoding in (ENCODINGS[each] for each in formats):
            yield DemoItem(f"{folder}/{encoding.name}/{name}{encoding.suffix}", encoding.encode(pixels), outcomes)


def _unlisted_patterns() -> Iterator[DemoItem]:
    formats = ("jpeg", "png-palette", "webp", "gif-palette", "jpeg-cmyk")
    for seed in range(UNLISTED_PATTERNS):
        encoding = ENCODINGS[formats[seed % len(formats)]]
        data = encoding.encode(_generated(500 + seed))
        yield DemoItem(f"patterns/unlisted/{seed:02}{encoding.suffix}", data, NO_MATCH)


def _hostile() -> Iterator[DemoItem]:
    for name, hostile in HOSTILE.items():
        if name not in NOT_IN_THE_DEMO:
            yield DemoItem(f"hostile/{name}{hostile.suffix}", hostile.build(), HOSTILE_OUTCOMES.get(name, NO_MATCH))
