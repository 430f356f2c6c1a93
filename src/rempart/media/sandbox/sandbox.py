"""The sandbox as the rest of the house uses it."""

import contextlib
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from rempart.errors import Broken
from rempart.facts import Limits
from rempart.media.sandbox import wire
from rempart.media.sandbox.children import Child
from rempart.media.sandbox.processes import Nursery, Order

_WARM = "rempart.media.warming:warm"
_STATUS_SECONDS = 30.0


class Sandbox:
    """Confined children for untrusted bytes. Use as a context manager; `child()` may be called from any thread.

    Not for use in a process forked from the one that opened it: open one there.
    """

    def __init__(
        self,
        task: str,
        preload: tuple[str, ...] = (),
        limits: Limits | None = None,
        search_path: tuple[Path, ...] = (),
        configure: dict[str, Any] | None = None,
    ) -> None:
        """task: `module:function` with the signature `(data: bytes, request: dict, limits: Limits) -> dict` of JSON.

        preload: `module:function` each, called once in the nursery to warm what the task needs.
        search_path: more folders to import from, for tasks that are not installed.
        configure: `module:function` -> JSON value, each called once in the nursery: what every child shall know.
        """
        self._limits = limits or Limits()
        folders = tuple(str(folder.absolute()) for folder in search_path)
        self._nursery = Nursery(Order(task, (_WARM, *preload), folders, self._limits, configure or {}))
        self._lock = threading.Lock()
        self._children: list[Child] = []

    def __enter__(self) -> "Sandbox":
        self._nursery.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def child(self) -> Child:
        """A child for the calling thread; its process starts with the first item. Closed with the sandbox."""
        child = Child(self._nursery.fork, self._limits)
        with self._lock:
            self._children.append(child)
        return child

    def status(self) -> dict[str, str]:
        """What is in force in a child, and what it could still do when it tried: `refused` or `ALLOWED`.

        Raises Broken when no child can live.
        """
        process = self._nursery.fork()
        try:
            answer, _ = process.ask({"do": "status"}, None, _STATUS_SECONDS)
            found = dict(answer["status"])
            with contextlib.suppress(wire.Closed):
                found |= wire.receive(process.channel, time.monotonic() + _STATUS_SECONDS)[0]["status"]
        except (wire.Closed, wire.Garbled, TimeoutError, KeyError) as error:
            raise Broken("a sandboxed child died while it tried its protections; is there memory left?") from error
        finally:
            process.kill()
        return {"run a program": "ALLOWED"} | found

    def close(self) -> None:
        """Nothing: every child and the nursery are gone."""
        with self._lock:
            for child in self._children:
                child.close()
            self._children.clear()
        self._nursery.stop()
