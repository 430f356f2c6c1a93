"""A detector plug-in is noted, may fail, and never decides."""

from importlib.metadata import EntryPoint

import numpy as np
import pytest

from rempart.errors import UserMistake
from rempart.origin import detectors, examine
from rempart.origin.trust import Trust

PIXELS = np.zeros((8, 8, 3), np.uint8)


def seen(detector: detectors.Detector):
    return examine(b"\xff\xd8\xff\xd9", "image/jpeg", trust=Trust(), pixels=PIXELS, detector=("mine", detector))


def broken(_pixels: object) -> float:
    raise RuntimeError("no weights")


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0])
def test_a_score_is_noted_and_leaves_the_verdict_unknown(score: float) -> None:
    found = seen(lambda _: score)
    assert found.verdict.verdict == "unknown"
    assert found.evidence[-1].fields == (f"score {score:.2f}",)
    assert any(rule.startswith("e: a detector's score") for rule in found.verdict.rules)


@pytest.mark.parametrize(
    ("detector", "reason"),
    [
        (broken, "crashed: RuntimeError"),
        (lambda _: 7.0, "damaged: detector score"),
        (lambda _: float("nan"), "damaged"),
    ],
)
def test_a_failing_detector_is_a_reason_and_never_silence(detector: detectors.Detector, reason: str) -> None:
    assert seen(detector).evidence[-1].reason.startswith(reason)


def test_without_pixels_no_detector_runs() -> None:
    found = examine(b"\xff\xd8\xff\xd9", "image/jpeg", trust=Trust(), detector=("mine", broken))
    assert not [one for one in found.evidence if one.kind == "detector"]


def test_a_detector_that_nobody_offers_is_a_clear_sentence() -> None:
    with pytest.raises(UserMistake, match="no installed package offers the detector `mine`"):
        detectors.load("mine")


def test_a_detector_is_loaded_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("mine", "math:floor", detectors.GROUP)
    monkeypatch.setattr(detectors, "entry_points", lambda **_: [point])
    assert detectors.load("mine")(0.5) == 0  # type: ignore[arg-type]
