"""Screening for a server: a fixed number of sandboxed children; callers wait for one no longer than they say."""

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rempart.errors import Unavailable
from rempart.facts import Examination, Finding, Item, Matched, reasons
from rempart.matching import Snapshot
from rempart.media import NotExaminable
from rempart.screening import judge, screen
from rempart.screening.opener import SandboxOpener

RETRY_AFTER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Screened:
    """What is known of one item that came in.

    finding: the outcome. members: findings of what an archive held. examination: fingerprints and preview, never
    shown or logged; None when the bytes could not be opened at all.
    """

    finding: Finding
    members: tuple[Finding, ...] = ()
    examination: Examination | None = None


class Screeners:
    """Children shared by all threads of a server."""

    def __init__(self, make: Callable[[], SandboxOpener], snapshot: Callable[[], Snapshot], number: int) -> None:
        self._make, self._snapshot = make, snapshot
        self._free: queue.LifoQueue[SandboxOpener | None] = queue.LifoQueue()
        for _ in range(number):
            self._free.put(None)  # made at first use, in the order of need

    def screen(self, name: str, content: bytes, wait_seconds: float, *, whole: bool = True) -> Screened:
        """What is known of these bytes. Raises Unavailable when no child is free in time.

        whole: False looks for a preview and the origin only when something matches: else nobody will ever see them.
        """
        with self._opener(wait_seconds) as opener:
            found = self._screened(name, content, opener, whole=whole)
            if not whole and any(isinstance(one.outcome, Matched) for one in (found.finding, *found.members)):
                found = self._screened(name, content, opener, whole=True)
        return found

    def _screened(self, name: str, content: bytes, opener: SandboxOpener, *, whole: bool) -> Screened:
        kept = _Keeping(opener, whole=whole)
        findings = tuple(screen(Item(name, content), self._snapshot, kept))
        return Screened(findings[-1], findings[:-1], kept.first)

    def render(self, content: bytes, wait_seconds: float) -> bytes:
        """A JPEG of the first frame, decoded and encoded anew in a child. Raises NotExaminable."""
        with self._opener(wait_seconds) as opener:
            shown = opener.render(content)
        if not shown:
            raise NotExaminable(reasons.UNSUPPORTED)
        return shown

    def judge(self, name: str, examination: Examination) -> Finding:
        """The finding of fingerprints that came without bytes."""
        return judge(name, examination, self._snapshot())

    def close(self) -> None:
        """Every child is ended."""
        while not self._free.empty():
            opener = self._free.get_nowait()
            if opener is not None:
                opener.close()

    @contextmanager
    def _opener(self, wait_seconds: float) -> Iterator[SandboxOpener]:
        try:
            opener = self._free.get(timeout=wait_seconds)
        except queue.Empty:
            raise Unavailable("screening is busy; send the item again", RETRY_AFTER_SECONDS) from None
        try:
            opener = opener or self._make()
            yield opener
        finally:
            self._free.put(opener)


class _Keeping:
    """An opener that keeps the examination of the item itself."""

    def __init__(self, opener: SandboxOpener, *, whole: bool) -> None:
        self._opener, self._whole = opener, whole
        self.first: Examination | None = None
        self.budget, self.members, self.close = opener.budget, opener.members, opener.close

    def examine(self, source: object) -> Examination:
        """What the opener sees; the first is the item's own."""
        seen = self._opener.examine(source, whole=self._whole)  # type: ignore[arg-type]
        self.first = self.first or seen
        return seen
