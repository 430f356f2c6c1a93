"""One item to its findings: one for the item itself, and one for every member when it is an archive."""

from collections.abc import Callable, Iterator
from typing import Protocol

from rempart.facts import Examination, Finding, Item, reasons
from rempart.matching import Snapshot
from rempart.media import NotExaminable
from rempart.media.budget import Budget
from rempart.media.content_type import UNKNOWN
from rempart.media.sandbox import Member, Source
from rempart.screening.judge import judge, not_examined, with_gap

MEMBER_MARK = "!/"


class Opener(Protocol):
    """What opens items; the real one does so in a sandboxed child."""

    def examine(self, source: Source) -> Examination:
        """The examination of these bytes. Raises NotExaminable."""

    def budget(self, source: Source) -> Budget:
        """What all members of this item together may cost. Raises NotExaminable."""

    def members(self, source: Source, depth: int, budget: Budget) -> Iterator[Member]:
        """The members of an archive, one at a time; depth 1 is an archive that is a file, 2 one inside it.

        Raises NotExaminable where the rest cannot be reached, when the depth is too much or the budget is spent.
        """

    def close(self) -> None:
        """Give the child back."""


def screen(item: Item, snapshot: Callable[[], Snapshot], opener: Opener) -> Iterator[Finding]:
    """The finding of the item, after those of its members when it is an archive.

    snapshot: called before each judgement, so that a list changed meanwhile counts at once.
    """
    if item.content is None:
        seen = Examination(UNKNOWN, 0, gaps=() if item.known else (reasons.NO_FINGERPRINT,))
        yield judge(item.name, seen, snapshot(), item.known)
        return
    yield from _Screening(snapshot, opener).of(item, item.content)


class _Screening:
    """One item on its way, with all that lies in it: the archives at every depth spend one budget."""

    def __init__(self, snapshot: Callable[[], Snapshot], opener: Opener) -> None:
        self._snapshot, self._opener = snapshot, opener

    def of(self, item: Item, source: Source, depth: int = 1, budget: Budget | None = None) -> Iterator[Finding]:
        """The findings of the members, then that of the item itself. budget: None for what came from outside."""
        try:
            seen = self._opener.examine(source)
        except NotExaminable as error:
            seen = Examination(UNKNOWN, 0, gaps=(error.reason,))
        finding = judge(item.name, seen, self._snapshot(), item.known)
        if seen.container:
            try:
                yield from self._members(item.name, source, depth, budget or self._opener.budget(source))
            except NotExaminable as error:
                finding = with_gap(finding, error.reason)
        yield finding

    def _members(self, container: str, source: Source, depth: int, budget: Budget) -> Iterator[Finding]:
        """The findings of the members. Raises NotExaminable when there are more that cannot be reached."""
        for member in self._opener.members(source, depth, budget):
            name = f"{container}{MEMBER_MARK}{member.name}"
            if member.source is None:
                yield not_examined(name, member.reason or reasons.CRASHED)
                continue
            with member.source:
                yield from self.of(Item(name), member.source, depth + 1, budget)
