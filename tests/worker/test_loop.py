"""The worker at work: every effect is performed, and its result kept once, whoever dies at whatever moment."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import BACKENDS
from tests.worker.crashing import DIED
from tests.worker.places import Place, feed, until

from rempart.errors import Broken, Conflict, Unavailable
from rempart.storage import outbox, workers
from rempart.storage.outbox import Effect
from rempart.testing.postgres import Cluster
from rempart.wiring.desk import Desk
from rempart.worker.durable import Durable
from rempart.worker.loop import Worker

Begin = Callable[..., Worker]
ROOT = Path(__file__).parents[2]


def test_an_effect_is_performed_once_by_one_of_the_living(place: Place, begin: Begin) -> None:
    effects = [place.put(key=str(number)) for number in range(12)]
    begin()
    until(lambda: place.counts() == {"done": len(effects)})
    assert place.kept() == place.tries() == len(effects)
    assert all(place.row(one)["attempts"] == 0 for one in effects)


def test_an_effect_that_is_put_while_it_works_is_performed(place: Place, begin: Begin) -> None:
    begin()
    place.put()
    until(lambda: place.counts() == {"done": 1})


def test_what_was_cancelled_before_it_was_relayed_never_happens(place: Place, begin: Begin) -> None:
    place.put(key="a")
    with place.desk.database.writing() as writer:
        outbox.cancel(writer, "decision:1", place.desk.clock())
    place.put(key="b", about="decision:2")
    begin()
    until(lambda: place.counts() == {"cancelled": 1, "done": 1})
    assert place.tries() == 1


def test_what_has_begun_cannot_be_cancelled(place: Place, begin: Begin) -> None:
    inside, go = threading.Event(), threading.Event()

    def slow(desk: Desk, effect: Effect) -> None:
        inside.set()
        go.wait(30)
        feed(place.folder)(desk, effect)

    place.put()
    begin({"dragon.fed": slow})
    assert inside.wait(30)
    with pytest.raises(Conflict), place.desk.database.writing() as writer:
        outbox.cancel(writer, "decision:1", place.desk.clock())
    go.set()
    until(lambda: place.counts() == {"done": 1})


def test_what_is_unavailable_is_tried_again_until_it_is_not(place: Place, begin: Begin) -> None:
    tries: list[int] = []

    def down_twice(desk: Desk, effect: Effect) -> None:
        tries.append(effect.attempts)
        if len(tries) < 3:
            raise Unavailable("the dragon sleeps; wake it", 0.01)
        feed(place.folder)(desk, effect)

    effect = place.put()
    begin({"dragon.fed": down_twice})
    until(lambda: place.counts() == {"done": 1})
    assert tries == [0, 1, 2]
    assert place.row(effect)["problem"] is None
    assert place.kept() == 1


def test_no_more_is_begun_at_once_than_can_be_performed(
    place: Place, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rempart.worker.loop.AT_ONCE", 2)
    inside, go = threading.Semaphore(0), threading.Event()

    def slow(desk: Desk, effect: Effect) -> None:
        inside.release()
        go.wait(30)
        feed(place.folder)(desk, effect)

    for number in range(9):
        place.put(key=str(number))
    begin({"dragon.fed": slow})
    for _ in range(2):
        assert inside.acquire(timeout=30)
    assert place.counts()["pending"] >= 9 - 2 * 2  # a second round may look before the first has begun
    go.set()
    until(lambda: place.counts() == {"done": 9})
    assert place.kept() == 9


# crashes


def crash(place: Place, point: str) -> None:
    """Nothing; a worker in a process of its own came to this point and died there."""
    settings = place.desk.settings
    assert settings.database_url is not None
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("REMPART_")}
    own = {
        "REMPART_DATA_FOLDER": str(settings.data_folder),
        "REMPART_MEMORY_FOLDER": str(settings.memory_folder),
        "REMPART_DATABASE_URL": settings.database_url.get_secret_value(),
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
    }
    command = [sys.executable, "-m", "tests.worker.crashing", point, str(place.folder)]
    done = subprocess.run(command, env=inherited | own, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == DIED, done.stderr


@pytest.mark.parametrize(
    ("point", "tries"),
    [("before relay", 1), ("before submit", 1), ("after submit", 1), ("before finish", 2), ("after finish", 1)],
)
def test_an_effect_outlives_the_worker_that_died_over_it(place: Place, begin: Begin, point: str, tries: int) -> None:
    effect = place.put()
    crash(place, point)
    assert place.counts() == {
        "done" if point == "after finish" else "pending" if point == "before relay" else "relayed": 1
    }
    begin()
    until(lambda: place.counts() == {"done": 1})
    assert (place.kept(), place.tries()) == (1, tries)
    assert place.row(effect)["problem"] is None


def test_what_two_dead_workers_left_is_performed_by_one_that_lives(place: Place, begin: Begin) -> None:
    for number in range(5):
        place.put(key=str(number))
    crash(place, "before finish")
    for number in range(5, 8):
        place.put(key=str(number))
    crash(place, "after submit")
    begin()
    until(lambda: place.counts() == {"done": 8})
    assert place.kept() == 8


def test_an_attempt_of_a_worker_that_lives_is_left_to_it(place: Place, begin: Begin) -> None:
    inside, go = threading.Event(), threading.Event()

    def slow(desk: Desk, effect: Effect) -> None:
        inside.set()
        go.wait(30)
        feed(place.folder)(desk, effect)

    place.put()
    one = begin({"dragon.fed": slow})
    assert inside.wait(30)
    with place.desk.database.reading() as reader:
        (lost,) = outbox.unfinished(reader, place.desk.clock())
    assert one._durable.standing(lost, {one.name}) == "ours"
    other = Durable(place.desk, "somebody else", lambda *_: None)
    assert other.standing(lost, {one.name}) == "running"
    assert other.standing(lost, {"somebody else"}) == "orphaned"
    go.set()
    until(lambda: place.counts() == {"done": 1})
    until(lambda: one._durable.standing(lost, {one.name}) == "ended")
    assert place.tries() == 1


def test_an_attempt_that_ended_without_a_word_is_put_back(
    place: Place, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one whose worker was stopped while the database was away."""
    from rempart.worker import loop

    really, broken = loop.perform, [True]

    def perform(*given: Any) -> None:
        if broken and broken.pop():
            raise RuntimeError("cut short")
        really(*given)

    monkeypatch.setattr(loop, "perform", perform)
    effect = place.put()
    begin()
    until(lambda: place.counts() == {"done": 1})
    assert place.row(effect)["attempts"] == 1
    assert place.kept() == 1


# the database


def test_a_database_that_is_away_is_waited_for(place: Place, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attempt goes on when it is back: nothing is lost, and nothing is told as failed."""
    from rempart.worker import loop

    really, away = loop.perform, [1, 1]

    def perform(*given: Any) -> None:
        if away:
            away.pop()
            raise Unavailable("the database cannot be used now")
        really(*given)

    monkeypatch.setattr(loop, "perform", perform)
    effect = place.put()
    begin()
    until(lambda: place.counts() == {"done": 1})
    assert place.row(effect)["attempts"] == 0


def test_workflows_that_cannot_begin_are_begun_again(
    place: Place, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbos import DBOS

    launch, fail = DBOS.launch, [1, 1]

    def launched() -> None:
        if fail:
            fail.pop()
            raise Unavailable("the database cannot be used now")
        launch()

    monkeypatch.setattr(DBOS, "launch", launched)
    place.put()
    begin()
    until(lambda: place.counts() == {"done": 1})


def test_trouble_in_one_round_does_not_stop_the_next(
    place: Place, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, trouble = outbox.due, [Broken("no"), RuntimeError("no"), Unavailable("no")]

    def due(*given: Any) -> list[int]:
        if trouble:
            raise trouble.pop()
        return really(*given)

    monkeypatch.setattr(outbox, "due", due)
    place.put()
    begin()
    until(lambda: place.counts() == {"done": 1})


@pytest.mark.parametrize("database_url", [one for one in BACKENDS if one == "postgresql"], indirect=True)
def test_a_server_that_goes_down_is_waited_for_and_found_again(place: Place, begin: Begin, cluster: Cluster) -> None:
    place.put(key="a")
    cluster.stop()
    try:
        begin()
        threading.Event().wait(1)
    finally:
        cluster.resume()
    until(lambda: _counts(place) == {"done": 1})
    cluster.stop("immediate")
    cluster.resume()
    until(lambda: _counts(place) == {"done": 1})
    place.put(key="b")
    until(lambda: _counts(place) == {"done": 2})
    assert place.kept() == 2


def _counts(place: Place) -> dict[str, int]:
    try:
        return place.counts()
    except Unavailable:
        return {}


# stopping


def test_a_worker_that_stops_finishes_what_it_began_and_begins_nothing_more(place: Place, begin: Begin) -> None:
    inside, go = threading.Event(), threading.Event()

    def slow(desk: Desk, effect: Effect) -> None:
        inside.set()
        go.wait(30)
        feed(place.folder)(desk, effect)

    place.put(key="a")
    one = begin({"dragon.fed": slow})
    assert inside.wait(30)
    stopping = threading.Thread(target=one.stop)
    stopping.start()
    until(one._stopping.is_set)
    place.put(key="b")
    go.set()
    stopping.join(60)
    assert place.counts() == {"done": 1, "pending": 1}
    with place.desk.database.reading() as reader:
        assert workers.last_seen(reader) is None  # it said that it left
    begin()
    until(lambda: place.counts() == {"done": 2})


def test_a_worker_that_stops_leaves_what_hangs_to_the_next(
    place: Place, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rempart.worker.loop.STOP_SECONDS", 0.2)
    inside, go, hung = threading.Event(), threading.Event(), threading.Event()

    def hangs(desk: Desk, effect: Effect) -> None:
        inside.set()
        go.wait(60)
        hung.set()

    place.put()
    one = begin({"dragon.fed": hangs})
    assert inside.wait(30)
    assert one.stop() is False
    begin()
    until(lambda: place.counts() == {"done": 1})
    go.set()
    assert hung.wait(30)
    assert place.kept() == 1


def test_a_worker_that_never_began_can_be_stopped(place: Place) -> None:
    one = Worker(place.desk, {}, ())
    one.start()
    assert one.stop() is True


def test_records_of_ended_attempts_are_forgotten(place: Place, begin: Begin) -> None:
    place.put()
    one = begin()
    until(lambda: place.counts() == {"done": 1})
    effect = Effect(1, place.organisation, "dragon.fed", {}, 0)
    until(lambda: one._durable.standing(effect, {one.name}) == "ended")
    assert one._durable.forget(1) == 0
    assert one._durable.forget(0) == 1
    assert one._durable.standing(effect, {one.name}) == "unknown"


def test_the_same_attempt_is_begun_once(place: Place, begin: Begin) -> None:
    one = begin()
    until(lambda: _has_begun(one))
    effect = place.put()
    until(lambda: place.counts() == {"done": 1})
    again = Effect(effect, place.organisation, "dragon.fed", {"dragon": 7}, 0)
    for _ in range(3):
        one._durable.submit(again)
    assert place.tries() == 1


def _has_begun(one: Worker) -> bool:
    return hasattr(one._durable, "_effect") and isinstance(one._durable, Durable)
