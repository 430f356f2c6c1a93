"""What the nursery does before it forks: load what a confined child could not load any more."""

import codecs

from rempart.origin.c2pa import reading
from rempart.origin.examining import examine
from rempart.origin.trust import Trust

_CODECS_OF_CARRIERS = ("ascii", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso2022_jp")
_EMPTY_JPEG = b"\xff\xd8\xff\xd9"


def warm() -> None:
    """Nothing: afterwards no source needs a module, a codec or executable memory, which the child cannot have."""
    for codec in _CODECS_OF_CARRIERS:
        codecs.lookup(codec)
    reading.warm()
    examine(_EMPTY_JPEG, "image/jpeg", trust=Trust())
