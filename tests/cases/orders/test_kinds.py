"""The kinds of orders: hours as data, each with where they are written."""

from datetime import timedelta

import pytest

from rempart.cases.orders.kinds import kind, kinds, kinds_of
from rempart.errors import UserMistake
from rempart.testing.desk import NOW


def test_the_clocks_are_those_of_the_law() -> None:
    assert kind("fr_removal").due_at(NOW) == NOW + timedelta(hours=24)
    assert kind("tco_removal").due_at(NOW) == NOW + timedelta(hours=1)
    assert {one.clock for one in kinds().values() if one.id.startswith("dsa_")} == {"house"}


def test_every_kind_names_its_source_and_date_and_is_said_in_both_languages() -> None:
    for one in kinds().values():
        assert one.source
        assert one.as_of.year >= 2026
        assert one.en != one.fr


def test_a_time_in_the_order_never_moves_the_law_back_and_may_move_it_forward() -> None:
    france, dsa = kind("fr_removal"), kind("dsa_9")
    assert france.due_at(NOW, NOW + timedelta(days=3)) == NOW + timedelta(hours=24)
    assert france.due_at(NOW, NOW + timedelta(hours=2)) == NOW + timedelta(hours=2)
    assert dsa.due_at(NOW, NOW + timedelta(days=3)) == NOW + timedelta(days=3)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UserMistake):
        kind("purple")


@pytest.mark.parametrize("text", ["", "kind = 3", '[[kind]]\nid = "x"', "[[kind]]\n[[kind]]"])
def test_a_damaged_table_is_no_table(text: str) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        kinds_of(text)
