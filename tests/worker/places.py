"""A desk with a dragon to feed: what the tests of the worker share."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from rempart.audit.queries import append, story
from rempart.facts.people import worker
from rempart.migrations.schema import METADATA
from rempart.storage import outbox
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk
from rempart.worker.effects import Handler

LONGEST_SECONDS = 60.0


@dataclass
class Place:
    """A desk with one organisation, and what its worker did."""

    desk: Desk
    organisation: int
    folder: Path

    def put(self, kind: str = "dragon.fed", *, key: str = "k", about: str = "decision:1") -> int:
        """The id of a new effect that is due."""
        with self.desk.database.writing() as writer:
            now = self.desk.clock()
            return outbox.put(writer, self.organisation, kind, {"dragon": 7}, about=about, key=key, now=now)

    def counts(self) -> dict[str, int]:
        """State -> how many effects are in it."""
        with self.desk.database.reading() as reader:
            return outbox.counts(reader)

    def failures(self) -> list[outbox.Failure]:
        """What failed for good."""
        with self.desk.database.reading() as reader:
            return outbox.failed(reader)

    def kept(self) -> int:
        """How often the result of feeding the dragon was kept."""
        with self.desk.database.reading() as reader:
            return len(story(reader, self.organisation, "dragon", 7))

    def tries(self) -> int:
        """How often somebody set out to feed the dragon, in whatever process."""
        tried = self.folder / "tries"
        return len(tried.read_text().splitlines()) if tried.exists() else 0

    def row(self, effect: int) -> dict[str, Any]:
        """The effect as it stands in the outbox."""
        table = METADATA.tables["outbox"]
        with self.desk.database.reading() as reader:
            found = reader.one(select(table).where(table.c.id == effect))
        assert found is not None
        return dict(found)


def feed(folder: Path) -> Handler:
    """A handler that does something outside, and keeps its result together with the end of the effect."""

    def handle(desk: Desk, effect: Effect) -> None:
        with (folder / "tries").open("a") as file:
            file.write(json.dumps(dict(effect.body)) + "\n")
        with desk.database.writing() as writer:
            outbox.finish(writer, effect.id, desk.clock())
            append(writer, worker(effect.organisation), "dragon", 7, "dragon.fed", {}, desk.clock())

    return handle


def until(true: Callable[[], bool]) -> None:
    """Nothing; it is so. Other threads make it so, which takes them some moments."""
    last = time.monotonic() + LONGEST_SECONDS
    while not true():
        assert time.monotonic() < last, "it never came to be"
        time.sleep(0.02)
