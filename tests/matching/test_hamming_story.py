"""An index and a plain dictionary live through the same random story and never disagree."""

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from rempart.matching import HammingIndex, segment

from .makers import brute_force, clustered_values, flipped, listed


class Story(RuleBasedStateMachine):
    """Appends, withdrawals, compaction, saving and opening in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = clustered_values(600, 11)
        self.index, self.next_id = HammingIndex(), 0
        self.values: dict[int, np.ndarray] = {}
        self.folder = tempfile.TemporaryDirectory()
        self.before = segment.DIRECTORY_FROM

    @initialize(directory_from=st.sampled_from([0, 50, 10**9]))
    def choose_layout(self, directory_from: int) -> None:
        segment.DIRECTORY_FROM = directory_from

    @rule(start=st.integers(0, 599), count=st.integers(0, 200))
    def append(self, start: int, count: int) -> None:
        values = self.pool[start : start + count]
        ids = np.arange(self.next_id, self.next_id + len(values))
        self.index = self.index.append(values, ids)
        self.values |= dict(zip(ids.tolist(), values, strict=True))
        self.next_id += len(values)

    @precondition(lambda self: self.values)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        gone = data.draw(st.lists(st.integers(0, self.next_id), max_size=40))
        self.index = self.index.withdraw(np.array(gone, np.int64))
        self.values = {number: value for number, value in self.values.items() if number not in gone}

    @rule()
    def compact(self) -> None:
        self.index = self.index.compact()

    @rule()
    def save_and_open(self) -> None:
        self.index.save(Path(self.folder.name))
        self.index = HammingIndex.open(Path(self.folder.name))

    @rule(limit=st.integers(0, 63), start=st.integers(0, 590), bits=st.integers(0, 64))
    def search(self, limit: int, start: int, bits: int) -> None:
        queries = flipped(self.pool[start : start + 5], np.full(len(self.pool[start : start + 5]), bits))
        stored = np.array(list(self.values.values()), np.uint8).reshape(-1, 32)
        expected = brute_force(stored, np.array(list(self.values), np.int64), queries, limit)
        assert listed(self.index.search(queries, limit)) == expected

    @invariant()
    def counts_agree(self) -> None:
        assert len(self.index) == len(self.values)

    def teardown(self) -> None:
        segment.DIRECTORY_FROM = self.before
        self.folder.cleanup()


TestStory = Story.TestCase
TestStory.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
