"""Figures of one period, from ledger entries: what each adds is written once, here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from rempart.cases.transparency.measures import BY_NAME, MEASURES
from rempart.cases.triage.sampling import wilson

Number = int | float


@dataclass(frozen=True, slots=True)
class Period:
    """From `since`, inclusive, until `until`, exclusive."""

    since: datetime
    until: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. what: which part of the measure, such as `public/abuse_material`; empty for the whole."""

    section: str
    measure: str
    what: str
    number: Number
    unit: str


class Counts:
    """What was counted and timed so far."""

    def __init__(self) -> None:
        self._numbers: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._times: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def add(self, section: str, name: str, *what: object, number: int = 1) -> None:
        """Nothing; the measure has so many more. It has to be documented."""
        assert (section, name) in BY_NAME, name  # noqa: S101
        self._numbers[section, name]["/".join(str(one) for one in what)] += number

    def time(self, section: str, name: str, start: datetime, end: datetime) -> None:
        """Nothing; one more time between two moments, for the median and the 95th percentile `…_to_name`."""
        assert (section, f"median_to_{name}") in BY_NAME, name  # noqa: S101
        self._times[section, name].append(max(int((end - start).total_seconds()), 0))

    def number(self, section: str, name: str, what: str = "") -> int:
        """What was counted so far."""
        return self._numbers[section, name][what]

    def figures(self) -> list[Figure]:
        """Every figure, in the order of the measures. What did not happen is 0, what cannot be measured is left out."""
        self._numbers["decisions", "by_machine"][""] += 0
        rows: dict[tuple[str, str], dict[str, Number]] = {key: dict(found) for key, found in self._numbers.items()}
        for (section, name), seconds in self._times.items():
            rows[section, f"median_to_{name}"] = {"": quantile(seconds, 50)}
            rows[section, f"p95_to_{name}"] = {"": quantile(seconds, 95)}
        rows |= self._shares()
        return [
            Figure(one.section, one.name, what, number, one.unit)
            for one in MEASURES
            for what, number in sorted(rows.get((one.section, one.name), _none(one.what, one.unit)).items())
        ]

    def _shares(self) -> dict[tuple[str, str], dict[str, Number]]:
        found: defaultdict[tuple[str, str], dict[str, Number]] = defaultdict(dict)
        pairs = self.number("agreement", "pairs")
        if pairs:
            found["agreement", "share"][""] = _rounded(self.number("agreement", "agreed") / pairs)
        for tier, looked in self._numbers["sampling", "looked"].items():
            _measured(found, "sampling", tier, self.number("sampling", "illegal", tier), looked)
        matched = self.number("automated", "matched")
        if matched:
            _measured(found, "automated", "", self.number("automated", "rejected"), matched)
        return found


def quantile(numbers: Iterable[int], percent: int) -> int:
    """The number at this rank (nearest rank), of one or more."""
    ranked = sorted(numbers)
    return ranked[max(ceil(len(ranked) * percent / 100), 1) - 1]


def _measured(
    found: defaultdict[tuple[str, str], dict[str, Number]], section: str, what: str, part: int, whole: int
) -> None:
    low, high = wilson(part, whole)
    for name, number in (("error", part / whole), ("error_low", low), ("error_high", high)):
        found[section, name][what] = _rounded(number)


def _rounded(share: float) -> float:
    return round(share, 6)


def _none(what: str, unit: str) -> Mapping[str, Number]:
    return {"": 0} if not what and unit not in ("seconds", "share") else {}
