"""One JSON object per line, with the fields of the schema."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rempart.cases.bundles.bundle_format import Source
from rempart.cases.bundles.profiles import Profile
from rempart.cases.bundles.records import Read, Refused
from rempart.cases.bundles.rows import row_of
from rempart.lists.bounded_text import TOO_LONG, lines_of

NO_OBJECT = "the line is not one JSON object"
TWICE = "the line has a field twice"


@dataclass(frozen=True, slots=True)
class NdJson:
    """Blank lines are passed over; every other line is a row."""

    name: str = "ndjson"
    needs_profile: bool = False

    def rows(self, source: Source, profile: Profile | None) -> Iterator[Read]:  # noqa: ARG002
        """Every line that is not blank."""
        with source() as file:
            for number, line in lines_of(file):
                if line is None:
                    yield Refused(number, TOO_LONG)
                elif line.strip():
                    yield _row(number, line)


def _row(number: int, line: str) -> Read:
    try:
        said = json.loads(line, object_pairs_hook=_once, parse_constant=_refuse)
    except _Twice:
        return Refused(number, TWICE)
    except (ValueError, RecursionError):
        return Refused(number, NO_OBJECT)
    return row_of(number, said) if isinstance(said, dict) else Refused(number, NO_OBJECT)


class _Twice(ValueError):
    """A field stands twice, and one of its values would get lost."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Twice
    return found


def _refuse(_constant: str) -> None:
    raise ValueError("not a number of JSON")


NDJSON = NdJson()
