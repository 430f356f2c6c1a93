"""Likelihood ratios grow with what was validated and never beyond it."""

import pytest

from rempart.origin.prnu.validation import GENERATED, Calibration, calibrated, largest_ratio, lower95, ratio, upper95


@pytest.mark.parametrize(
    ("trials", "cap"), [(76, 26), (300, 101), (1_000, 334), (3_000, 1_002), (10_000, 3_339), (30_000, 10_015)]
)
def test_the_cap_is_the_one_of_the_table(trials: int, cap: int) -> None:
    assert round(largest_ratio(trials)) == cap


@pytest.mark.parametrize(("events", "trials", "bound"), [(1, 100, 0.0466), (5, 100, 0.1023), (0, 10, 0.2589)])
def test_the_bound_is_that_of_clopper_and_pearson(events: int, trials: int, bound: float) -> None:
    assert upper95(events, trials) == pytest.approx(bound, abs=1e-4)


def test_no_trial_no_knowledge() -> None:
    assert (upper95(0, 0), lower95(0, 0), largest_ratio(0)) == (1.0, 0.0, 1.0)
    assert ratio(Calibration("none", 0, 0, 0, 0)) is None
    assert ratio(Calibration("never linked", 10, 0, 100, 0)) is None


def test_one_false_alarm_lowers_the_cap() -> None:
    assert largest_ratio(1000, 1) < largest_ratio(1000) / 1.5


def test_lower_and_upper_bounds_mirror_each_other() -> None:
    assert lower95(13, 16) == pytest.approx(1 - upper95(3, 16))
    assert lower95(13, 16) == pytest.approx(0.5834, abs=1e-3)


def test_outcomes_are_counted_by_truth_and_link() -> None:
    found = calibrated("lab", [(True, True), (True, False), (False, False), (False, False), (False, True)])
    assert (found.same_trials, found.same_linked, found.cross_trials, found.cross_linked) == (2, 1, 3, 1)


def test_what_generated_devices_showed_gives_no_ratio() -> None:
    assert GENERATED.generated
    assert ratio(GENERATED) is None
