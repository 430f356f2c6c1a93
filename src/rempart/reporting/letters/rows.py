"""The list of web addresses that comes with a notice, as hosts' programmes read it."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rempart.facts.report import PlaceView
from rempart.reporting.sheets.stating import one_line

COLUMNS = ("url", "IP", "firstseen", "lastseen", "note")


def row_of(place: PlaceView, note: str) -> list[str]:
    """What is known of the place. It was seen once, as far as the case tells: first and last are the same."""
    at = stamp(place.seen_at)
    return [one_line(place.url), place.address, at, at, note]


def table(rows: Iterable[Sequence[str]]) -> str:
    """The rows with their heading, separated by semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue()


def stamp(at: datetime) -> str:
    """The time in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
