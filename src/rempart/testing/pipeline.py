"""The whole pipeline as a matcher of the self-test: sandboxed child, fingerprints, search, judgement."""

from collections import Counter
from collections.abc import Collection

import numpy as np

from rempart.facts import HashList, Item, Matched, NotExamined
from rempart.fingerprints import pdq_exact
from rempart.matching import HammingIndex, ListSnapshot, Snapshot
from rempart.screening import Opener, screen
from rempart.testing.pictures import Pixels
from rempart.thresholds import PDQ_MATCH_DISTANCE


class PipelineMatcher:
    """Lists pictures by the fingerprint a hotline would give them, and screens uploads as a host would.

    reasons: why uploads were not examined, counted, so that a miss can be explained.
    """

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._refs: list[str] = []
        self.reasons: Counter[str] = Counter()
        self._near = HammingIndex.build(np.empty((0, 32), np.uint8), np.empty(0, np.int64))

    def enlist(self, ref: str, pixels: Pixels) -> None:
        """The bit-exact PDQ of these pixels stands on the list as `ref`."""
        value = np.frombuffer(pdq_exact(pixels).value, np.uint8).reshape(1, -1)
        self._near = self._near.append(value, np.array([len(self._refs)]))
        self._refs.append(ref)

    def look_up(self, data: bytes) -> Collection[str]:
        """The refs that any finding of the upload names, its archive members included."""
        findings = screen(Item("upload", data), self._snapshot, self._opener)
        outcomes = [finding.outcome for finding in findings]
        self.reasons.update(found.reason for found in outcomes if isinstance(found, NotExamined))
        return {match.entry_ref for found in outcomes if isinstance(found, Matched) for match in found.matches}

    def _snapshot(self) -> Snapshot:
        facts = HashList("selftest", 1, "this self-test", "known-bad", "review", PDQ_MATCH_DISTANCE.value, None)
        return Snapshot((ListSnapshot(facts, self._near, {}, lambda entry: (self._refs[entry], "", False)),))
