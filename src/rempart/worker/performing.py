"""One attempt at one effect, and what follows from how it went."""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from rempart.errors import Conflict, RempartError, Unavailable
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk
from rempart.worker.effects import EFFECTS, Handler

FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 3600.0
# Two performers that met lose nothing by another try; a record that stays in the way does not go away by trying.
CONFLICT_ATTEMPTS = 3

log = structlog.get_logger("rempart.worker")


def perform(desk: Desk, effect_id: int, attempt: int, handlers: Mapping[str, Handler] = EFFECTS) -> None:
    """Nothing; the effect has ended, or waits for its next attempt. Raises Unavailable when the database is away.

    attempt: which one this is, from 0; an effect that others have tried since is left alone.
    """
    with desk.database.reading() as reader:
        effect = outbox.read(reader, effect_id)
    if effect is None or effect.attempts != attempt:
        return
    try:
        _handler(effect, handlers)(desk, effect)
    except Unavailable as error:
        _put_back(desk, effect, str(error), error.retry_after_seconds)
    except Conflict as error:
        if effect.attempts + 1 < CONFLICT_ATTEMPTS:
            _put_back(desk, effect, str(error), None)
        else:
            _fail(desk, effect, str(error))
    except RempartError as error:
        _fail(desk, effect, str(error))
    except Exception as error:  # noqa: BLE001 - the loop goes on; the message may hold content, so only the type is told
        _fail(desk, effect, f"`{type(error).__name__}` in what performs `{effect.kind}`; please report this")
    else:
        _settle(desk, effect)


def perform_due(desk: Desk, handlers: Mapping[str, Handler] = EFFECTS) -> int:
    """How many effects were performed, here and now, one after the other: for tests and single commands."""
    performed = 0
    while True:
        now = desk.clock()
        with desk.database.writing() as writer:
            begun = [outbox.relay(writer, waiting, now) for waiting in outbox.due(writer, now)]
        effects = [effect for effect in begun if effect is not None]
        if not effects:
            return performed
        for effect in effects:
            perform(desk, effect.id, effect.attempts, handlers)
            performed += 1


def pause_seconds(attempts: int, asked: float | None) -> float:
    """How long to wait before the next attempt: doubling, at least as long as was asked for."""
    return max(min(FIRST_PAUSE_SECONDS * 2.0 ** min(attempts, 20), LONGEST_PAUSE_SECONDS), asked or 0.0)


def _handler(effect: Effect, handlers: Mapping[str, Handler]) -> Handler:
    if effect.kind not in handlers:
        raise RempartError(f"nothing performs effects of kind `{effect.kind}`; is this worker older than the desk?")
    return handlers[effect.kind]


def _put_back(desk: Desk, effect: Effect, problem: str, asked: float | None) -> None:
    pause = pause_seconds(effect.attempts, asked)
    with desk.database.writing() as writer:
        later = outbox.put_back(writer, effect, problem, desk.clock() + timedelta(seconds=pause))
    if later:
        log.warning("effect.later", effect=effect.id, kind=effect.kind, attempt=effect.attempts, pause_seconds=pause)


def _settle(desk: Desk, effect: Effect) -> None:
    with desk.database.reading() as reader:
        left = outbox.read(reader, effect.id)
    if left is None:
        log.info("effect.done", effect=effect.id, kind=effect.kind, organisation=effect.organisation)
    else:
        _fail(desk, effect, f"what performs `{effect.kind}` did not finish it; please report this")


def _fail(desk: Desk, effect: Effect, problem: str) -> None:
    with desk.database.writing() as writer:
        failed = outbox.fail(writer, effect, problem, desk.clock())
    if failed:
        log.error("effect.failed", effect=effect.id, kind=effect.kind, organisation=effect.organisation)
