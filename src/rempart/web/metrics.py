"""Figures for Prometheus: counts and times, with no content and no pseudonym in any label."""

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from rempart.cases.overview import queries
from rempart.reporting import calendar
from rempart.storage import outbox, workers
from rempart.storage.database import Reader
from rempart.wiring.desk import Desk

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# From before the first case to after the last; years of four digits, as times are stored.
_EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))
# Of this process; what is in the database is asked when it is wanted.
PROCESS = CollectorRegistry()
_requests = Counter("rempart_requests", "Requests answered.", ("method", "route", "status"), registry=PROCESS)
_seconds = Histogram(
    "rempart_request_seconds", "Time to the end of an answer.", ("route",), buckets=_BUCKETS, registry=PROCESS
)
_screening = Histogram("rempart_screening_seconds", "Time to screen one item.", buckets=_BUCKETS, registry=PROCESS)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Nothing; one more request was answered. method: a known one. route: its template."""
    _requests.labels(method, route, str(status)).inc()
    _seconds.labels(route).observe(seconds)


def count_screening(seconds: float) -> None:
    """Nothing; one more item was screened."""
    _screening.observe(seconds)


def exposition(desk: Desk, organisation: int) -> bytes:
    """Everything in Prometheus's text format: this process, and what stands on the desk of the organisation."""
    now = CollectorRegistry()
    now.register(_Desk(desk, organisation))
    return generate_latest(PROCESS) + generate_latest(now)


class _Desk:
    """The figures that are read from the database."""

    def __init__(self, desk: Desk, organisation: int) -> None:
        self._desk, self._organisation = desk, organisation

    def collect(self) -> Iterator[Metric]:
        """Each figure as of now."""
        now = self._desk.clock()
        with self._desk.database.reading() as reader:
            yield from self._cases(reader)
            yield from self._effects(reader)
            missed = calendar.missed(reader, self._organisation, now)
            yield _many("rempart_clocks_missed", "What was due before now and is not done.", "kind", missed)
            seen = workers.last_seen(reader)
            late = outbox.waiting_since(reader, now)
        yield _one("rempart_worker_silent_seconds", "Time since a worker was heard of; -1: never.", _age(seen, now))
        yield _one(
            "rempart_effects_oldest_seconds", "How long the oldest effect waits; -1: none does.", _age(late, now)
        )

    def _cases(self, reader: Reader) -> Iterator[Metric]:
        here = self._organisation
        tiers: dict[str, int] = {str(tier): 0 for tier in range(6)}
        for tier, _band, cases in queries.open_by_tier(reader, here, _EVER[:1]):
            tiers[str(tier)] = tiers.get(str(tier), 0) + cases
        yield _many("rempart_open_cases", "Cases that wait for a decision.", "tier", tiers)
        yield _many("rempart_cases", "Open cases.", "state", queries.open_states(reader, here))
        yield _one("rempart_leases", "Cases that somebody has claimed.", queries.leased(reader, here))
        reveals = {level: number for level, (number, _seconds) in queries.exposure(reader, here, _EVER).items()}
        yield _many("rempart_reveals", "Looks at media, ever.", "level", reveals)

    def _effects(self, reader: Reader) -> Iterator[Metric]:
        yield _many("rempart_effects", "Effects.", "state", queries.effects(reader, self._organisation))


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _many(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _age(since: datetime | None, now: datetime) -> float:
    """Seconds; -1 when it never was."""
    return -1.0 if since is None else max((now - since).total_seconds(), 0.0)
