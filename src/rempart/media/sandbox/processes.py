"""The parent's side of the nursery and of one child."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any

from rempart.errors import Broken, Unavailable
from rempart.facts import Limits
from rempart.media.sandbox import wire

_START_SECONDS = 300.0  # compiling every kernel for the first time takes a quarter of a minute on a good day
_FORK_SECONDS = 30.0
_STOP_SECONDS = 5.0
_PASSED_ON = ("HOME", "LANG", "LD_LIBRARY_PATH", "NUMBA_CACHE_DIR", "NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "TMPDIR")
_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB", "NUMEXPR")}


@dataclass(frozen=True, slots=True)
class Order:
    """What a nursery is to prepare: import paths `module:name`, extra import folders, limits.

    configure: functions called once with a JSON value each, after the preloads and before any fork.
    """

    task: str
    preload: tuple[str, ...]
    search_path: tuple[str, ...]
    limits: Limits
    configure: dict[str, Any] = field(default_factory=dict)


class ChildProcess:
    """One confined process: a channel to it and a handle that no other process can inherit by number."""

    def __init__(self, channel: socket.socket, handle: int, number: int) -> None:
        self.channel = channel
        self.number = number
        self._handle = handle

    def await_start(self) -> None:
        """Nothing, once the process is confined and still lives. Raises Broken: the next one would not live either."""
        try:
            if wire.receive(self.channel, time.monotonic() + _FORK_SECONDS)[0] == wire.STARTED:
                return
        except (wire.Closed, wire.Garbled, TimeoutError):
            pass
        self.kill()
        raise Broken(
            "a sandboxed child does not live through its own limits; allow it more memory with"
            " REMPART_LIMITS__MAX_MEMORY_BYTES, or raise `ulimit -v`"
        )

    def ask(self, message: wire.Message, descriptor: int | None, seconds: float) -> tuple[wire.Message, int | None]:
        """The answer. Raises wire.Closed, wire.Garbled, TimeoutError."""
        deadline = time.monotonic() + seconds
        self.channel.settimeout(seconds)
        wire.send(self.channel, message, descriptor)
        return wire.receive(self.channel, deadline)

    def is_alive(self) -> bool:
        """False when the process has ended, for whatever reason."""
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        return not poll.poll(0)

    def kill(self) -> None:
        """Nothing: the process is gone at once, whatever it was doing. Killing twice does no harm."""
        self.channel.close()
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.close(self._handle)
            self._handle = -1


class Nursery:
    """The nursery as its parent knows it; started early, waited for late, replaced when it dies."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._ready = False

    def start(self) -> None:
        """Nothing: the nursery warms up while the caller does something else."""
        with self._lock:
            self._start()

    def fork(self, extracting: bool = False) -> ChildProcess:
        """A fresh confined child that lives.

        Raises Broken when the order cannot be carried out or no child can live, Unavailable when the nursery dies.
        """
        with contextlib.suppress(Broken):  # somebody may have ended the nursery, and its children with it
            return self._started(extracting)
        return self._started(extracting)

    def _started(self, extracting: bool) -> ChildProcess:
        child = self._forked(extracting)
        child.await_start()
        return child

    def _forked(self, extracting: bool) -> ChildProcess:
        with self._lock:
            try:
                return self._fork(extracting)
            except (wire.Closed, wire.Garbled, TimeoutError):
                self._stop()
            try:
                return self._fork(extracting)
            except (wire.Closed, wire.Garbled, TimeoutError) as error:
                self._stop()
                raise Unavailable("the sandbox did not start; is there memory left for one more process?") from error

    def stop(self) -> None:
        """Nothing: the nursery is gone and every child with it."""
        with self._lock:
            self._stop()

    def _start(self) -> socket.socket:
        if not hasattr(os, "memfd_create") or not hasattr(os, "pidfd_open"):
            raise Unavailable(
                "untrusted files are only opened on Linux 5.4 or newer; run rempart there or in a container"
            )
        ours, theirs = socket.socketpair()
        with theirs:
            arguments = [sys.executable, "-I", "-m", "rempart.media.sandbox.nursery", str(theirs.fileno())]
            self._process = subprocess.Popen(
                arguments,
                env=_environment(),
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # an interrupt at the terminal is for the parent to handle
            )
        self._control, self._ready = ours, False
        with contextlib.suppress(wire.Closed):
            wire.send(ours, _as_message(self._order))
        return ours

    def _fork(self, extracting: bool) -> ChildProcess:
        control = self._control or self._start()
        if not self._ready:
            self._await(control)
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                wire.send(control, {"extracting": extracting}, theirs.fileno())
            answer, handle = wire.receive(control, time.monotonic() + _FORK_SECONDS)
            if "full" in answer:
                raise Unavailable(f"no further process can be started here ({answer['full']}); try with fewer workers")
            if handle is None:
                raise wire.Garbled
        except BaseException:
            ours.close()
            raise
        return ChildProcess(ours, handle, answer["child"])

    def _await(self, control: socket.socket) -> None:
        answer, _ = wire.receive(control, time.monotonic() + _START_SECONDS)
        if "failed" in answer:
            self._stop()
            raise Broken(f"the sandbox cannot prepare `{self._order.task}`: {answer['failed']}")
        self._ready = True

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._control, self._process, self._ready = None, None, False


def _environment() -> dict[str, str]:
    """What the nursery may know of our environment: where caches are, and to stay single-threaded."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ONE_THREAD


def _as_message(order: Order) -> dict[str, Any]:
    return asdict(order)
