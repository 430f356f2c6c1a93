"""ICCAM's numbers, as an open hotline tool has them (SCART, version 65b18 of April 2024).

The API and its current version are known to members only: check these against your own account before you import.
"""

from collections.abc import Mapping

CLASSIFICATIONS: Mapping[str, int] = {"illegal_baseline": 1, "illegal_national": 2, "not_illegal": 4}
AGES: Mapping[str, int] = {"not_determined": 1, "infant": 2, "pre_pubescent": 3, "pubescent": 4}
GENDERS: Mapping[str, int] = {"not_determined": 1, "female": 2, "male": 3, "both": 4}
COMMERCIALITIES: Mapping[str, int] = {"not_determined": 1, "commercial": 2, "non_commercial": 3}
ACTIONS: Mapping[str, int] = {
    "reported_to_police": 1,
    "reported_to_provider": 2,
    "removed": 3,
    "unavailable": 4,
    "moved": 5,
    "not_illegal": 7,
}
CONTENT_TYPES = ("image", "video", "link", "container", "other", "text")
