"""The life of a child: confined first, then one request after the other until the parent wants another child."""

import os
import resource
import socket
import traceback
from collections.abc import Callable
from typing import IO, Any

from rempart.facts import Limits, reasons
from rempart.media import archives
from rempart.media.budget import Budget
from rempart.media.not_examinable import NotExaminable
from rempart.media.sandbox import probes, wire
from rempart.media.sandbox.confinement import InForce
from rempart.media.sandbox.reading import read_whole, stream_of
from rempart.media.sandbox.source import Blob

Task = Callable[[bytes, dict[str, Any], Limits], dict[str, Any]]

_RECYCLE_ABOVE_BYTES = 768 * 2**20


class Server:
    """Answers the parent until the channel closes."""

    def __init__(self, channel: socket.socket, task: Task, limits: Limits, in_force: InForce) -> None:
        self._channel = channel
        self._task = task
        self._limits = limits
        self._in_force = in_force

    def serve(self) -> None:
        """Nothing: returns when the parent is gone or wants a fresh child. The first word says that this one lives."""
        wire.send(self._channel, wire.STARTED)
        while True:
            try:
                request, descriptor = wire.receive(self._channel)
            except wire.Closed:
                return
            if request["do"] == "status":
                probes.report(self._channel, self._in_force)
                continue
            answer = self._answer(request, descriptor)
            used_up = _peak_bytes() > _RECYCLE_ABOVE_BYTES or "where" in answer
            wire.send(self._channel, {**answer, "last": used_up})
            if used_up:
                return

    def _answer(self, request: dict[str, Any], descriptor: int | None) -> dict[str, Any]:
        """What the task says of the bytes, or why it says nothing; `where` when this process had better be replaced."""
        if descriptor is None:
            return {"refused": reasons.CRASHED}
        try:
            if request["do"] == "members":
                budget = Budget(self._limits, *request["left"])
                return {**self._hand_out(stream_of(descriptor, request["size"]), budget), "left": budget.left}
            data = read_whole(descriptor, request["size"], self._limits)
            return {"answer": self._task(data, request["request"], self._limits)}
        except NotExaminable as error:
            return {"refused": error.reason}
        except MemoryError:
            return {"refused": reasons.reason(reasons.LIMIT, "memory"), "where": "MemoryError"}
        except RecursionError:
            return {"refused": reasons.reason(reasons.LIMIT, "recursion")}
        except Exception as error:  # noqa: BLE001 - the worker loop: one item may not take the others with it
            return {"refused": reasons.CRASHED, "where": _where(error)}
        finally:
            os.close(descriptor)

    def _hand_out(self, stream: IO[bytes], budget: Budget) -> dict[str, Any]:
        """How it ended, after every member has been sent and taken one by one."""
        try:
            for member in archives.members(stream, self._limits, budget):
                self._send(member, budget)
                wire.receive(self._channel)
        except NotExaminable as error:
            return {"refused": error.reason}
        return {"answer": {}}

    def _send(self, member: archives.Member, budget: Budget) -> None:
        message = {"member": member.name, "reason": member.reason, "left": budget.left}
        if member.content is None:
            wire.send(self._channel, message)
            return
        with Blob.of(member.content) as blob:
            wire.send(self._channel, message, blob.descriptor)


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _where(error: Exception) -> str:
    """Type and place of an unforeseen error, for developers; never its message, which may hold content."""
    place = traceback.extract_tb(error.__traceback__, limit=-1)
    return f"{type(error).__name__} at {place[-1].name}:{place[-1].lineno}" if place else type(error).__name__
