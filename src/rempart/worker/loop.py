"""The worker: relays effects from the outbox to durable workflows, and does the house's regular duties."""

import os
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from rempart.errors import RempartError, Unavailable
from rempart.storage import duties as rota
from rempart.storage import outbox, workers
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk
from rempart.worker.durable import Durable
from rempart.worker.duties import DUTIES, Duty
from rempart.worker.effects import EFFECTS, Handler
from rempart.worker.performing import perform

POLL_SECONDS = 0.25
BEAT_SECONDS = 3.0
HEAL_SECONDS = 5.0
# A worker that says nothing for so long is dead: others make its attempts anew.
SILENT_SECONDS = 15.0
AT_ONCE = 8
# More is relayed at once when so few are left, several in one transaction; else at the next look.
ROOM_AT = AT_ONCE // 2
STOP_SECONDS = 10.0
FORGET_SECONDS = 3600.0
KEPT_DAYS = 7
# A duty is somebody's for so long: who was killed over it is not waited for until its next time.
TAKEN_SECONDS = 600.0
# While somebody does it, it is theirs for longer each time that this share of the time has passed.
HOLD_SHARE = 1 / 4
# One that went wrong is tried again so soon, or at its next time if that comes first.
AGAIN_SECONDS = 60.0

log = structlog.get_logger("rempart.worker")


class Worker:
    """One worker of this process, at work in threads of its own between `start` and `stop`."""

    def __init__(self, desk: Desk, handlers: Mapping[str, Handler] = EFFECTS, duties: Sequence[Duty] = DUTIES) -> None:
        self.name = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(3)}"
        self._desk, self._handlers, self._duties = desk, handlers, duties
        self._durable = Durable(desk, self.name, self._attempt)
        self._stopping = threading.Event()
        # Set when there is room for more: with much waiting, most of the pause between two looks would be idle.
        self._room = threading.Event()
        self._active: Counter[tuple[int, int]] = Counter()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._relay_until_stopped, name="relay"),
            threading.Thread(target=self._attend_until_stopped, name="duties"),
        ]

    def start(self) -> None:
        """Nothing; from now on effects are performed. Returns at once: what is slow happens in the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> bool:
        """Whether everything that had begun has ended; what has not is left for the next worker."""
        self._stopping.set()
        self._room.set()
        for thread in self._threads:
            thread.join(STOP_SECONDS)
        patience = time.monotonic() + STOP_SECONDS
        while self._going_on() and time.monotonic() < patience:
            time.sleep(0.05)
        self._durable.stop()
        self._guarded(self._leave)
        return not self._going_on() and not any(thread.is_alive() for thread in self._threads)

    def _relay_until_stopped(self) -> None:
        while not self._guarded(self._durable.start):
            if self._stopping.wait(BEAT_SECONDS):
                return
        rounds = (
            _Round(self._beat, BEAT_SECONDS),
            _Round(self._heal, HEAL_SECONDS),
            _Round(self._relay, 0.0),
            _Round(self._forget, FORGET_SECONDS),
        )
        while not self._stopping.is_set():
            for one in rounds:
                if one.is_due():
                    self._guarded(one.do)
            self._room.wait(POLL_SECONDS)
            self._room.clear()

    def _attend_until_stopped(self) -> None:
        while not self._stopping.wait(BEAT_SECONDS):
            for duty in self._duties:
                if not self._stopping.is_set():
                    self._guarded(lambda duty=duty: attend(self._desk, duty))  # type: ignore[misc]

    def _beat(self) -> None:
        with self._desk.database.writing() as writer:
            workers.beat(writer, self.name, self._desk.clock())

    def _leave(self) -> None:
        with self._desk.database.writing() as writer:
            workers.leave(writer, self.name)

    def _relay(self) -> None:
        """Nothing; what is due was handed over, no more than can be performed at once."""
        room, now = AT_ONCE - len(self._going_on()), self._desk.clock()
        with self._desk.database.reading() as reader:
            waiting = outbox.due(reader, now, room) if room > 0 else []
        if not waiting:
            return
        with self._desk.database.writing() as writer:
            effects = [outbox.relay(writer, effect, now) for effect in waiting]
        for effect in effects:
            if effect is not None:
                self._durable.submit(effect)

    def _heal(self) -> None:
        """Nothing; what a crash lost on its way, or a dead worker left behind, is begun anew."""
        now = self._desk.clock()
        with self._desk.database.reading() as reader:
            lost = outbox.unfinished(reader, now - timedelta(seconds=HEAL_SECONDS))
            living = workers.living(reader, now, SILENT_SECONDS)
        for effect in lost:
            if (effect.id, effect.attempts) not in self._going_on():
                self._mend(effect, living, now)
        with self._desk.database.writing() as writer:
            workers.bury(writer, now, 100 * SILENT_SECONDS)

    def _mend(self, effect: Effect, living: frozenset[str], now: datetime) -> None:
        """Nothing; an attempt that nobody makes, as far as this worker can tell, is begun anew."""
        standing = self._durable.standing(effect, living)
        if standing == "unknown":
            self._durable.submit(effect)
        elif standing == "orphaned":
            self._durable.adopt(effect)
        elif standing in ("ended", "ours"):  # ours: it is not going on here, and its end was lost
            with self._desk.database.writing() as writer:
                outbox.put_back(writer, effect, "the attempt was cut short", now)

    def _forget(self) -> None:
        """Nothing; attempts that ended long ago are known to the outbox alone."""
        while self._durable.forget(KEPT_DAYS) and not self._stopping.is_set():
            pass

    def _attempt(self, effect_id: int, attempt: int) -> None:
        with self._lock:
            self._active[effect_id, attempt] += 1
        try:
            while True:
                try:
                    return perform(self._desk, effect_id, attempt, self._handlers)
                except Unavailable:  # the database is away: nothing can be noted, so wait for it
                    if self._stopping.wait(BEAT_SECONDS):
                        raise
        finally:
            with self._lock:
                self._active[effect_id, attempt] -= 1
                self._active += Counter()  # what is not going on any more is not listed any more
                if self._active.total() <= ROOM_AT:
                    self._room.set()

    def _going_on(self) -> list[tuple[int, int]]:
        """(effect, attempt) of everything that is being performed here now."""
        with self._lock:
            return list(self._active.elements())

    def _guarded(self, do: Callable[[], None]) -> bool:
        """Whether it went well; whatever went wrong, the loop goes on and tries again."""
        try:
            do()
        except RempartError as error:
            log.warning("worker.trouble", family=type(error).__name__, problem=str(error))
        except Exception as error:  # noqa: BLE001 - one of the three loops; only the type is told, the text may hold content
            log.error("worker.trouble", family=type(error).__name__)
        else:
            return True
        return False


class _Round:
    """Something the loop does every so often, first at once."""

    def __init__(self, do: Callable[[], None], seconds: float) -> None:
        self.do, self._seconds, self._next = do, seconds, 0.0

    def is_due(self) -> bool:
        """Whether it is time; if so, the next time is set."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._seconds
        return True


def attend(desk: Desk, duty: Duty) -> None:
    """Nothing; the duty was done, if it was due and nobody else had it."""
    began = desk.clock()
    with desk.database.reading() as reader:
        if not rota.is_due(reader, duty.name, began):
            return
    seconds = min(duty.every_seconds, TAKEN_SECONDS)
    with desk.database.writing() as writer:
        if not rota.take(writer, duty.name, began, seconds):
            return
    problem: str | None = "cut short"
    try:
        with _held(desk, duty.name, began + timedelta(seconds=seconds), seconds):
            duty.do(desk)
        problem = None
    except RempartError as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - a duty that fails must not stop the others; its text may hold content
        problem = f"`{type(error).__name__}`; please report this"
    finally:
        pause = min(duty.every_seconds, AGAIN_SECONDS) if problem else duty.every_seconds
        with desk.database.writing() as writer:
            rota.note(writer, duty.name, desk.clock(), problem, next_at=began + timedelta(seconds=pause))
    if problem:
        log.error("duty.failed", duty=duty.name)


@contextmanager
def _held(desk: Desk, name: str, until: datetime, seconds: float) -> Iterator[None]:
    """Nothing; while the block runs the duty stays the caller's, however long it takes."""
    ended = threading.Event()
    thread = threading.Thread(target=_hold, args=(desk, name, until, seconds, ended), name="duty", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _hold(desk: Desk, name: str, until: datetime, seconds: float, ended: threading.Event) -> None:
    """Nothing; the duty was somebody's until `ended`, or until somebody else had it."""
    held: datetime | None = until
    while held is not None and not ended.wait(seconds * HOLD_SHARE):
        try:
            with desk.database.writing() as writer:
                held = rota.lengthen(writer, name, held, desk.clock(), seconds)
        except RempartError as error:  # the database is away: there is time left for another try
            log.warning("duty.trouble", duty=name, family=type(error).__name__, problem=str(error))
