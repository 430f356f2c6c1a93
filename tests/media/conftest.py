"""One sandbox for all tests of the room: starting it is the costly part."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rempart.facts import Limits
from rempart.media.sandbox import Child, Sandbox

TASKS = Path(__file__).parent
LIMITS = Limits(max_bytes=8 * 2**20, max_pixels=5_000_000, max_seconds=10, max_memory_bytes=2**30)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("sandbox_tasks:look", limits=LIMITS, search_path=(TASKS,)) as started:
        yield started


@pytest.fixture
def child(sandbox: Sandbox) -> Iterator[Child]:
    one = sandbox.child()
    yield one
    one.close()
