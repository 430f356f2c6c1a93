"""One attempt, and what follows from how it went."""

# ruff: noqa: PT012 - what is patched goes with what raises

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.worker.places import Place, feed

from rempart.errors import Broken, Conflict, NotAllowed, RempartError, Unavailable, UserMistake
from rempart.settings import Settings
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.testing.desk import Hands, make_desk, make_organisation
from rempart.wiring.desk import Desk
from rempart.wiring.logs import start_logging
from rempart.worker.effects import EFFECTS, Handler
from rempart.worker.performing import (
    CONFLICT_ATTEMPTS,
    LONGEST_PAUSE_SECONDS,
    pause_seconds,
    perform,
    perform_due,
)


@pytest.fixture
def hands() -> Hands:
    """The clock of the desk."""
    return Hands()


@pytest.fixture
def still(settings: Settings, database_url: str, tmp_path: Path, hands: Hands) -> Iterator[Place]:
    """The same desk, its clock moved by hand."""
    with make_desk(settings, database_url, clock=hands) as desk:
        with desk.database.writing() as writer:
            organisation = make_organisation(writer)
        yield Place(desk, organisation, tmp_path)


def raising(error: Exception) -> Handler:
    def handle(desk: Desk, effect: Effect) -> None:
        raise error

    return handle


def test_an_effect_that_is_due_is_performed_and_its_result_kept(still: Place) -> None:
    still.put()
    assert perform_due(still.desk, {"dragon.fed": feed(still.folder)}) == 1
    assert (still.counts(), still.kept()) == ({"done": 1}, 1)
    assert perform_due(still.desk, {"dragon.fed": feed(still.folder)}) == 0


def test_an_effect_that_puts_another_has_that_performed_too(still: Place) -> None:
    def puts_another(desk: Desk, effect: Effect) -> None:
        still.put(key="second")
        with desk.database.writing() as writer:
            outbox.finish(writer, effect.id, desk.clock())

    still.put("first", key="first")
    assert perform_due(still.desk, {"first": puts_another, "dragon.fed": feed(still.folder)}) == 2


def test_what_is_unavailable_waits_twice_as_long_each_time(still: Place, hands: Hands) -> None:
    effect = still.put()
    waits = []
    for _ in range(4):
        perform_due(still.desk, {"dragon.fed": raising(Unavailable("the dragon sleeps; wake it"))})
        row = still.row(effect)
        waits.append((row["not_before"] - hands.now).total_seconds())
        assert (row["state"], row["problem"]) == ("pending", "the dragon sleeps; wake it")
        assert perform_due(still.desk, {}) == 0  # not before its time
        hands.now = row["not_before"]
    assert waits == [2.0, 4.0, 8.0, 16.0]
    perform_due(still.desk, {"dragon.fed": feed(still.folder)})
    assert still.counts() == {"done": 1}


def test_a_pause_is_as_long_as_was_asked_for_and_has_an_end(still: Place) -> None:
    assert pause_seconds(0, 30.0) == 30.0
    assert pause_seconds(3, 1.0) == 16.0
    assert pause_seconds(1000, None) == LONGEST_PAUSE_SECONDS
    assert pause_seconds(0, LONGEST_PAUSE_SECONDS * 2) == LONGEST_PAUSE_SECONDS * 2


def test_a_conflict_is_tried_thrice_and_then_told(still: Place, hands: Hands) -> None:
    effect = still.put()
    for number in range(CONFLICT_ATTEMPTS):
        assert still.row(effect)["attempts"] == number
        perform_due(still.desk, {"dragon.fed": raising(Conflict("two met"))})
        hands.now += timedelta(hours=1)
    assert still.counts() == {"failed": 1}
    (failure,) = still.failures()
    assert (failure.problem, failure.attempts) == ("two met", CONFLICT_ATTEMPTS)


@pytest.mark.parametrize("error", [Broken("no"), UserMistake("no"), NotAllowed("no"), RempartError("no")])
def test_what_cannot_be_done_by_trying_is_told_at_once(still: Place, error: Exception) -> None:
    still.put()
    perform_due(still.desk, {"dragon.fed": raising(error)})
    assert [one.problem for one in still.failures()] == ["no"]


def test_a_bug_is_told_by_its_type_only(still: Place) -> None:
    still.put()
    perform_due(still.desk, {"dragon.fed": raising(ValueError("purple secret"))})
    (failure,) = still.failures()
    assert failure.problem == "`ValueError` in what performs `dragon.fed`; please report this"


def test_a_kind_that_nobody_performs_is_told_and_kept(still: Place) -> None:
    effect = still.put("dragon.unknown")
    perform_due(still.desk, {})
    (failure,) = still.failures()
    assert failure.problem.startswith("nothing performs effects of kind `dragon.unknown`")
    with still.desk.database.writing() as writer:
        outbox.try_again(writer, effect, still.desk.clock())
    perform_due(still.desk, {"dragon.unknown": feed(still.folder)})  # a newer worker knows it
    assert still.counts() == {"done": 1}


def test_a_handler_that_forgets_to_finish_is_told(still: Place) -> None:
    still.put()
    perform_due(still.desk, {"dragon.fed": lambda desk, effect: None})
    assert "did not finish it" in still.failures()[0].problem


def test_a_second_performance_keeps_nothing(still: Place) -> None:
    """Two workers that both believe that the effect is theirs: what the slower one did is taken back."""
    effect = still.put()
    with still.desk.database.writing() as writer:
        outbox.relay(writer, effect, still.desk.clock())
    handler = feed(still.folder)

    def slower(desk: Desk, mine: Effect) -> None:
        handler(desk, mine)  # somebody else, in the meantime
        handler(desk, mine)

    perform(still.desk, effect, 0, {"dragon.fed": slower})
    assert (still.tries(), still.kept(), still.counts()) == (2, 1, {"done": 1})


def test_an_attempt_that_others_have_made_since_is_left_alone(still: Place, hands: Hands) -> None:
    effect = still.put()
    perform_due(still.desk, {"dragon.fed": raising(Unavailable("no"))})
    hands.now += timedelta(hours=1)
    with still.desk.database.writing() as writer:
        outbox.relay(writer, effect, hands.now)
    perform(still.desk, effect, 0, {"dragon.fed": feed(still.folder)})
    assert still.tries() == 0
    perform(still.desk, effect, 1, {"dragon.fed": feed(still.folder)})
    assert still.tries() == 1


@pytest.mark.parametrize("effect", [999, 0])
def test_an_effect_that_is_not_there_is_left_alone(still: Place, effect: int) -> None:
    perform(still.desk, effect, 0, {})


def test_when_nothing_can_be_noted_the_attempt_is_not_over(still: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away in the very moment in which the end of an attempt was to be kept."""

    def away(*_: object) -> bool:
        raise Unavailable("the database cannot be used now; nothing was kept")

    effect = still.put()
    with still.desk.database.writing() as writer:
        outbox.relay(writer, effect, still.desk.clock())
    with monkeypatch.context() as patch, pytest.raises(Unavailable):
        patch.setattr(outbox, "fail", away)
        perform(still.desk, effect, 0, {"dragon.fed": raising(Broken("no"))})
    with monkeypatch.context() as patch, pytest.raises(Unavailable):
        patch.setattr(outbox, "put_back", away)
        perform(still.desk, effect, 0, {"dragon.fed": raising(Unavailable("no"))})
    assert still.row(effect)["state"] == "relayed"
    perform(still.desk, effect, 0, {"dragon.fed": feed(still.folder)})
    assert still.counts() == {"done": 1}


def test_the_log_has_numbers_and_kinds_and_no_content(still: Place, hands: Hands) -> None:
    stream = io.StringIO()
    start_logging(stream)
    errors: list[Exception] = [ValueError("purple"), Broken("purple"), Unavailable("purple"), Conflict("purple")]
    for number, error in enumerate(errors):
        still.put(key=str(number))
        perform_due(still.desk, {"dragon.fed": raising(error)})
    hands.now += timedelta(hours=1)
    perform_due(still.desk, {"dragon.fed": feed(still.folder)})
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert {line["event"] for line in lines} == {"effect.failed", "effect.later", "effect.done"}
    assert all(isinstance(line["effect"], int) for line in lines)
    assert "purple" not in stream.getvalue()


def test_every_kind_has_one_handler_and_a_name_that_fits_its_column() -> None:
    assert all(callable(handler) and 0 < len(kind) <= 40 for kind, handler in EFFECTS.items())
