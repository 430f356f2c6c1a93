"""The DSA Transparency Database as integrators meet it: its rules, its answers, and every fault we could think of."""

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import unquote
from uuid import uuid4

from rempart.clock import Clock, utc_now
from rempart.testing.emulators.server import Asked, Told, running
from rempart.testing.emulators.transparency_rules import errors_of, stored

TOKEN = "purple-dragon"  # noqa: S105 - it opens nothing
BASE = "/api/v1"
PLATFORM = "Dragon Pictures"
MOST_PER_BATCH, PER_SECOND, PER_MINUTE, PER_MINUTE_UNKNOWN = 100, 200, 12_000, 100
LOCK = timedelta(seconds=30)
NOT_UNIQUE = "The identifier given is not unique within this platform."
STEPS = ("statement", "statements", "existing-puid")
# before: the fault instead of the work · after: the work is done, and the answer is lost or wrong
Fault = Literal[
    "http-500",
    "http-429",
    "drop-before",
    "drop-after",
    "unauthorised",
    "forbidden",
    "redirect",
    "bad-request",
    "locked",
    "malformed-answer",
    "short-answer",
]
FAULTS: tuple[Fault, ...] = (
    "http-500",
    "http-429",
    "drop-before",
    "drop-after",
    "unauthorised",
    "forbidden",
    "redirect",
    "bad-request",
    "locked",
    "malformed-answer",
    "short-answer",
)


class TransparencyDatabase:
    """The database. Everything it has is here to be looked at by tests.

    statements: puid -> what is stored. locks: puid -> until when another request works on it. faults: step -> what goes
    wrong at its next calls, in order. sent: every puid of every request to store, as it came.
    """

    def __init__(self, clock: Clock = utc_now, *, token: str = TOKEN) -> None:
        self.clock = clock
        self.statements: dict[str, dict[str, Any]] = {}
        self.locks: dict[str, datetime] = {}
        self.faults: dict[str, deque[Fault]] = {}
        self.calls: list[str] = []
        self.sent: list[tuple[str, ...]] = []
        self._expected = f"Bearer {token}"
        self._came: dict[bool, deque[float]] = {True: deque(), False: deque()}
        self._lock = threading.Lock()

    def will(self, step: str, *faults: Fault) -> None:
        """Nothing; the next calls of this step go wrong so."""
        self.faults.setdefault(step, deque()).extend(faults)

    def counts(self) -> dict[str, Any]:
        """What happened until now."""
        left = sum(map(len, self.faults.values()))
        return {"statements": len(self.statements), "calls": dict(Counter(self.calls)), "faults_left": left}

    def answer(self, asked: Asked) -> Told:
        """The answer to one request."""
        with self._lock:
            return self._answer(asked)

    def _answer(self, asked: Asked) -> Told:
        path = asked.path.partition("?")[0].removeprefix(f"{BASE}/")
        step = "existing-puid" if path.startswith("statement/existing-puid/") else path.partition("/")[0]
        self.calls.append(step)
        known = asked.headers.get("authorization") == self._expected
        if self._too_many(known):
            return _limited()
        if not known:
            return _json(401, {"message": "Unauthenticated."})
        waiting = self.faults.get(step)
        fault = waiting.popleft() if waiting else None
        if fault in _INSTEAD:
            return _INSTEAD[fault]
        if fault == "locked":
            self._lock_all(asked.body)
        told = self._done(asked, path)
        return told if fault is None else _spoilt(told, fault)

    def _done(self, asked: Asked, path: str) -> Told:
        match asked.method, path.split("/"):
            case "POST", ["statement"]:
                return self._store_one(asked.body)
            case "POST", ["statements"]:
                return self._store_all(asked.body)
            case "GET", ["statement", "existing-puid", puid]:
                return self._existing(unquote(puid))
            case "GET", ["statement", uuid]:
                found = next((one for one in self.statements.values() if one["uuid"] == uuid), None)
                return _json(404, {"message": "Not found."}) if found is None else _json(200, found)
            case _:
                return _json(404, {"message": "Not found."})

    def _store_one(self, body: bytes) -> Told:
        said = _object(body)
        errors = errors_of(said)
        if errors:
            return _json(422, {"message": _first(errors), "errors": errors})
        puid = str(said["puid"])
        if self._is_taken(puid):
            told = {"message": NOT_UNIQUE, "errors": {"puid": [NOT_UNIQUE]}, "existing": {"puid": puid}}
            return _json(422, told)
        return _json(201, {"id": len(self.statements) + 1, **self._kept(said)})

    def _store_all(self, body: bytes) -> Told:
        """All or nothing."""
        every = _object(body).get("statements")
        if not isinstance(every, list) or not 1 <= len(every) <= MOST_PER_BATCH:
            says = "The statements field must have between 1 and 100 items."
            return _json(422, {"message": says, "errors": {"statements": [says]}})
        found = {f"statement_{number}": errors_of(one) for number, one in enumerate(every)}
        errors = {name: wrong for name, wrong in found.items() if wrong}
        if errors:
            return _json(422, {"errors": errors})
        puids = [str(one["puid"]) for one in every]
        self.sent.append(tuple(puids))
        taken = sorted({one for one in puids if self._is_taken(one) or puids.count(one) > 1})
        if taken:
            says = "The platform identifier(s) are not all unique within this call."
            return _json(422, {"message": says, "errors": {"puid": [says], "existing_puids": taken}})
        return _json(201, {"statements": [self._kept(one) for one in every]})

    def _existing(self, puid: str) -> Told:
        if puid in self.statements:
            return _json(302, {"message": "statement of reason found", "puid": puid})
        return _json(404, {"message": "statement of reason not found", "puid": puid})

    def _kept(self, said: Mapping[str, Any]) -> dict[str, Any]:
        uuid = str(uuid4())
        made = {
            **stored(said),
            "uuid": uuid,
            "created_at": f"{self.clock():%Y-%m-%d %H:%M:%S}",
            "platform_name": PLATFORM,
            "permalink": f"https://transparency.example/statement/{uuid}",
            "self": f"https://transparency.example{BASE}/statement/{uuid}",
        }
        self.statements[str(said["puid"])] = made
        return made

    def _is_taken(self, puid: str) -> bool:
        """Whether it is stored, or another request holds the lock on it: to the client both look alike."""
        return puid in self.statements or self.locks.get(puid, self.clock()) > self.clock()

    def _lock_all(self, body: bytes) -> None:
        said = _object(body)
        every: Sequence[Any] = said.get("statements") or [said]
        self.locks |= {
            str(one["puid"]): self.clock() + LOCK for one in every if isinstance(one, dict) and "puid" in one
        }

    def _too_many(self, known: bool) -> bool:
        """Whether this is one request too many, by the time that passes for whoever asks."""
        now, came = time.monotonic(), self._came[known]
        while came and came[0] <= now - 60:
            came.popleft()
        in_a_second = sum(1 for one in came if one > now - 1) if len(came) >= PER_SECOND else 0
        came.append(now)
        if not known:
            return len(came) > PER_MINUTE_UNKNOWN
        return len(came) > PER_MINUTE or in_a_second >= PER_SECOND


@contextmanager
def transparency_database(
    emulated: TransparencyDatabase | None = None, port: int = 0
) -> Iterator[tuple[str, TransparencyDatabase]]:
    """(address, the database), served on loopback until the block ends."""
    chosen = emulated or TransparencyDatabase()
    with running(chosen.answer, port) as address:
        yield address + BASE, chosen


def _json(status: int, said: Mapping[str, Any]) -> Told:
    return Told(status, json.dumps(said).encode(), "application/json")


def _limited() -> Told:
    return Told(429, b"Limit Reached. Please do not overload the API", "text/plain")


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _first(errors: Mapping[str, list[str]]) -> str:
    return next(iter(errors.values()))[0]


def _spoilt(told: Told, fault: Fault) -> Told:
    if fault == "drop-after":
        return Told(told.status, told.body, drop=True)
    if fault == "malformed-answer":
        return Told(told.status, told.body[: len(told.body) // 2], "application/json")
    if fault == "short-answer":
        said = _object(told.body)
        return _json(told.status, {"statements": said.get("statements", [])[:-1]})
    return told


_INSTEAD: Mapping[Fault | None, Told] = {
    "http-500": Told(500, b"<html>Server Error</html>", "text/html"),
    "http-429": _limited(),
    "drop-before": Told(drop=True),
    "unauthorised": _json(401, {"message": "Unauthenticated."}),
    "forbidden": _json(403, {"message": "This action is unauthorized."}),
    "redirect": Told(302, b"", "text/html", {"Location": "https://elsewhere.example/login"}),
    "bad-request": Told(400, b"", "text/html"),
}
