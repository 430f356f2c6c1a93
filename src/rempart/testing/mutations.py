"""Seeded damage: `mutate(data, seed)` spoils bytes, `mutated_corpus(count, seed)` spoils every format in turn."""

import random
import struct
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Final

from rempart.testing.encodings import ENCODINGS
from rempart.testing.hostile import HOSTILE
from rempart.testing.pictures import pattern

# Values at which size fields overflow, go negative or ask for gigabytes.
EXTREMES: Final = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x10000)

Mutator = Callable[[bytearray, random.Random], None]


def mutate(data: bytes, seed: int, other: bytes = b"") -> bytes:
    """The bytes after one to six random injuries; the same arguments give the same bytes.

    other: a second file whose parts may be spliced in; the file itself when not given.
    """
    rng = random.Random(f"{seed}/{len(data)}")  # noqa: S311  (repeatable damage, not a secret)
    spoilt = bytearray(data)
    injuries: tuple[Mutator, ...] = (*MUTATORS, partial(_splice, other=other or data))
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        rng.choice(injuries)(spoilt, rng)
    return bytes(spoilt)


def mutated_corpus(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """`count` spoilt files as (name, bytes): every encoding in turn, then again with other damage."""
    names = [*ENCODINGS, *_SMALL_HOSTILE]
    for number in range(count):
        name = names[number % len(names)]
        other = names[(number * 7 + 3) % len(names)]
        yield f"{number:05}-{name}", mutate(_base(name), seed * 1_000_003 + number, _base(other))


# Hostile files that are hostile by their headers, so that damage makes new ones; none is larger than a few kB.
_SMALL_HOSTILE: Final = ("huge-gif", "huge-jpeg", "huge-png", "huge-webp", "mp4", "svg", "tiff-cyclic", "tar-links")


@cache
def _base(name: str) -> bytes:
    """The whole file that gets spoilt: small, so that thousands are quick."""
    if name in _SMALL_HOSTILE:
        return HOSTILE[name].build()
    return ENCODINGS[name].encode(pattern(77, 96, 72))


def _place(spoilt: bytearray, rng: random.Random, room: int = 1) -> int:
    """A position with `room` bytes behind it, half of the time near the start, where the headers are."""
    last = max(0, len(spoilt) - room)
    return rng.randint(0, min(last, 96)) if rng.random() < 0.5 else rng.randint(0, last)


def _flip_bits(spoilt: bytearray, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 16) if spoilt else 0):
        spoilt[_place(spoilt, rng)] ^= 1 << rng.randrange(8)


def _random_bytes(spoilt: bytearray, rng: random.Random) -> None:
    length = min(rng.randint(1, 64), len(spoilt))
    at = _place(spoilt, rng, length)
    spoilt[at : at + length] = rng.randbytes(length)


def _swap_parts(spoilt: bytearray, rng: random.Random) -> None:
    """Two parts of one length change places."""
    length = rng.randint(1, max(1, min(256, len(spoilt) // 4)))
    first, second = _place(spoilt, rng, length), _place(spoilt, rng, length)
    one, two = spoilt[first : first + length], spoilt[second : second + length]
    if abs(first - second) >= length:
        spoilt[first : first + length], spoilt[second : second + length] = two, one


def _truncate(spoilt: bytearray, rng: random.Random) -> None:
    del spoilt[_place(spoilt, rng) :]


def _cut_out(spoilt: bytearray, rng: random.Random) -> None:
    at = _place(spoilt, rng)
    del spoilt[at : at + rng.randint(1, 128)]


def _insert(spoilt: bytearray, rng: random.Random) -> None:
    at = _place(spoilt, rng)
    spoilt[at:at] = rng.randbytes(rng.randint(1, 128))


def _repeat(spoilt: bytearray, rng: random.Random) -> None:
    """A part said again, as when a chunk or a marker is doubled."""
    at = _place(spoilt, rng)
    part = spoilt[at : at + rng.randint(1, 512)]
    spoilt[at:at] = part * rng.randint(1, 4)


def _extreme_integer(spoilt: bytearray, rng: random.Random) -> None:
    """A field of one, two or four bytes set to a value at the edge of its type."""
    width, code = rng.choice(((1, "<B"), (2, "<H"), (2, ">H"), (4, "<I"), (4, ">I")))
    if len(spoilt) < width:
        return
    value = rng.choice(EXTREMES) & (256**width - 1)
    spoilt[(at := _place(spoilt, rng, width)) : at + width] = struct.pack(code, value)


def _splice(spoilt: bytearray, rng: random.Random, *, other: bytes) -> None:
    """The start of this file, then the rest of another."""
    if other:
        spoilt[_place(spoilt, rng) :] = other[rng.randrange(len(other)) :]


MUTATORS: Final[tuple[Mutator, ...]] = (
    _flip_bits,
    _random_bytes,
    _swap_parts,
    _truncate,
    _cut_out,
    _insert,
    _repeat,
    _extreme_integer,
    _extreme_integer,
)
