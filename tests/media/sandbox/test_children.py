"""What the parent believes of a child that unpacks: nothing that would let it spend more than there is."""

import pytest

from rempart.facts import Limits
from rempart.media.budget import Budget
from rempart.media.sandbox.children import _Account

LIMITS = Limits()


def paid(*reports, at_least=(1, 10)):
    """What is left of 100 members and 1000 bytes after the reports of one child."""
    budget = Budget(LIMITS, 100, 1000)
    account = _Account(budget)
    for report in reports:
        account.settle(report, at_least)
    return budget.left


def test_a_child_pays_what_it_says_it_used():
    assert paid([97, 900], [95, 900 - 50]) == (95, 850)


@pytest.mark.parametrize("lie", [[9**9, 9**9], [100, 1000], None, "much", [1], ["a", "b"], [1.5, 2], {}])
def test_a_child_that_lies_pays_at_least_for_what_the_parent_saw(lie):
    assert paid(lie, lie) == (98, 980)


def test_two_children_pay_from_one_budget():
    budget = Budget(LIMITS, 100, 1000)
    outer = _Account(budget)
    outer.settle([99, 900], (1, 100))
    _Account(budget).settle([90, 500], (1, 0))
    outer.settle([98, 800], (1, 100))
    assert budget.left == (89, 400)
