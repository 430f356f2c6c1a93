"""The queue with a year of cases: claiming the next one with its commit, and pages as a browser asks for them."""

import http.client
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rempart.cases.review import claim
from rempart.errors import Broken
from rempart.facts.people import Actor, Role
from rempart.people import sessions
from rempart.people.organisations import chosen
from rempart.settings import Settings
from rempart.testing.benchmarks.lists import MEMORY
from rempart.testing.benchmarks.year import REVIEWERS, fill
from rempart.testing.desk_web import make_person
from rempart.testing.serving import served
from rempart.web.arriving import cookie_name, session_times
from rempart.wiring.desk import Desk, open_records
from rempart.worker.keeping import sign_the_ledger

Figures = dict[str, float]
CLAIMS, QUICK_CLAIMS = 400, 20
REQUESTS, QUICK_REQUESTS = 60, 5
PAGES = {
    "queue_page": "/queue",
    "queue_page.tier": "/queue?tier=3",
    "queue_page.sample": "/queue?lane=sample",
    "overview_page": "/overview",
    "ledger_page": "/ledger",
}


def figures(quick: bool) -> Figures:
    """Milliseconds. claim_next: with the commit, which waits for the disk. Pages: over HTTP, by another process."""
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory(dir=MEMORY) as memory:
        settings = Settings(data_folder=Path(home), memory_folder=Path(memory) / "lists")
        with open_records(settings) as desk:
            found = measured(desk, quick=quick)
            cookie = _signed_in(desk)
            # A desk that has run for a year has signed its ledger every minute, and does not read all of it at once.
            sign_the_ledger(desk)
        with served(settings) as running:
            found |= asked(running.port, cookie, QUICK_REQUESTS if quick else REQUESTS)
    return found


def measured(desk: Desk, *, quick: bool) -> Figures:
    """The figures of claiming, on any database that is still empty."""
    with desk.database.writing() as writer:
        organisation = chosen(writer, None, desk.clock()).id
    began = time.perf_counter()
    made = fill(desk.database, desk.fields, organisation, desk.rules, desk.clock(), quick=quick)
    took = time.perf_counter() - began
    claims = [_claim(desk, organisation, number) for number in range(QUICK_CLAIMS if quick else CLAIMS)]
    return {"cases": made.cases, "waiting": made.waiting, "filled_s": took} | _told("claim_next", claims)


def _claim(desk: Desk, organisation: int, number: int) -> float:
    """Seconds of one claim; the case is given back, untimed."""
    actor, now = Actor(organisation, REVIEWERS[number % len(REVIEWERS)], "reviewer", ()), desk.clock()
    with _timed() as took, desk.database.writing() as writer:
        found = claim.claim_next(writer, actor, lease_minutes=10, now=now, sampling=desk.rules.sampling)
    if found is None:
        raise Broken("nothing waits in a year of cases; nothing measured here can be trusted")
    with desk.database.writing() as writer:
        claim.release(writer, actor, found, now)
    return took()


@contextmanager
def _timed() -> Iterator[Callable[[], float]]:
    began, ended = time.perf_counter(), [0.0]
    yield lambda: ended[0]
    ended[0] = time.perf_counter() - began


def _signed_in(desk: Desk, role: Role = "supervisor") -> str:
    """The Cookie header of somebody who is signed in."""
    person, serve = make_person(desk, role), desk.settings.serve
    with desk.database.writing() as writer:
        times, now = session_times(serve), desk.clock()
        key, _ = sessions.begin(writer, person, stage="full", through="password", browser="", times=times, now=now)
    return f"{cookie_name(serve)}={key}"


def asked(port: int, cookie: str, requests: int) -> Figures:
    """The figures of each page, the first request of each left out."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found: Figures = {}
    for name, path in PAGES.items():
        took = [_get(connection, cookie, path) for _ in range(requests + 1)]
        found |= _told(name, took[1:])
    return found


def _get(connection: http.client.HTTPConnection, cookie: str, path: str) -> float:
    with _timed() as took:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
    if answer.status != 200:
        raise Broken(f"`{path}` answered {answer.status}; nothing measured here can be trusted")
    return took()


def _told(name: str, seconds: list[float]) -> Figures:
    return {
        f"{name}.p50_ms": 1000 * statistics.median(seconds),
        f"{name}.p95_ms": 1000 * statistics.quantiles(seconds, n=20)[-1],
    }
