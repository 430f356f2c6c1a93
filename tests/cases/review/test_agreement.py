"""How often two people say the same, and how much of it chance would explain."""

import pytest
from tests.cases.review.conftest import Room

from rempart.cases.review.agreement import agreement, agreement_of
from rempart.testing.desk import make_case


def test_without_pairs_nothing_is_said() -> None:
    found = agreement_of([])
    assert (found.pairs, found.rate, found.kappa) == (0, None, None)


def test_kappa_of_the_textbook() -> None:
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    found = agreement_of(pairs)
    assert found.rate == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.by_code == {"a": pytest.approx(20 / 35), "b": pytest.approx(15 / 30)}


def test_always_the_same_one_code_says_nothing_about_chance() -> None:
    assert agreement_of([("a", "a")] * 3).kappa is None


def test_only_independent_judgements_that_stand_count(room: Room) -> None:
    same, different, alone = (room.make(make_case, room.organisation) for _ in range(3))
    for case, second in ((same, "baseline"), (different, "national")):
        room.judge(room.ada, case)
        room.judge(room.bob, case, second)
    room.claim(room.ada, alone)
    room.decide(room.ada, alone, "not-illegal")
    with room.database.reading() as reader:
        found = agreement(reader, room.organisation)
        assert (found.pairs, found.agreed) == (2, 1)
        assert found.by_code["baseline:baseline"] == pytest.approx(0.5)
        assert agreement(reader, room.organisation, since=room.now).pairs == 0
