"""One budget for an item: what it may cost, and what ends it."""

import pytest

from rempart.facts import Limits
from rempart.media import NotExaminable
from rempart.media.budget import Budget

LIMITS = Limits(max_members=3, max_member_bytes_total=100, max_seconds=2)


def test_a_small_item_gets_the_limits_and_a_large_one_what_its_size_warrants():
    assert Budget.of(LIMITS, 10).left == (3, 100)
    assert Budget.of(LIMITS, 4096 * 50).left == (50, 4 * 4096 * 50)
    assert 39 < Budget.of(LIMITS, 0).seconds_left <= 40
    assert 1039 < Budget.of(LIMITS, 1000 * 2**20).seconds_left <= 1040


@pytest.mark.parametrize(
    ("spend", "reason"),
    [
        (lambda budget: [budget.take_member() for _ in range(4)], "limit: members"),
        (lambda budget: [budget.take_bytes(25) for _ in range(5)], "limit: member bytes"),
        (lambda budget: [budget.take_stream_bytes(25) for _ in range(5)], "limit: member bytes"),
        (lambda budget: (budget.charge((4, 0)), budget.check()), "limit: members"),
        (lambda budget: (budget.charge((1, 101)), budget.check()), "limit: member bytes"),
    ],
)
def test_one_more_than_there_was_is_refused(spend, reason):
    with pytest.raises(NotExaminable, match=reason):
        spend(Budget.of(LIMITS, 0))


def test_all_that_there_was_may_be_spent():
    budget = Budget.of(LIMITS, 0)
    for _ in range(3):
        budget.take_member()
    budget.take_bytes(100)
    budget.take_stream_bytes(100)
    assert budget.left == (0, 0)


def test_time_is_part_of_the_budget():
    with pytest.raises(NotExaminable, match="limit: member seconds"):
        Budget(LIMITS, 9, 9, seconds=0).check()
