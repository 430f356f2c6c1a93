"""Real servers on loopback: nothing else can be reached from these tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rempart.net.addresses import Address
from rempart.net.limits import Limits
from rempart.testing.loopback import OwnAuthority, own_authority


@pytest.fixture
def authority(tmp_path: Path) -> OwnAuthority:
    """A certificate authority of this test."""
    return own_authority(tmp_path)


@pytest.fixture
def quick() -> Limits:
    """Limits that a slow server meets soon."""
    return Limits(silence_seconds=0.3, total_seconds=0.6, max_answer_bytes=100_000)


@pytest.fixture
def never_resolves() -> Callable[[str, float], tuple[Address, ...]]:
    """A resolver that nobody may ask."""

    def resolve(name: str, seconds: float) -> tuple[Address, ...]:
        raise AssertionError("a name was looked up")

    return resolve
