"""The life of a child: confined first, then one request after the other until it is time to be replaced."""

import errno
import os
import resource
import socket
import traceback
from collections.abc import Callable
from typing import Any

from rempart.facts import Limits, reasons
from rempart.media import archives
from rempart.media.not_examinable import NotExaminable
from rempart.media.sandbox import probes, wire
from rempart.media.sandbox.confinement import RECYCLE_AFTER_ITEMS, InForce

Task = Callable[[bytes, dict[str, Any], Limits], dict[str, Any]]

_RECYCLE_ABOVE_BYTES = 768 * 2**20
_READ_BYTES = 2**20


class Server:
    """Answers the parent until the channel closes."""

    def __init__(self, channel: socket.socket, task: Task, limits: Limits, in_force: InForce) -> None:
        self._channel = channel
        self._task = task
        self._limits = limits
        self._in_force = in_force

    def serve(self) -> None:
        """Nothing: returns when the parent is gone or wants a fresh child."""
        for served in range(1, RECYCLE_AFTER_ITEMS + 1):
            try:
                request, descriptor = wire.receive(self._channel)
            except wire.Closed:
                return
            if request["do"] == "status":
                probes.report(self._channel, self._in_force)
                continue
            answer = self._answer(request, descriptor)
            used_up = served == RECYCLE_AFTER_ITEMS or _peak_bytes() > _RECYCLE_ABOVE_BYTES or "where" in answer
            wire.send(self._channel, {**answer, "last": used_up})
            if used_up:
                return

    def _answer(self, request: dict[str, Any], descriptor: int | None) -> dict[str, Any]:
        """What the task says of the bytes, or why it says nothing; `where` when this process had better be replaced."""
        try:
            data = _read(descriptor, request["size"], self._limits)
            if request["do"] == "members":
                return {"answer": self._hand_out(data)}
            return {"answer": self._task(data, request["request"], self._limits)}
        except NotExaminable as error:
            return {"refused": error.reason}
        except MemoryError:
            return {"refused": reasons.reason(reasons.LIMIT, "memory"), "where": "MemoryError"}
        except RecursionError:
            return {"refused": reasons.reason(reasons.LIMIT, "recursion")}
        except Exception as error:  # noqa: BLE001 - the worker loop: one item may not take the others with it
            return {"refused": reasons.CRASHED, "where": _where(error)}

    def _hand_out(self, data: bytes) -> dict[str, Any]:
        """Empty, after every member has been sent and taken one by one."""
        for member in archives.members(data, self._limits):
            descriptor = None if member.content is None else _memory_file(member.content)
            try:
                wire.send(self._channel, {"member": member.name, "reason": member.reason}, descriptor)
            finally:
                if descriptor is not None:
                    os.close(descriptor)
            wire.receive(self._channel)
        return {}


def _read(descriptor: int | None, size: int, limits: Limits) -> bytes:
    """Every byte, read and never mapped: a mapped file that shrinks kills the reader. Raises NotExaminable."""
    if descriptor is None:
        raise NotExaminable(reasons.CRASHED)
    parts: list[bytes] = []
    length = 0
    try:
        while part := os.pread(descriptor, max(size + 1 - length, _READ_BYTES), length):
            parts.append(part)
            length += len(part)
            if length > limits.max_bytes:
                raise NotExaminable(reasons.reason(reasons.LIMIT, "bytes"))
    except OSError as error:
        detail = "input/output error" if error.errno == errno.EIO else ""
        raise NotExaminable(reasons.reason(reasons.UNREADABLE, detail)) from error
    finally:
        os.close(descriptor)
    if length < size:
        raise NotExaminable(reasons.VANISHED)
    return b"".join(parts)


def _memory_file(content: bytes) -> int:
    descriptor = os.memfd_create("member", os.MFD_CLOEXEC)
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    return descriptor


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _where(error: Exception) -> str:
    """Type and place of an unforeseen error, for developers; never its message, which may hold content."""
    place = traceback.extract_tb(error.__traceback__, limit=-1)
    return f"{type(error).__name__} at {place[-1].name}:{place[-1].lineno}" if place else type(error).__name__
