"""Thousands of spoilt files through the real task: each ends as one finding, in time, and no parent dies."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from rempart.facts import Finding, Item, Limits, Matched, NotExamined, Outcome, name_of, reasons
from rempart.matching import Snapshot
from rempart.media.sandbox import Sandbox
from rempart.screening import MEMBER_MARK, PRELOAD, TASK, SandboxOpener, screen
from rempart.testing.mutations import mutated_corpus

LIMITS = Limits(max_bytes=8 * 2**20, max_pixels=5_000_000, max_seconds=10, max_memory_bytes=2 * 2**30)
REQUESTS_OF_ONE_ITEM = 2  # what it shows, and how it was made


def timed(findings: Iterator[Finding]) -> Iterator[tuple[Finding, float]]:
    """Each finding with the seconds that it took."""
    started = time.monotonic()
    for finding in findings:
        yield finding, time.monotonic() - started
        started = time.monotonic()


def told(outcome: Outcome) -> str:
    """The name of the outcome, or the code of its reason."""
    return reasons.code_of(outcome.reason) if isinstance(outcome, NotExamined) else name_of(outcome)


@pytest.mark.parametrize("count", [400, pytest.param(10_000, marks=pytest.mark.campaign)])
def test_every_spoilt_file_is_one_finding_within_its_limit(count: int) -> None:
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    with Sandbox(TASK, PRELOAD, LIMITS) as sandbox:
        opener = SandboxOpener(sandbox.child(), LIMITS, preview=True, origin="pixels")
        opener.examine(b"the sandbox starts, which is nobody's time")
        for name, data in mutated_corpus(count, seed=47):
            found = list(timed(screen(Item(name, data), Snapshot, opener)))
            assert [each.item for each, _ in found if MEMBER_MARK not in each.item] == [name]
            assert not any(isinstance(each.outcome, Matched) for each, _ in found)
            outcomes[told(found[-1][0].outcome)] += 1
            slowest = max(slowest, *(seconds for _, seconds in found))
    assert outcomes.total() == count
    assert set(outcomes) <= {"no_match", *reasons.MEANING} - {reasons.CRASHED, reasons.TIMEOUT}
    assert min(outcomes["no_match"], outcomes[reasons.TRUNCATED], outcomes[reasons.DAMAGED]) > count // 100
    assert slowest < REQUESTS_OF_ONE_ITEM * LIMITS.max_seconds
