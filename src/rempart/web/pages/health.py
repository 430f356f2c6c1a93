"""Whether the desk is well: for whoever watches it, and figures for Prometheus."""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from shutil import disk_usage
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse, Response

from rempart.errors import RempartError, Unavailable
from rempart.media import NotExaminable
from rempart.storage import duties, outbox, workers
from rempart.web import metrics
from rempart.web.access import TheDesk, Visitor, everyone, people, services
from rempart.wiring.desk import Desk

router = APIRouter()

State = Literal["ok", "degraded", "down"]
STATES: tuple[State, ...] = ("ok", "degraded", "down")
WORKER_SILENT_SECONDS = 30.0
EFFECT_LATE_SECONDS = 300.0
DISK_LOW_BYTES = 2**30
DISK_FULL_BYTES = 64 * 2**20
# Anybody may ask: one look serves all who ask within so many seconds.
SECONDS_KEPT = 2.0
SANDBOX_SECONDS_KEPT = 30.0
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# A picture of eight by eight pixels: one of fewer than five counts as none.
PICTURE = bytes.fromhex(
    "474946383761080008008100000000000000000000000000002c000000000800080000080f0001081c48b0a0c18308132a4c1810003b"
)


@dataclass(frozen=True, slots=True)
class Check:
    """How one part is. detail and help say no name and no number: everybody may read them."""

    name: str
    status: State
    detail: str
    help: str = ""


def _database(desk: Desk) -> Check:
    with desk.database.reading() as reader:
        outbox.waiting_since(reader, desk.clock())
    return Check("database", "ok", "it answers")


def _lists(desk: Desk) -> Check:
    held = desk.lists.ls()
    bad = [one for one in held if one.facts.polarity == "known-bad"]
    if not bad:
        return Check("lists", "degraded", "there is no hash list", "import one with `rempart lists import`")
    if any(not one.facts.entries for one in bad):
        return Check("lists", "degraded", "a hash list is empty", "run `rempart lists ls` and import it anew")
    if any(one.stale for one in held):
        return Check("lists", "degraded", "a hash list is stale", "run `rempart lists ls` and import it anew")
    return Check("lists", "ok", "every hash list is fresh")


def _worker(desk: Desk) -> Check:
    with desk.database.reading() as reader:
        seen = workers.last_seen(reader)
    if seen is None or (desk.clock() - seen).total_seconds() > WORKER_SILENT_SECONDS:
        return Check(
            "worker", "degraded", "no worker is at work", "start `rempart worker`, or serve without --no-worker"
        )
    return Check("worker", "ok", "a worker is at work")


def _outbox(desk: Desk) -> Check:
    now = desk.clock()
    with desk.database.reading() as reader:
        since = outbox.waiting_since(reader, now)
    if since is not None and (now - since).total_seconds() > EFFECT_LATE_SECONDS:
        return Check("outbox", "degraded", "effects wait too long", "look at the worker and its log")
    return Check("outbox", "ok", "effects are performed in time")


def _effects(desk: Desk) -> Check:
    with desk.database.reading() as reader:
        failed = bool(outbox.failed(reader, 1))
    if failed:
        return Check("effects", "degraded", "an effect has failed", "run `rempart worker failed`")
    return Check("effects", "ok", "no effect has failed")


def _duties(desk: Desk) -> Check:
    with desk.database.reading() as reader:
        troubled = any(one.problem for one in duties.known(reader))
    if troubled:
        return Check("duties", "degraded", "a regular duty has failed", "run `rempart worker duties`")
    return Check("duties", "ok", "regular duties are done")


def _disk(desk: Desk) -> Check:
    free = disk_usage(desk.settings.data_folder).free
    if free < DISK_FULL_BYTES:
        return Check("disk", "down", "the disk is full", "make room in the data folder")
    if free < DISK_LOW_BYTES:
        return Check("disk", "degraded", "the disk is almost full", "make room in the data folder")
    return Check("disk", "ok", "there is room")


def _sandbox(desk: Desk) -> Check:
    try:
        desk.screeners.render(PICTURE, 0.5)
    except Unavailable:
        return Check("sandbox", "ok", "every child is busy")
    except NotExaminable:
        return Check("sandbox", "degraded", "no file can be opened", "run `rempart doctor`")
    return Check("sandbox", "ok", "files can be opened")


# Name -> what looks, how bad it is when the look itself fails, and for how long its answer is kept.
CHECKS: dict[str, tuple[Callable[[Desk], Check], State, float]] = {
    "database": (_database, "down", SECONDS_KEPT),
    "disk": (_disk, "degraded", SECONDS_KEPT),
    "sandbox": (_sandbox, "degraded", SANDBOX_SECONDS_KEPT),
    "lists": (_lists, "degraded", SECONDS_KEPT),
    "worker": (_worker, "degraded", SECONDS_KEPT),
    "outbox": (_outbox, "degraded", SECONDS_KEPT),
    "effects": (_effects, "degraded", SECONDS_KEPT),
    "duties": (_duties, "degraded", SECONDS_KEPT),
}


class Health:
    """The last look at each part, kept for a moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, Check]] = {}

    def look(self, desk: Desk) -> list[Check]:
        """How each part is. One look at a time: who comes meanwhile shares it."""
        with self._lock:
            return [self._one(desk, name) for name in CHECKS]

    def _one(self, desk: Desk, name: str) -> Check:
        look, if_it_fails, seconds = CHECKS[name]
        now = time.monotonic()
        at, check = self._kept.get(name, (-seconds, None))
        if check is None or now - at >= seconds:
            check = _looked(desk, name, look, if_it_fails)
            self._kept[name] = (now, check)
        return check


def _looked(desk: Desk, name: str, look: Callable[[Desk], Check], if_it_fails: State) -> Check:
    try:
        return look(desk)
    except (RempartError, OSError):
        return Check(name, if_it_fails, "it cannot be looked at", "look at the log of the server")


@router.get("/healthz")
def healthz(
    request: Request,
    visitor: Annotated[Visitor, Depends(everyone())],  # noqa: ARG001 - it declares who may ask
    desk: TheDesk,
) -> JSONResponse:
    """How each part of the desk is: 200 while it serves, 503 when it cannot."""
    checks = _health_of(request).look(desk)
    worst = max((check.status for check in checks), key=STATES.index)
    body = {"version": 1, "status": worst, "checks": [asdict(check) for check in checks]}
    return JSONResponse(body, 503 if worst == "down" else 200)


def _health_of(request: Request) -> Health:
    state = request.app.state
    if not hasattr(state, "health"):
        state.health = Health()
    health: Health = state.health
    return health


@router.get("/metrics")
def figures(
    visitor: Annotated[Visitor, Depends(people("admin", "auditor") | services("figures"))], desk: TheDesk
) -> Response:
    """Figures of this process and of the desk, in Prometheus's text format."""
    return Response(metrics.exposition(desk, visitor.actor.organisation), media_type=CONTENT_TYPE)
