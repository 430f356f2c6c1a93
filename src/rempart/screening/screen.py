"""One item to its findings: one for the item itself, and one for every member when it is an archive."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

from rempart.facts import Examination, Finding, Item, Variant, View, reasons
from rempart.matching import Snapshot
from rempart.media import NotExaminable
from rempart.media.sandbox import Member, Source
from rempart.screening.judge import judge, not_examined, with_gap

MEMBER_MARK = "!/"


class Opener(Protocol):
    """What opens items; the real one does so in a sandboxed child."""

    def examine(self, source: Source) -> Examination:
        """The examination of these bytes. Raises NotExaminable."""

    def members(self, source: Source, depth: int) -> Iterator[Member]:
        """The members of an archive, one at a time; depth 1 is an archive that is a file, 2 one inside it.

        Raises NotExaminable where the rest cannot be reached, or when the depth is too much.
        """

    def close(self) -> None:
        """Give the child back."""


def screen(item: Item, snapshot: Callable[[], Snapshot], opener: Opener) -> Iterator[Finding]:
    """The finding of the item, after those of its members when it is an archive.

    snapshot: called before each judgement, so that a list changed meanwhile counts at once.
    """
    if item.content is None:
        yield judge(item.name, _with_known(Examination("application/octet-stream", 0), item), snapshot())
        return
    yield from _screen(item, item.content, snapshot, opener, depth=1)


def _screen(
    item: Item, source: Source, snapshot: Callable[[], Snapshot], opener: Opener, depth: int
) -> Iterator[Finding]:
    try:
        examination = opener.examine(source)
    except NotExaminable as error:
        seen = Examination("application/octet-stream", 0, gaps=(error.reason,))
        yield judge(item.name, _with_known(seen, item), snapshot())
        return
    finding = judge(item.name, _with_known(examination, item), snapshot())
    if examination.container:
        yield from _screen_members(finding, source, snapshot, opener, depth)
    else:
        yield finding


def _screen_members(
    container: Finding, source: Source, snapshot: Callable[[], Snapshot], opener: Opener, depth: int
) -> Iterator[Finding]:
    """The findings of the members; then the container's own, which says why members could not be reached."""
    try:
        for member in opener.members(source, depth):
            name = f"{container.item}{MEMBER_MARK}{member.name}"
            if member.source is None:
                yield not_examined(name, member.reason or reasons.CRASHED)
                continue
            with member.source:
                yield from _screen(Item(name), member.source, snapshot, opener, depth + 1)
    except NotExaminable as error:
        container = with_gap(container, error.reason)
    yield container


def _with_known(examination: Examination, item: Item) -> Examination:
    """The examination with the fingerprints that came with the item."""
    digests = tuple(print_ for print_ in item.known if print_.kind != "pdq" and print_ not in examination.digests)
    variants = tuple(Variant(print_, View()) for print_ in item.known if print_.kind == "pdq")
    return replace(examination, digests=(*examination.digests, *digests), variants=(*examination.variants, *variants))
