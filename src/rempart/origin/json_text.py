"""JSON found in files of others."""

import json
from collections.abc import Mapping


def json_object(text: str) -> Mapping[str, object] | None:
    """The object that the text is; None when it is anything else. Never raises; the caller bounds the length."""
    text = text.strip().strip("\0")
    if not text.startswith("{"):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def inner_object(value: object) -> Mapping[str, object] | None:
    """The object itself, or the one that a string spells, as some writers wrap JSON in JSON."""
    if isinstance(value, dict):
        return value
    return json_object(value) if isinstance(value, str) else None
