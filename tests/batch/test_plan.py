"""The plan: every row once, in order, in shards small enough to share and to lose."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from rempart.batch import plan as plans
from rempart.batch.plan import ROWS_PER_SHARD, FileShard, cut
from rempart.batch.sources import Row


@given(st.integers(0, 700), st.integers(0, 9))
def test_every_row_stands_in_one_shard_in_order(count: int, first: int) -> None:
    shards = list(cut([Row(str(number)) for number in range(count)], first))
    assert [row.name for shard in shards for row in shard.rows] == [str(number) for number in range(count)]
    assert [shard.number for shard in shards] == list(range(first, first + len(shards)))
    assert all(1 <= shard.size <= ROWS_PER_SHARD for shard in shards)


def test_a_small_job_is_shared_fairly() -> None:
    sizes = [shard.size for shard in cut([Row(str(number)) for number in range(80)])]
    assert max(sizes) <= 16
    assert len(sizes) >= 10


def test_a_shard_comes_back_from_the_plan_as_it_was(tmp_path: Path) -> None:
    rows = [Row("a\udc80", path="/x/a\udc80"), Row("b", known={"md5": "ab" * 16}), Row("c", refused="empty")]
    written = plans.write(tmp_path, cut(rows), {"inputs": ["x"]})
    read = plans.read(tmp_path)
    assert read == written
    assert read is not None
    assert read.shard(0) == FileShard(0, tuple(rows))
    assert read.items == 3
