"""The outbox: an effect is begun once, ends once, and can be cancelled only before it was begun."""

# ruff: noqa: PT012 - what raises is the end of a unit of work

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.dialects import postgresql

from rempart.errors import Conflict, NotFound
from rempart.storage import outbox
from rempart.storage.database import Database, Writer
from rempart.storage.outbox import Effect
from rempart.testing.desk import NOW, make_organisation

LATER = NOW + timedelta(seconds=30)


def put(database: Database, key: str = "k", about: str = "decision:1", **options: object) -> int:
    with database.writing() as writer:
        organisation = make_organisation(writer, f"org-{key}")
        return outbox.put(writer, organisation, "dragon.fed", {"dragon": 7}, about=about, key=key, now=NOW, **options)  # type: ignore[arg-type]


def begin(database: Database, effect: int) -> Effect:
    with database.writing() as writer:
        begun = outbox.relay(writer, effect, NOW)
    assert begun is not None
    return begun


def state(database: Database) -> dict[str, int]:
    with database.reading() as reader:
        return outbox.counts(reader)


def test_an_effect_is_due_when_its_time_has_come(database: Database) -> None:
    early, late = put(database, "a"), put(database, "b", not_before=LATER)
    with database.reading() as reader:
        assert outbox.due(reader, NOW) == [early]
        assert outbox.due(reader, LATER) == [early, late]
        assert outbox.waiting_since(reader, LATER) == NOW


def test_an_effect_is_relayed_once_with_what_it_needs(database: Database) -> None:
    effect = put(database)
    begun = begin(database, effect)
    assert (begun.kind, begun.body, begun.attempts) == ("dragon.fed", {"dragon": 7}, 0)
    with database.writing() as writer:
        assert outbox.relay(writer, effect, NOW) is None
        assert outbox.read(writer, effect) == begun


def test_two_workers_never_both_relay(database: Database) -> None:
    effects = [put(database, str(number)) for number in range(5)]
    won: list[int] = []

    def race() -> None:
        for effect in effects:
            with database.writing() as writer:
                if outbox.relay(writer, effect, NOW):
                    won.append(effect)

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == effects


def test_a_second_effect_of_one_key_is_a_conflict(database: Database) -> None:
    put(database)
    with pytest.raises(Conflict), database.writing() as writer:
        outbox.put(writer, 1, "dragon.fed", {}, about="other", key="k", now=NOW)
    assert state(database) == {"pending": 1}


def test_an_effect_that_was_not_begun_is_cancelled(database: Database) -> None:
    effect = put(database)
    put(database, "other", about="decision:2")
    with database.writing() as writer:
        assert outbox.cancel(writer, "decision:1", NOW) == 1
        assert outbox.relay(writer, effect, LATER) is None
    assert state(database) == {"cancelled": 1, "pending": 1}


@pytest.mark.parametrize("end", ["relayed", "done", "failed", "tried"])
def test_an_effect_that_was_begun_cannot_be_cancelled(database: Database, end: str) -> None:
    effect = put(database)
    begun = begin(database, effect)
    with database.writing() as writer:
        if end == "done":
            outbox.finish(writer, effect, NOW)
        elif end == "failed":
            outbox.fail(writer, begun, "no dragon", NOW)
        elif end == "tried":
            outbox.put_back(writer, begun, "the dragon sleeps", LATER)
    with pytest.raises(Conflict, match="has begun"), database.writing() as writer:
        outbox.cancel(writer, "decision:1", NOW)


def test_an_effect_is_done_once_and_what_a_second_performance_did_is_not_kept(database: Database) -> None:
    effect = put(database)
    begin(database, effect)
    with database.writing() as writer:
        outbox.finish(writer, effect, NOW)
    with pytest.raises(Conflict, match="second time"), database.writing() as writer:
        make_organisation(writer, "second")
        outbox.finish(writer, effect, NOW)
    with database.writing() as writer:
        make_organisation(writer, "second")  # the key is free: the first try left nothing
    assert state(database) == {"done": 1}


def test_a_failed_attempt_waits_for_the_next_one(database: Database) -> None:
    effect = put(database)
    first = begin(database, effect)
    with database.writing() as writer:
        assert outbox.put_back(writer, first, "the dragon sleeps", LATER)
        assert outbox.due(writer, NOW) == []
        assert outbox.read(writer, effect) is None
    second = begin(database, effect)
    assert second.attempts == 1
    with database.writing() as writer:
        assert not outbox.fail(writer, first, "too late", NOW)
        assert not outbox.put_back(writer, first, "too late", NOW)
        assert outbox.read(writer, effect) == second


def test_an_effect_that_failed_for_good_is_listed_and_can_be_tried_again(database: Database) -> None:
    effect = put(database)
    begun = begin(database, effect)
    with database.writing() as writer:
        assert outbox.fail(writer, begun, "no dragon", NOW)
        (failure,) = outbox.failed(writer)
        assert (failure.id, failure.kind, failure.problem, failure.attempts) == (effect, "dragon.fed", "no dragon", 1)
        outbox.try_again(writer, effect, LATER)
        assert outbox.failed(writer) == []
        assert outbox.due(writer, LATER) == [effect]
        with pytest.raises(NotFound, match="worker failed"):
            outbox.try_again(writer, effect, LATER)


def test_effects_that_were_relayed_and_not_ended_are_found(database: Database) -> None:
    done, lost = put(database, "a"), put(database, "b")
    begin(database, done)
    begun = begin(database, lost)
    with database.writing() as writer:
        outbox.finish(writer, done, NOW)
        assert outbox.unfinished(writer, NOW - timedelta(seconds=1)) == []
        assert outbox.unfinished(writer, NOW) == [begun]
        assert outbox.waiting_since(writer, NOW) == NOW


def test_what_a_worker_would_begin_between_the_look_and_the_change_is_cancelled_or_refused(database: Database) -> None:
    effect = put(database)
    locked, begun = threading.Event(), []

    def relay() -> None:
        assert locked.wait(10)
        with database.writing() as writer:
            begun.append(outbox.relay(writer, effect, NOW))

    worker = threading.Thread(target=relay)
    worker.start()
    with database.writing() as writer:
        assert outbox.cancel(writer, "decision:1", NOW) == 1
        locked.set()
        worker.join(0.2)
        assert worker.is_alive()
    worker.join(10)
    assert (begun, state(database)) == ([None], {"cancelled": 1})


def test_the_rows_to_cancel_are_locked_before_they_are_looked_at(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database)
    asked: list[Any] = []
    plain = Writer.rows
    monkeypatch.setattr(Writer, "rows", lambda self, statement: (asked.append(statement), plain(self, statement))[1])
    with database.writing() as writer:
        outbox.cancel(writer, "decision:1", NOW)
    assert "FOR UPDATE" in str(asked[0].compile(dialect=postgresql.dialect()))
