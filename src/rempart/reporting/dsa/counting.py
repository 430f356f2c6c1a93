"""What is counted of a statement for the yearly report: words of the vocabulary, and nothing that anybody wrote."""

from collections.abc import Mapping
from typing import Any

_COUNTED = (
    "category",
    "decision_ground",
    "source_type",
    "automated_detection",
    "automated_decision",
    "decision_monetary",
    "decision_provision",
    "decision_account",
)
_LISTS = ("category_specification", "decision_visibility", "content_type")


def dimensions(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Field -> its word or words; a field that the statement lacks is missing."""
    words = {name: statement[name] for name in _COUNTED if statement.get(name)}
    return words | {name: list(statement[name]) for name in _LISTS if statement.get(name)}
