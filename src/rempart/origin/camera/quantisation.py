"""JPEG quantisation tables: read, told from those of the public JPEG library, and compared with known cameras."""

import hashlib
from collections.abc import Iterator
from typing import Final

# ITU T.81 annex K.1 and K.2, in rows.
_LUMA = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
_CHROMA = (
    (17, 18, 24, 47, 99, 99, 99, 99),
    (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99),
    (47, 66, 99, 99, 99, 99, 99, 99),
    *((99,) * 8,) * 4,
)
_PLACES = sorted(
    ((row, column) for row in range(8) for column in range(8)),
    key=lambda place: (sum(place), place[sum(place) % 2 == 0]),
)
_MOST_TABLES = 16

Table = tuple[int, ...]
"""64 values in the zigzag order in which they are stored."""

LIBRARY: Final = "library"
# What original files of a model are known to hold: LIBRARY, or the digest of their tables. Measured on real files;
# a model that is not here says nothing, and library tables are no sign of a second saving.
KNOWN: Final[dict[tuple[str, str], frozenset[str]]] = {
    ("Google", "pixel 5"): frozenset({LIBRARY}),
    ("Nikon", "nikon z 9"): frozenset({LIBRARY}),
}


def tables(segment: bytes) -> dict[int, Table]:
    """The tables by number, of all DQT segments of a file put together; empty when one of them is damaged."""
    found: dict[int, Table] = {}
    at = 0
    for _ in range(_MOST_TABLES):
        if at == len(segment):
            return found
        wide, number = segment[at] >> 4, segment[at] & 15
        size = 64 * (2 if wide else 1)
        raw = segment[at + 1 : at + 1 + size]
        if len(raw) < size or wide > 1:
            return {}
        found[number] = tuple(int.from_bytes(raw[i : i + 2], "big") for i in range(0, size, 2)) if wide else tuple(raw)
        at += 1 + size
    return {}


def library_quality(found: dict[int, Table]) -> int | None:
    """The quality at which the public JPEG library writes exactly these tables; None when it never does."""
    wanted = [found[number] for number in sorted(found)]
    return next(
        (quality for quality in range(100, 0, -1) if wanted and wanted == _written(quality)[: len(wanted)]), None
    )


def digest(found: dict[int, Table]) -> str:
    """SHA-256 of the tables in the order of their numbers."""
    spelt = ";".join(",".join(map(str, found[number])) for number in sorted(found))
    return hashlib.sha256(spelt.encode()).hexdigest()


def is_known(maker: str, model: str, found: dict[int, Table]) -> bool | None:
    """Whether originals of this model hold such tables; None when nothing is known of the model."""
    known = KNOWN.get((maker, model.strip().lower()))
    if known is None:
        return None
    return digest(found) in known or (LIBRARY in known and library_quality(found) is not None)


def _written(quality: int) -> list[Table]:
    """What the library writes, scaled as in its `jpeg_quality_scaling`."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    return [tuple(_scaled(base, percent)) for base in (_LUMA, _CHROMA)]


def _scaled(base: tuple[tuple[int, ...], ...], percent: int) -> Iterator[int]:
    for row, column in _PLACES:
        yield min(255, max(1, (base[row][column] * percent + 50) // 100))
