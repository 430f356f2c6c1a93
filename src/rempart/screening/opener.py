"""The real opener: a sandboxed child looks at the item, and the parent takes its digests."""

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Literal

from rempart.facts import Examination, Limits, reasons
from rempart.facts.evidence import Origin
from rempart.facts.evidence_wire import origin_from_json
from rempart.facts.wire import examination_from_json
from rempart.media import CONTAINERS, HEAD_BYTES, NotExaminable, sniff
from rempart.media.budget import Budget
from rempart.media.content_type import UNKNOWN
from rempart.media.sandbox import Blob, Child, Member, Source
from rempart.media.sandbox.reading import stream_of
from rempart.media.sandbox.source import held
from rempart.origin.verdict import unexamined
from rempart.screening.hashing import hashed, never

TASK = "rempart.screening.examine:examine"
PRELOAD = ("rempart.fingerprints:warm", "rempart.origin.warming:warm")
BELIEVE = "rempart.screening.examine:believe"
PLUG_IN = "rempart.screening.examine:plug_in"
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
        stop: Callable[[], bool] = never,
    ) -> None:
        """origin: whether to look for evidence of how the pixels were made, and whether in the pixels, too.

        stop: true once nobody waits for the finding any more; hashing a large file then ends early.
        """
        self._child, self._limits, self._stop = child, limits, stop
        self._look = {"do": "look", "exact": exact, "preview": preview}
        self._origin = None if origin == "no" else {"do": "origin", "pixels": origin == "pixels"}

    def examine(self, source: Source, *, whole: bool = True) -> Examination:
        """The examination of these bytes; digests alone, with the reason as a gap, when they cannot be opened.

        whole: False leaves out the preview and the origin: enough to see whether anything matches.
        """
        with held(source) as blob:
            seen = self._looked_at(blob, whole=whole)
            origin = self.origin_of(blob) if whole and seen.frames and self._origin else None
            size = blob.size_bytes
            digests, gaps = hashed(blob.descriptor, size, self._limits, self._stop)
        gaps = tuple(dict.fromkeys((*seen.gaps, *gaps)))
        return replace(seen, size_bytes=size, digests=digests, gaps=gaps, origin=origin)

    def origin_of(self, source: Source, *, pixels: bool = False) -> Origin:
        """How the pixels were made. A request of its own: what kills the child here costs no fingerprint."""
        try:
            request = {"do": "origin", "pixels": True} if pixels or self._origin is None else self._origin
            return origin_from_json(self._child.run(source, request))
        except (ValueError, KeyError, TypeError):
            self._child.close()
            return unexamined(reasons.CRASHED)
        except NotExaminable as error:
            return unexamined(error.reason)

    def carriers_of(self, source: Source, wanted: Iterable[str]) -> dict[str, bytes]:
        """SHA-256 -> content of these carriers, which may hold prompts: to be sealed, never shown.

        Raises NotExaminable; a carrier that cannot be had is missing.
        """
        answer = self._child.run(source, {"do": "carriers", "wanted": sorted(wanted)})
        try:
            return {str(name): base64.b64decode(text, validate=True) for name, text in answer["carriers"].items()}
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            self._child.close()
            raise NotExaminable(reasons.CRASHED) from error

    def render(self, source: Source) -> bytes:
        """A JPEG of the first frame, made anew in the child. Raises NotExaminable."""
        try:
            return base64.b64decode(self._child.run(source, {"do": "render"})["jpeg"], validate=True)
        except (KeyError, TypeError, ValueError) as error:
            self._child.close()
            raise NotExaminable(reasons.CRASHED) from error

    def budget(self, source: Source) -> Budget:
        """What all members of this item together may cost, by its true size. Raises NotExaminable."""
        with held(source) as blob:
            return Budget.of(self._limits, blob.size_bytes)

    def members(self, source: Source, depth: int, budget: Budget) -> Iterator[Member]:
        """The members of an archive, one at a time; depth 1 is an archive that is a file."""
        return self._child.members(source, depth, budget)

    def close(self) -> None:
        """The child is ended."""
        self._child.close()

    def _looked_at(self, blob: Blob, *, whole: bool) -> Examination:
        """What the child saw, or the reason why it saw nothing. Raises NotExaminable when there are no bytes at all."""
        try:
            look = self._look if whole else {**self._look, "preview": False}
            seen = examination_from_json(self._child.run(blob, look))
            if any(reasons.code_of(gap) == reasons.DAMAGED for gap in seen.gaps):
                self._child.close()  # what a decoder could not stomach may have harmed it: it sees no other item
            return seen
        except (ValueError, KeyError, TypeError):
            self._child.close()  # it spoke nonsense: as good as dead, and not to be asked again
            return _nothing_but(reasons.CRASHED)
        except NotExaminable as error:
            if error.reason == _TOO_LARGE:
                return self._too_large(blob)
            if reasons.code_of(error.reason) not in _STILL_DIGESTED:
                raise
            return _nothing_but(error.reason)

    def _too_large(self, blob: Blob) -> Examination:
        """An archive goes on to its members, which are bounded one by one; anything else is digests and a gap.

        Only the first bytes are compared here, nothing is parsed outside the sandbox.
        """
        media_type = sniff(stream_of(blob.descriptor, blob.size_bytes).read(HEAD_BYTES))
        seen = replace(_nothing_but(_TOO_LARGE), media_type=media_type)
        if media_type not in CONTAINERS:
            return seen
        if blob.size_bytes > self._limits.max_archive_bytes:
            return replace(seen, gaps=(reasons.reason(reasons.LIMIT, "archive bytes"),))
        return replace(seen, gaps=(), container=True)


def _nothing_but(reason: str) -> Examination:
    return Examination(UNKNOWN, 0, gaps=(reason,))
