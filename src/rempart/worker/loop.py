"""The worker: relays effects from the outbox to durable workflows, and does the house's regular duties."""

from rempart.wiring.desk import Desk


class Worker:
    """One worker of this process, at work in threads of its own between `start` and `stop`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def start(self) -> None:
        """Nothing; from now on effects are performed."""

    def stop(self) -> None:
        """Nothing; what runs has ended, nothing new begins."""
