"""The real opener: a sandboxed child that examines, and digests alone when the child died over an item."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from rempart.facts import Examination, Limits, reasons
from rempart.facts.evidence import Origin
from rempart.facts.evidence_wire import origin_from_json
from rempart.facts.wire import examination_from_json
from rempart.fingerprints import digests
from rempart.media import CONTAINERS, HEAD_BYTES, NotExaminable, sniff
from rempart.media.sandbox import Child, Member, Source
from rempart.media.sandbox.source import opened
from rempart.origin.verdict import unexamined

TASK = "rempart.screening.examine:examine"
PRELOAD = ("rempart.fingerprints:warm",)
BELIEVE = "rempart.screening.examine:believe"
_TOO_LARGE = reasons.reason(reasons.LIMIT, "bytes")
_STILL_DIGESTED = (reasons.CRASHED, reasons.TIMEOUT, reasons.LIMIT)


class SandboxOpener:
    """Opens items in one sandboxed child; use it from one thread."""

    def __init__(
        self,
        child: Child,
        limits: Limits,
        *,
        exact: bool = False,
        preview: bool = False,
        origin: Literal["no", "carriers", "pixels"] = "carriers",
    ) -> None:
        """origin: whether to look for evidence of how the pixels were made, and whether in the pixels, too."""
        self._child, self._limits = child, limits
        self._look = {"do": "look", "exact": exact, "preview": preview}
        self._origin = None if origin == "no" else {"do": "origin", "pixels": origin == "pixels"}

    def examine(self, source: Source) -> Examination:
        """The examination of these bytes; digests only, with the reason as a gap, when they cannot be opened."""
        try:
            seen = examination_from_json(self._child.run(source, self._look))
            return replace(seen, origin=self.origin_of(source)) if seen.frames and self._origin else seen
        except (ValueError, KeyError, TypeError):
            return self._digested(source, reasons.CRASHED)  # the child spoke nonsense: as good as dead
        except NotExaminable as error:
            if error.reason == _TOO_LARGE:
                return self._too_large(source)
            if reasons.code_of(error.reason) not in _STILL_DIGESTED:
                raise
            return self._digested(source, error.reason)

    def origin_of(self, source: Source) -> Origin:
        """How the pixels were made. A request of its own: what kills the child here costs no fingerprint."""
        try:
            return origin_from_json(self._child.run(source, self._origin or {"do": "origin", "pixels": True}))
        except (ValueError, KeyError, TypeError):
            return unexamined(reasons.CRASHED)
        except NotExaminable as error:
            return unexamined(error.reason)

    def members(self, source: Source, depth: int) -> Iterator[Member]:
        """The members of an archive, one at a time; depth 1 is an archive that is a file."""
        return self._child.members(source, depth)

    def close(self) -> None:
        """The child is ended."""
        self._child.close()

    def _too_large(self, source: Source) -> Examination:
        """An archive goes on to its members, which are bounded one by one; anything else is digests and a gap.

        Only the first bytes are compared here, nothing is parsed outside the sandbox.
        """
        seen = self._digested(source, _TOO_LARGE)
        with opened(source, sys.maxsize) as (descriptor, size):
            media_type = sniff(os.pread(descriptor, HEAD_BYTES, 0))
        if media_type not in CONTAINERS:
            return replace(seen, media_type=media_type)
        if size > self._limits.max_archive_bytes:
            return replace(seen, media_type=media_type, gaps=(reasons.reason(reasons.LIMIT, "archive bytes"),))
        return replace(seen, media_type=media_type, gaps=(), container=True)

    def _digested(self, source: Source, reason: str) -> Examination:
        """Digests of the bytes read as they are: hashing parses nothing, so it is safe outside the sandbox."""
        with opened(source, sys.maxsize) as (descriptor, size), open(descriptor, "rb", closefd=False) as stream:
            stream.seek(0)
            found = digests(stream)
        return Examination("application/octet-stream", size, found, gaps=(reason,))
