"""The published simulation: our order opens enough of what is critical, and wrong AI labels change next to nothing."""

from dataclasses import replace

import numpy as np
import pytest
from tests.cases.triage.saying import RULES

from rempart.cases.triage.simulate import ORDERS, ours, simulate
from rempart.cases.triage.simulate_world import RATES, make_world

SMALL = {"days": 6, "reports_a_day": 870}


def test_with_sixty_looks_a_day_our_order_opens_what_was_asked_for() -> None:
    found = simulate(RULES, seed=1, looks=(60,), only_ours=True)
    assert (found["reports"], found["critical"]) == (52_200, 1211)
    assert found["critical_opened_24h"]["60"] == pytest.approx(0.712, abs=0.012)
    assert found["critical_opened_24h"]["60"] >= 0.70
    assert found["with_wrong_ai_label"]["60"] >= 0.62
    assert found["critical_opened_24h"]["60"] - found["with_wrong_ai_label"]["60"] < 0.02


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(2, 12))
def test_it_does_so_in_other_worlds(seed: int) -> None:
    found = simulate(RULES, seed, looks=(60,), only_ours=True)
    assert found["critical_opened_24h"]["60"] >= 0.70
    assert found["with_wrong_ai_label"]["60"] >= 0.62


# What the fact sheet's simulation said of the orders that others use: percent with 9, 60 and 200 looks.
PUBLISHED = {
    "first_in_first_out": ((0, 0, 1), None),
    "most_reports_first": ((0, 0, 0), None),
    "most_complete_first": ((1, 7, 25), None),
    "weighted_sum": ((30, 73.5, 88.5), (27, 52, 72)),
    "ai_lowest": (None, (16, 37, 43)),
}


@pytest.mark.campaign
def test_the_orders_of_others_come_out_as_published() -> None:
    found = simulate(RULES, seed=1)["orders"]
    for name, both in PUBLISHED.items():
        for part, published in zip(("critical_opened_24h", "with_wrong_ai_label"), both, strict=True):
            if published is not None:
                assert [100 * one for one in found[name][part].values()] == pytest.approx(published, abs=5), name


def test_the_same_seed_makes_the_same_table_and_another_one_another() -> None:
    one, same = (simulate(RULES, 3, looks=(60,), **SMALL) for _ in range(2))
    assert one == same
    assert one != simulate(RULES, 4, looks=(60,), **SMALL) | {"seed": 3}
    assert set(one["orders"]) == set(ORDERS)


def test_an_ai_label_that_counts_hides_what_is_critical_and_ours_does_not() -> None:
    found = simulate(RULES, 1, looks=(200,), **SMALL)

    def loss(one: dict[str, dict[str, float]]) -> float:
        return one["critical_opened_24h"]["200"] - one["with_wrong_ai_label"]["200"]

    assert loss(found["orders"]["weighted_sum"]) > 0.08
    assert loss(found["orders"]["ai_lowest"]) > 0.2
    assert abs(loss(found)) < 0.03


def test_it_is_the_rules_that_order_and_not_the_simulation() -> None:
    nothing = replace(RULES, tiers=RULES.tiers[-1:], scores=(), version="nothing@0")
    assert simulate(nothing, 1, looks=(60,), only_ours=True, **SMALL)["critical_opened_24h"]["60"] < 0.2


def test_samples_and_ageing_cost_looks() -> None:
    world = make_world(1, **SMALL)
    order = ours(world, RULES)
    assert order.low is not None
    assert set(np.unique(order.low)) == {-1, 3, 4, 5}
    assert order.step_minutes == RULES.ageing.every_hours * 60
    assert order.ageing > 0


def test_the_world_is_made_as_its_table_says() -> None:
    world = make_world(1)
    known = world.traits["hit"][~world.critical]
    assert known.sum() == 0.60 * 52_200
    assert world.traits["ai"].mean() == pytest.approx(0.18, abs=0.005)
    assert world.with_wrong_labels(1).traits["ai"][world.critical].mean() == pytest.approx(0.55, abs=0.05)
    assert (np.diff(world.minute) >= 0).all()
    assert all(rate.why.endswith(".") for rate in RATES)


def test_what_is_not_critical_shows_every_trait_of_what_is() -> None:
    world = make_world(1)
    for rate in RATES:
        if rate.critical and rate.other and rate.trait != "ai":
            assert world.traits[rate.trait][~world.critical].any(), rate.trait
            assert not world.traits[rate.trait][world.critical].all(), rate.trait
