"""What the parent believes of a child: nothing that would let it spend more than there is, or show what it likes."""

import pytest

from rempart.facts import Limits
from rempart.media import NotExaminable
from rempart.media.budget import Budget
from rempart.media.sandbox.children import Child, _Account
from rempart.media.sandbox.confinement import MOST_REQUESTS

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


class Puppet:
    """A child process that says what it is told to say."""

    number = 1

    def __init__(self, *answers):
        self.answers = [(each, None) for each in answers]

    def ask(self, *_):
        return self.answers.pop(0)

    def is_alive(self):
        return True

    def kill(self):
        self.answers.clear()


def of_puppet(*answers):
    return Child(lambda _: Puppet(*answers), LIMITS)


def test_a_members_name_is_made_safe_to_show_whatever_the_child_says():
    evil = [
        {"member": name, "reason": "link not followed"} for name in ("\x1b[31mred", "\u202egnp.exe", "x" * 10**6, "")
    ]
    names = [each.name for each in of_puppet(*evil, {"answer": {}}).members(b"PK")]
    assert names == ["\ufffd[31mred", "\ufffdgnp.exe", "x" * 1024, "unnamed"]


def test_a_members_reason_is_of_the_vocabulary_whatever_the_child_says():
    evil = [{"member": "a", "reason": reason} for reason in ("fine", "link not followed: \x1b", None, 7, "encrypted")]
    reasons = [each.reason for each in of_puppet(*evil, {"answer": {}}).members(b"PK")]
    assert reasons == ["crashed"] * 4 + ["encrypted"]


def test_the_place_of_an_error_is_made_safe_to_show_too():
    with pytest.raises(NotExaminable) as caught:
        of_puppet({"refused": "crashed", "where": "\x1b" + "x" * 999}).run(b"data", {})
    assert caught.value.where == "\ufffd" + "x" * 199


def test_a_child_that_would_stay_for_ever_is_replaced_all_the_same():
    puppets = []
    child = Child(lambda _: puppets.append(Puppet(*[{"answer": {}}] * 999)) or puppets[-1], LIMITS)
    for _ in range(2 * MOST_REQUESTS + 1):
        child.run(b"data", {})
    assert len(puppets) == 3
