"""One JSON object per line."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rempart.facts import BYTES_OF_KIND
from rempart.lists.bounded_text import TOO_LONG, head_lines, lines
from rempart.lists.rows import ROLES, Mapped, Refusal, Row

DEFAULT = {role: role for role in ROLES if role != "kind"}


@dataclass(frozen=True, slots=True)
class NdJson:
    """`{"md5": ..., "id": ...}` per line; a mapping names other keys, and replaces the default ones."""

    name: str = "ndjson"

    def claims(self, head: bytes) -> bool:
        """Whether the first line is a whole JSON object that is not a hash set itself."""
        found = head_lines(head)
        if not found or not found[0].startswith("{"):
            return False
        first = _object(found[0])
        return isinstance(first, dict) and not {"value", "Media", "odata.metadata"} & first.keys()

    def rows(self, path: Path, mapping: Mapped) -> Iterator[Row | Refusal]:
        """Every line that is not blank."""
        chosen = dict(mapping) or DEFAULT
        for number, line in lines(path):
            if line is None:
                yield Refusal(number, TOO_LONG)
            elif line.strip():
                yield _row(number, _object(line), chosen)


def _object(line: str) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _row(number: int, record: dict[str, Any] | None, chosen: Mapped) -> Row | Refusal:
    if record is None:
        return Refusal(number, "the line is not one JSON object")
    lowered = {key.lower(): value for key, value in record.items()}
    said = {role: _text(record.get(key, lowered.get(key.lower()))) for role, key in chosen.items()}
    texts = tuple((kind, said[kind]) for kind in BYTES_OF_KIND if said.get(kind))
    ref = said.get("id", "")
    if not texts:
        return Refusal(number, "no fingerprint in the row", ref)
    return Row(number, texts, ref, said.get("classification", ""), said.get("quality", ""))


def _text(value: object) -> str:
    """The value as text; an empty one when there is none, or when it is no plain value."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        return str(value).strip()
    except ValueError:  # an int of more digits than Python prints
        return ""


NDJSON = NdJson()
