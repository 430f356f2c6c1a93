"""The composition root: the only place that knows settings, keys, lists, sandbox, database and features together."""

from rempart.wiring.house import (
    House,
    JobResult,
    open_house,
    open_keys,
    open_lists,
    open_trust,
    sensor_views,
    trust_folder,
)

__all__ = [
    "House",
    "JobResult",
    "open_house",
    "open_keys",
    "open_lists",
    "open_trust",
    "sensor_views",
    "trust_folder",
]
