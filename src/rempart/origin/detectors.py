"""A statistical detector of the operator's own: its score is shown, and counts for nothing by itself.

None is shipped: published ones call real photographs AI. One is loaded only if its entry point (group
`rempart.detectors`, a function from (h, w, 3 or 4) uint8 pixels to a score 0..1) is named in the settings.
"""

from collections.abc import Callable
from importlib.metadata import entry_points

from rempart.errors import UserMistake
from rempart.facts import reasons
from rempart.facts.evidence import Evidence
from rempart.origin.subject import Pixels

GROUP = "rempart.detectors"
Detector = Callable[[Pixels], float]


def load(name: str) -> Detector:
    """The detector of that entry point. Raises UserMistake when no installed package offers it."""
    found = entry_points(group=GROUP, name=name)
    if not found:
        raise UserMistake(f"no installed package offers the detector `{name}`; install it or unset REMPART_DETECTOR")
    detector: Detector = next(iter(found)).load()
    return detector


def observe(name: str, detector: Detector, pixels: Pixels) -> Evidence:
    """Its score as evidence that makes no statement, so that it can never lead to a verdict; a failure is a reason."""
    score, reason = "", ""
    try:
        value = float(detector(pixels))
        score = f"score {value:.2f}" if 0 <= value <= 1 else ""
        reason = "" if score else reasons.reason(reasons.DAMAGED, "detector score")
    except Exception as error:  # noqa: BLE001 - the plug-in call: it may fail in any way, and that is recorded
        reason = reasons.reason(reasons.CRASHED, type(error).__name__)
    return Evidence(
        source="detector",
        kind="detector",
        locator="pixels",
        claim="noStatement",
        strength="hint",
        add_cost="trivial",
        strip_cost="trivial",
        tool=name,
        fields=(score,) if score else (),
        reason=reason,
    )
