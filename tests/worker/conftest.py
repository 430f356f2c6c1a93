"""A desk whose worker really works: real threads, real workflows, the real time."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.worker.places import Place, feed

from rempart.clock import utc_now
from rempart.settings import Settings
from rempart.testing.desk import make_desk, make_organisation
from rempart.worker import loop
from rempart.worker.effects import Handler
from rempart.worker.loop import Worker


@pytest.fixture
def place(settings: Settings, database_url: str, tmp_path: Path) -> Iterator[Place]:
    """The desk, on SQLite and on PostgreSQL."""
    settings.data_folder.mkdir(parents=True)
    with make_desk(settings, database_url, clock=utc_now) as desk:
        with desk.database.writing() as writer:
            organisation = make_organisation(writer)
        yield Place(desk, organisation, tmp_path)


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dead are missed after a second, and attempts are made again at once."""
    for name, seconds in (
        ("POLL_SECONDS", 0.05),
        ("BEAT_SECONDS", 0.1),
        ("HEAL_SECONDS", 0.3),
        ("SILENT_SECONDS", 1.0),
    ):
        monkeypatch.setattr(loop, name, seconds)
    monkeypatch.setattr("rempart.worker.performing.FIRST_PAUSE_SECONDS", 0.05)


@pytest.fixture
def begin(place: Place, soon: None) -> Iterator[Callable[..., Worker]]:
    """Begins a worker that performs with these handlers; whatever runs at the end of the test is stopped."""
    begun: list[Worker] = []

    def make(handlers: dict[str, Handler] | None = None, **named: Any) -> Worker:
        chosen = {"dragon.fed": feed(place.folder)} if handlers is None else handlers
        one = Worker(place.desk, chosen, named.pop("duties", ()), **named)
        begun.append(one)
        one.start()
        return one

    yield make
    for one in begun:
        one.stop()
