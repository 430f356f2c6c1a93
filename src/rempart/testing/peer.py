"""The reference library as a matcher: its own hash of the upload against its own hash of the original."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from PIL import GifImagePlugin

from rempart.testing.encodings import ENCODINGS
from rempart.testing.pictures import Pixels
from rempart.thresholds import PDQ_MATCH_DISTANCE

# What it was seen to raise on files that it cannot open or reshape.
CRASHES = (OSError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, RuntimeError)


def threatexchange_peer() -> "ThreatExchangePeer | None":
    """The reference library's matcher, or None when the `bench` extra is not installed."""
    if find_spec("threatexchange") is None or find_spec("pdqhash") is None:
        return None
    from threatexchange.signal_type.pdq.signal import PdqSignal

    return ThreatExchangePeer(PdqSignal.hash_from_bytes)


class ThreatExchangePeer:
    """What its users get: `PdqSignal.hash_from_bytes`, then the recommended distance."""

    def __init__(self, hash_from_bytes: Callable[[bytes], str]) -> None:
        self._hash_from_bytes = hash_from_bytes
        self._listed: dict[str, int] = {}

    def enlist(self, ref: str, pixels: Pixels) -> None:
        """Its own hash of the picture as an ordinary PNG, the format it reads best."""
        value = self._hashed(ENCODINGS["png"].encode(pixels))
        if value is not None:
            self._listed[ref] = value

    def look_up(self, data: bytes) -> Collection[str]:
        """The refs within the recommended distance; none when it crashed or found the quality too low."""
        value = self._hashed(data)
        if value is None:
            return ()
        near = PDQ_MATCH_DISTANCE.value
        return [ref for ref, listed in self._listed.items() if (value ^ listed).bit_count() <= near]

    def _hashed(self, data: bytes) -> int | None:
        try:
            with _pillow_as_installed():
                spelt = self._hash_from_bytes(data)
        except CRASHES:
            return None
        return int(spelt, 16) if spelt else None


@contextmanager
def _pillow_as_installed() -> Iterator[None]:
    """Inside, Pillow opens GIFs as it does by default: our own decoders ask it for colour, which would flatter."""
    before = GifImagePlugin.LOADING_STRATEGY
    GifImagePlugin.LOADING_STRATEGY = GifImagePlugin.LoadingStrategy.RGB_AFTER_FIRST
    try:
        yield
    finally:
        GifImagePlugin.LOADING_STRATEGY = before
