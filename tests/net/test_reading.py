"""Bodies of answers: whatever the bytes, no more comes out than was allowed."""

import gzip
import zlib

from httpcore import ReadError, ReadTimeout
from hypothesis import given
from hypothesis import strategies as st

from rempart.net.reading import UNPACKERS, body_of

PACKINGS = st.sampled_from(sorted(UNPACKERS))


@given(st.binary(max_size=3000), st.integers(1, 50), st.integers(0, 3000), st.sampled_from(["gzip", "deflate", ""]))
def test_what_was_packed_comes_out_as_it_was_or_cut(content: bytes, piece: int, room: int, packing: str) -> None:
    packed = {"gzip": gzip.compress, "deflate": zlib.compress, "": bytes}[packing](content)
    pieces = [packed[at : at + piece] for at in range(0, len(packed), piece)]
    body, cut = body_of(pieces, packing, room)
    assert (body, cut) == ((content, "") if len(content) <= room else (content[:room], "size"))


@given(st.lists(st.binary(max_size=200), max_size=5), PACKINGS, st.integers(0, 300))
def test_bytes_that_mean_nothing_break_nothing(pieces: list[bytes], packing: str, room: int) -> None:
    body, cut = body_of(pieces, packing, room)
    assert len(body) <= room
    assert cut in ("", "size", "broken")


def test_a_break_and_a_silence_are_told_apart() -> None:
    def ends(error: Exception) -> object:
        yield b"abc"
        raise error

    assert body_of(ends(ReadError()), "", 10) == (b"abc", "broken")  # type: ignore[arg-type]
    assert body_of(ends(ReadTimeout()), "", 10) == (b"abc", "time")  # type: ignore[arg-type]
