"""Sensor pattern noise: link files to the device that took them. Not validated on phones; see the docs.

A link supports "same device", never "unedited"; its absence says nothing.
"""

from rempart.origin.prnu.fingerprint import SensorFingerprint, Trace, fingerprint, pce, trace
from rempart.origin.prnu.linking import Built, Link, build, evidence_of, link
from rempart.origin.prnu.storing import from_npz, to_npz
from rempart.origin.prnu.validation import GENERATED, Calibration, calibrated, largest_ratio, upper95
from rempart.origin.prnu.view import SensorView, view_of

__all__ = [
    "GENERATED",
    "Built",
    "Calibration",
    "Link",
    "SensorFingerprint",
    "SensorView",
    "Trace",
    "build",
    "calibrated",
    "evidence_of",
    "fingerprint",
    "from_npz",
    "largest_ratio",
    "link",
    "pce",
    "to_npz",
    "trace",
    "upper95",
    "view_of",
]
