"""Damaged carriers through the whole path: every one gets a record, none kills anything or outlives its limit."""

import time
from collections import Counter
from itertools import cycle, islice

import pytest

from rempart.facts import Limits
from rempart.media.sandbox import Sandbox
from rempart.screening import PRELOAD, TASK, SandboxOpener
from rempart.testing.carriers import CARRIERS
from rempart.testing.mutations import mutate

LIMITS = Limits(max_seconds=10)


def campaign(files: int) -> Counter[str]:
    """Verdicts of so many damaged carriers, spread over every convention and container."""
    whole = [carrier.build() for carrier in CARRIERS.values()]
    verdicts: Counter[str] = Counter()
    with Sandbox(TASK, PRELOAD, LIMITS) as sandbox:
        opener = SandboxOpener(sandbox.child(), LIMITS)
        for seed, data in enumerate(islice(cycle(whole), files)):
            started = time.monotonic()
            origin = opener.origin_of(mutate(data, seed), pixels=seed % 10 == 0)
            assert time.monotonic() - started < LIMITS.max_seconds + 2
            assert not [one for one in origin.evidence if one.reason.startswith(("crashed", "timeout"))]
            verdicts[origin.verdict.verdict] += 1
    return verdicts


def test_some_damaged_carriers_each_get_a_record() -> None:
    assert campaign(400).total() == 400


@pytest.mark.campaign
def test_10000_damaged_carriers_each_get_a_record() -> None:
    verdicts = campaign(10_000)
    assert verdicts.total() == 10_000
    assert verdicts["ai.signed.full"] == 0
