"""Which files may come from which device, without anyone viewing them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from rempart.facts.evidence import Evidence, LikelihoodRatio
from rempart.origin.prnu.fingerprint import SensorFingerprint, Trace, fingerprint, pce, trace
from rempart.origin.prnu.validation import GENERATED, Calibration, ratio
from rempart.origin.prnu.view import SensorView
from rempart.thresholds import PRNU_MATCH_PCE

File = tuple[str, SensorView | str]
"""A file's name, and its view or the reason why it has none."""
Outcome = Literal["supports same device", "says nothing", "not comparable"]


@dataclass(frozen=True, slots=True)
class Link:
    """One file beside one fingerprint. Absence of a link says nothing about the device.

    pce: peak to correlation energy, the best of the turns tried. quarters: by how many the file was turned.
    reason: why they cannot be compared. ratio: what a link weighs, None where only generated sensors stand behind it.
    """

    file: str
    device: str
    outcome: Outcome
    pce: float = 0.0
    quarters: int = 0
    reason: str = ""
    ratio: LikelihoodRatio | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """A fingerprint, and how many files were left out of it, by reason."""

    fingerprint: SensorFingerprint
    skipped: dict[str, int] = field(default_factory=dict)


def build(device: str, files: Iterable[File]) -> Built:
    """The fingerprint of the device that took these files. Raises UserMistake for too few, or for mixed sizes."""
    skipped: Counter[str] = Counter()

    def usable() -> Iterator[SensorView]:
        for _, view in files:
            if isinstance(view, SensorView):
                yield view
            else:
                skipped[view] += 1

    return Built(fingerprint(usable(), device), dict(skipped))


def link(
    files: Iterable[File], fingerprints: Sequence[SensorFingerprint], calibration: Calibration = GENERATED
) -> Iterator[Link]:
    """Every file beside every fingerprint, in order. A file is looked at once, however many fingerprints there are."""
    for name, view in files:
        if isinstance(view, SensorView):
            picture = trace(view)
            yield from (_compared(name, picture, sensor, calibration) for sensor in fingerprints)
        else:
            yield from (Link(name, sensor.device, "not comparable", reason=view) for sensor in fingerprints)


def _compared(name: str, picture: Trace, sensor: SensorFingerprint, calibration: Calibration) -> Link:
    turns = [
        quarters for quarters in range(4) if picture.view.geometry[:: -1 if quarters % 2 else 1] == sensor.geometry
    ]
    if not turns:
        return Link(name, sensor.device, "not comparable", reason="size differs from the fingerprint's")
    best, quarters = max((pce(picture.turned(quarters), sensor), quarters) for quarters in turns)
    if best < PRNU_MATCH_PCE.value:
        return Link(name, sensor.device, "says nothing", round(best, 1), quarters)
    return Link(name, sensor.device, "supports same device", round(best, 1), quarters, ratio=ratio(calibration))


def evidence_of(found: Link) -> Evidence | None:
    """A link as a camera trait of the file; None when there is none.

    Whoever holds other pictures of the camera can add its pattern with skill, so it is structural and not proof.
    """
    if found.outcome != "supports same device":
        return None
    return Evidence(
        source="prnu",
        kind="prnu",
        locator="pixels, sensor pattern",
        claim="cameraTraits",
        strength="structural",
        add_cost="tool",
        strip_cost="trivial",
        ratio=found.ratio,
    )
