"""The nursery: a process that has everything imported and warm, and forks a confined child in milliseconds.

It runs as `python -I -m rempart.media.sandbox.nursery DESCRIPTOR` and never sees an untrusted byte. It stays
single-threaded, because only then is a fork of it whole, and ends when its channel to the parent closes.
"""

import gc
import importlib
import os
import select
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from rempart.facts import Limits
from rempart.media.sandbox import wire
from rempart.media.sandbox.confinement import InForce, confine, keep_only, leave_the_network
from rempart.media.sandbox.serving import Server, Task

_REAP_EVERY_MILLISECONDS = 1000
_LEAST_FREE_BYTES = 16 * 2**20


def main() -> None:
    """Nothing: returns when the parent is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    with suppress(wire.Closed):
        order, _ = wire.receive(control)
        sys.path.extend(order["search_path"])
        try:
            task: Task = _warm(order)
        except (ImportError, AttributeError, TypeError) as error:
            wire.send(control, {"failed": f"{type(error).__name__}: {error}"})
            return
        in_force = leave_the_network()
        gc.collect()
        gc.freeze()  # the children then share these pages instead of copying them
        wire.send(control, {"ready": True})
        _fork_on_demand(control, task, Limits(**order["limits"]), in_force)


def _warm(order: dict[str, Any]) -> Task:
    """The task, after everything that it needs was imported and called once."""
    for path in order["preload"]:
        _named(path)()
    for path, value in order["configure"].items():
        _named(path)(value)
    task: Task = _named(order["task"])
    return task


def _named(path: str) -> Any:
    """What `package.module:name` names. Raises ImportError, AttributeError."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def _fork_on_demand(control: socket.socket, task: Task, limits: Limits, in_force: InForce) -> None:
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while True:
        if not poll.poll(_REAP_EVERY_MILLISECONDS):
            _reap()
            continue
        request, channel = wire.receive(control)
        if channel is None:
            return
        live = partial(_live, channel, task, limits, in_force, request["extracting"])
        _fork(control, channel, live)
        _reap()


def _fork(control: socket.socket, channel: int, live: Callable[[], int]) -> None:
    """Nothing, in the nursery: the parent has been sent a handle of the child, or why there is none.

    The child never returns. A machine without room for one more process costs no child that lives.
    """
    nursery = os.getpid()
    try:
        child = os.fork()
    except OSError as error:
        os.close(channel)
        wire.send(control, {"full": error.strerror or ""})
        return
    if child == 0:
        try:
            os._exit(live() if os.getppid() == nursery else 0)
        finally:
            os._exit(1)  # whatever went wrong, a child never goes on as a second nursery
    os.close(channel)
    handle = os.pidfd_open(child)
    try:
        wire.send(control, {"child": child}, handle)
    finally:
        os.close(handle)


def _live(channel: int, task: Task, limits: Limits, in_force: InForce, extracting: bool) -> int:
    """Exit code of the child after its whole life."""
    nursery = os.getppid()
    with socket.socket(fileno=keep_only(channel)) as only:
        in_force = in_force | confine(limits, nursery, extracting)
        bytearray(_LEAST_FREE_BYTES)  # a child without room for any picture had better not start: one error, not many
        Server(only, task, limits, in_force).serve()
    return 0


def _reap() -> None:
    """Nothing: the children that died are buried."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    main()
