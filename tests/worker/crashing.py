"""A worker that dies at one point: `python crashing.py POINT FOLDER`, the desk in the environment. Exits with 9."""

import os
import sys
from pathlib import Path

from tests.worker.places import feed, until

from rempart.clock import utc_now
from rempart.settings import read
from rempart.storage.outbox import Effect
from rempart.testing.desk import make_desk
from rempart.wiring.desk import Desk
from rempart.worker import loop, performing
from rempart.worker.durable import Durable

DIED = 9
POINTS = ("before relay", "before submit", "after submit", "before finish", "after finish", "while healing")


def die(*_: object, **__: object) -> None:
    """Nothing is tidied up, as after a kill."""
    os._exit(DIED)


def main(point: str, folder: Path) -> None:
    """Begins to perform what is due, and dies at the point."""
    feeding = feed(folder)

    def dies_before_finish(desk: Desk, effect: Effect) -> None:
        with (folder / "tries").open("a") as file:
            file.write("cut short\n")
        die()

    def dies_after_finish(desk: Desk, effect: Effect) -> None:
        feeding(desk, effect)
        die()

    handler = {"before finish": dies_before_finish, "after finish": dies_after_finish}.get(point, feeding)
    if point == "before relay":
        loop.outbox.relay = die  # type: ignore[assignment]
    elif point == "before submit":
        Durable.submit = die  # type: ignore[method-assign]
    elif point == "after submit":
        loop.perform = die  # type: ignore[assignment]
    assert performing.perform is not die
    settings = read()
    assert settings.database_url is not None
    with make_desk(settings, settings.database_url.get_secret_value(), clock=utc_now) as desk:
        loop.Worker(desk, {"dragon.fed": handler}, ()).start()
        until(lambda: False)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
