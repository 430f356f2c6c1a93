"""Invisible marks of open image generators, readable without a key: anyone can add one, so they only declare."""

from collections.abc import Iterator

from rempart.facts import reasons
from rempart.facts.evidence import Evidence
from rempart.origin.subject import Subject
from rempart.origin.watermark import MARKS, MOST_PIXELS, Mark, agreements


class _Watermark:
    name = "watermark"
    needs_pixels = True

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence per mark whose bits are there; a reason where the picture is too large to look at."""
        pixels = subject.pixels
        if pixels is None or pixels.ndim != 3:
            return
        if pixels.shape[0] * pixels.shape[1] > MOST_PIXELS:
            yield _unseen(reasons.reason(reasons.LIMIT, "pixels"))
            return
        for name, agreement in agreements(pixels).items():
            if agreement >= MARKS[name].threshold.value:
                yield _declared(MARKS[name])


def _declared(mark: Mark) -> Evidence:
    """The mark as a declaration; one that only counts when every bit is right is no more than a hint."""
    return Evidence(
        source=SOURCE.name,
        kind="watermark",
        locator=f"pixels, invisible mark {mark.name}",
        claim="fullyGenAIMedia",
        strength="hint" if mark.threshold.value == len(mark.bits) else "structural",
        add_cost="trivial",
        strip_cost="trivial",
        tool=mark.tool,
    )


def _unseen(reason: str) -> Evidence:
    return Evidence(
        source=SOURCE.name,
        kind="watermark",
        locator="pixels",
        claim="noStatement",
        strength="hint",
        add_cost="trivial",
        strip_cost="trivial",
        reason=reason,
    )


SOURCE = _Watermark()
