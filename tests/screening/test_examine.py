"""The real task in a real child: every format is looked at there, with nothing left to import."""

from collections.abc import Iterator

import pytest

from rempart.facts import Limits
from rempart.media.sandbox import Sandbox
from rempart.screening import PRELOAD, TASK, SandboxOpener
from rempart.testing.encodings import ENCODINGS
from rempart.testing.pictures import pattern

STILL = [name for name, encoding in ENCODINGS.items() if not encoding.archive]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(TASK, PRELOAD, Limits()) as started:
        yield started


@pytest.mark.parametrize("exact", [False, True], ids=["fast", "exact"])
def test_every_format_gives_fingerprints_and_an_origin_in_the_child(sandbox: Sandbox, exact: bool) -> None:
    opener = SandboxOpener(sandbox.child(), Limits(), exact=exact, preview=True, origin="pixels")
    for name in STILL:
        seen = opener.examine(ENCODINGS[name].encode(pattern(3, 200, 150)))
        assert seen.variants, name
        assert seen.gaps == (), name
        assert seen.preview, name
        assert seen.origin is not None, name
        assert not [one.reason for one in seen.origin.evidence if one.reason], name
