"""What the walkers of containers collect, within one bound on bytes, parts and steps."""

import hashlib
import zlib

from rempart.facts import reasons
from rempart.origin.subject import Segment

# A picture holds a few carriers of some kB; C2PA stores with thumbnails reach a few MB. 16 MiB in all is ample.
MAX_CARRIER_BYTES = 16 * 2**20
# One compressed text: ComfyUI workflows unfold to some 100 kB, so 4 MiB is a bomb or not worth reading.
MAX_INFLATED_BYTES = 4 * 2**20
MAX_SEGMENTS = 2_000
# Markers, chunks, boxes or blocks looked at; the largest allowed file in 8 kB chunks has 32,000.
MAX_STEPS = 100_000
# Of what hangs behind the end of a picture only the start is handed out; the whole file is in the subject.
MAX_TRAILING_BYTES = 2**20


class Gathering:
    """The carriers found so far in one file, and what of it could not be walked."""

    def __init__(self, container: str) -> None:
        self.container = container
        self.segments: list[Segment] = []
        self.gaps: list[str] = []
        self._left = MAX_CARRIER_BYTES
        self._steps = MAX_STEPS

    def add(self, name: str, data: bytes, *, key: str = "", raw: bytes | None = None) -> None:
        """Keep one carrier. raw: its bytes as they stand in the file, when they differ from `data`."""
        if len(self.segments) >= MAX_SEGMENTS:
            self.limit("carriers")
            return
        if len(data) > self._left:
            self.limit("carrier bytes")
            data = data[: self._left]
        self._left -= len(data)
        digest = hashlib.sha256(data if raw is None else raw).hexdigest()
        self.segments.append(Segment(self.container, name, key, data, digest))

    def add_again(self, name: str) -> None:
        """Keep the last carrier under a second name too: its bytes are shared, not counted twice."""
        last = self.segments[-1]
        self.segments.append(Segment(self.container, name, last.key, last.data, last.raw_sha256))

    def add_whole(self, name: str, data: bytes) -> None:
        """Keep the file itself as a carrier: it is shared, so it does not count."""
        self.segments.append(Segment(self.container, name, "", data, hashlib.sha256(data).hexdigest()))

    def add_trailing(self, data: bytes, start: int) -> None:
        """Keep the head of what hangs behind the end, when something does."""
        if start < len(data):
            self.add("trailing", data[start : start + MAX_TRAILING_BYTES], raw=data[start:])

    def inflated(self, compressed: bytes) -> bytes | None:
        """The unfolded bytes; None, with a gap, when they are damaged or too many."""
        room = min(MAX_INFLATED_BYTES, self._left)
        engine = zlib.decompressobj()
        try:
            data = engine.decompress(compressed, room + 1)
        except zlib.error:
            self.damaged()
            return None
        if len(data) > room:
            self._left -= room // 4  # many bombs in one file must not cost many times the bound
            self.limit("decompressed bytes")
            return None
        if not engine.eof:
            self.damaged()
        return data

    def may_step(self, name: str) -> bool:
        """Whether one more part may be looked at; a gap when there were too many."""
        self._steps -= 1
        if self._steps < 0:
            self.limit(name)
        return self._steps >= 0

    def damaged(self) -> None:
        """Note that the container is not what its format says."""
        self.gap(reasons.reason(reasons.DAMAGED, f"{self.container.lower()} container"))

    def limit(self, name: str) -> None:
        """Note that a bound was reached."""
        self.gap(reasons.reason(reasons.LIMIT, name))

    def too_deep(self) -> None:
        """Note that boxes lie in boxes beyond the bound."""
        self.gap(reasons.reason(reasons.NESTED, f"{self.container.lower()} container"))

    def gap(self, reason: str) -> None:
        """Note a reason, once."""
        if reason not in self.gaps:
            self.gaps.append(reason)
