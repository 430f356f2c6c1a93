"""Files of one generated device are linked, strangers never."""

from functools import cache

import numpy as np
import pytest

from rempart.errors import UserMistake
from rempart.facts import Limits
from rempart.facts.evidence import CAMERA_CLAIMS
from rempart.origin.prnu import GENERATED, Calibration, SensorView, build, calibrated, evidence_of, link
from rempart.origin.prnu.linking import File
from rempart.origin.prnu.seeing import see, seen
from rempart.origin.prnu.validation import ratio
from rempart.testing.sensors import Camera
from rempart.thresholds import PRNU_MATCH_PCE

FOR_THE_FINGERPRINT = range(1000, 1012)
SMALL = 0.02  # small pictures need a stronger pattern: energy grows with the area


def _file(camera: Camera, scene: int) -> File:
    return f"{camera.number}-{scene}", seen(see(camera.takes(scene), {}, Limits()))


@cache
def _sensor(camera: Camera):  # type: ignore[no-untyped-def]
    return build(f"device {camera.number}", (_file(camera, scene) for scene in FOR_THE_FINGERPRINT)).fingerprint


def _campaign(cameras: list[Camera], scenes: int) -> tuple[Calibration, float]:
    """What the links say of files whose device is known, and the greatest energy between strangers."""
    sensors = [_sensor(camera) for camera in cameras]
    outcomes, worst = [], 0.0
    for camera in cameras:
        files = (_file(camera, camera.number * scenes + number) for number in range(scenes))
        for found in link(files, sensors):
            same = found.device == f"device {camera.number}"
            outcomes.append((same, found.outcome == "supports same device"))
            worst = worst if same else max(worst, found.pce)
    return calibrated(GENERATED.name, outcomes), worst


def test_files_of_one_device_are_linked_and_strangers_are_not() -> None:
    found, worst = _campaign([Camera(number, 384, 512, SMALL) for number in range(3)], scenes=6)
    assert (found.same_trials, found.cross_trials, found.cross_linked) == (18, 36, 0)
    assert found.same_linked >= 17
    assert worst < PRNU_MATCH_PCE.value / 2


@pytest.mark.campaign
def test_the_calibration_of_generated_sensors_holds() -> None:
    found, worst = _campaign([Camera(number) for number in range(10)], scenes=24)
    assert found.cross_trials >= 2000
    assert (found.same_trials, found.cross_trials) == (GENERATED.same_trials, GENERATED.cross_trials)
    assert found.cross_linked == GENERATED.cross_linked == 0
    assert found.same_linked >= 0.95 * found.same_trials
    assert found.same_linked >= GENERATED.same_linked
    assert worst < 40


def test_a_file_turned_by_quarters_is_still_linked() -> None:
    camera = Camera(1, 384, 512, SMALL)
    name, view = _file(camera, 7)
    assert isinstance(view, SensorView)
    for quarters in range(4):
        (found,) = link([(name, view.turned(quarters))], [_sensor(camera)])
        assert (found.outcome, (found.quarters + quarters) % 4) == ("supports same device", 0)


def test_another_size_cannot_be_compared_and_says_so() -> None:
    (found,) = link([_file(Camera(1, 400, 512, SMALL), 7)], [_sensor(Camera(1, 384, 512, SMALL))])
    assert (found.outcome, found.pce, bool(found.reason)) == ("not comparable", 0.0, True)


def test_an_unusable_file_is_counted_and_named_not_dropped() -> None:
    camera = Camera(1, 384, 512, SMALL)
    files = [_file(camera, scene) for scene in FOR_THE_FINGERPRINT]
    built = build("one", [*files, ("dark", "low quality"), ("tiny", "too small"), ("black", "low quality")])
    assert (built.fingerprint.pictures, built.skipped) == (len(files), {"low quality": 2, "too small": 1})
    assert [found.reason for found in link([("dark", "low quality")], [built.fingerprint])] == ["low quality"]


def test_too_few_pictures_or_mixed_sizes_make_no_fingerprint() -> None:
    few = [_file(Camera(1, 256, 256, SMALL), scene) for scene in range(4)]
    with pytest.raises(UserMistake, match="4 usable pictures"):
        build("one", few)
    with pytest.raises(UserMistake, match="differ in size"):
        build("one", [*few, _file(Camera(1, 256, 272, SMALL), 9)])


def test_a_link_is_a_camera_trait_that_skill_can_add_and_its_absence_is_nothing() -> None:
    camera = Camera(1, 384, 512, SMALL)
    own, other = link([_file(camera, 7), _file(Camera(2, 384, 512, SMALL), 7)], [_sensor(camera)])
    evidence = evidence_of(own)
    assert evidence is not None
    assert evidence.claim in CAMERA_CLAIMS
    assert (evidence.strength, evidence.add_cost) == ("structural", "tool")
    assert (other.outcome, evidence_of(other)) == ("says nothing", None)


def test_generated_sensors_give_no_ratio_and_real_ones_give_a_capped_one() -> None:
    camera = Camera(1, 384, 512, SMALL)
    real = Calibration("twelve phones of the office", 300, 280, 3000, 0)
    (without,), (with_one,) = (link([_file(camera, 7)], [_sensor(camera)], known) for known in (GENERATED, real))
    assert without.ratio is None
    assert with_one.ratio == ratio(real)
    assert with_one.ratio is not None
    assert with_one.ratio.low < with_one.ratio.high == with_one.ratio.cap
    assert with_one.ratio.calibration == "twelve phones of the office"


def test_the_pattern_of_a_device_is_not_in_its_repr() -> None:
    sensor = _sensor(Camera(1, 384, 512, SMALL))
    assert "pattern" not in repr(sensor)
    assert np.isfinite(sensor.pattern).all()
