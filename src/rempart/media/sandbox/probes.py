"""What a confined child can still do, found out by trying: the truth behind `rempart doctor`."""

import os
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from rempart.media.sandbox import wire
from rempart.media.sandbox.confinement import InForce

_NEW_FILE = Path(tempfile.gettempdir()) / f"rempart-probe-{os.getpid()}"
REFUSED, ALLOWED = "refused", "ALLOWED"
RUN_A_PROGRAM = "run a program"


def _open_a_file() -> None:
    os.close(os.open(sys.executable, os.O_RDONLY))


def _write_a_new_file() -> None:
    os.close(os.open(_NEW_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _NEW_FILE.unlink()


def _make_a_socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def _start_a_process() -> None:
    if os.fork() == 0:
        os._exit(0)


def _disturb_another_process() -> None:
    os.kill(os.getppid(), 0)


def _list_a_folder() -> None:
    next(Path("/").iterdir())


_PROBES: dict[str, Callable[[], None]] = {
    "open a file": _open_a_file,
    "write a new file": _write_a_new_file,
    "list a folder": _list_a_folder,
    "make a socket": _make_a_socket,
    "start a process": _start_a_process,
    "send a signal to another process": _disturb_another_process,
}


def report(channel: socket.socket, in_force: InForce) -> None:
    """Nothing: sends what is in force, then tries to become another program and sends what came of that."""
    wire.send(channel, {"status": in_force | {name: _outcome(probe) for name, probe in _PROBES.items()}})
    outcome = _outcome(lambda: os.execv(sys.executable, [sys.executable, "-I", "-c", ""]))  # noqa: S606
    wire.send(channel, {"status": {RUN_A_PROGRAM: outcome}})


def _outcome(probe: Callable[[], None]) -> str:
    try:
        probe()
    except OSError:
        return REFUSED
    return ALLOWED
