"""A served desk in a process of its own, for tests, benchmarks and campaigns."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rempart.errors import Broken
from rempart.settings import Settings

START_SECONDS = 120
STOP_SECONDS = 60
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Running:
    """A command that runs. log: what it says."""

    process: "subprocess.Popen[bytes]" = field(repr=False)
    log: Path

    def said(self) -> str:
        """What it has said so far."""
        return self.log.read_text("utf-8", "replace")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit code, after this signal. Raises TimeoutExpired when it does not end."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """Nothing; it is gone at once, as after a loss of power."""
        self.stop(signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Served:
    """A running desk."""

    port: int
    environment: Mapping[str, str] = field(repr=False)
    running: Running
    host: str = LOOPBACK

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    def rempart(self, *words: str) -> str:
        """What a command prints that is run on the same machine. Raises CalledProcessError."""
        command = [sys.executable, "-m", "rempart", *words]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout

    def token(self, name: str, *scopes: str) -> str:
        """A new service token."""
        given = [word for scope in scopes for word in ("--scope", scope)]
        return str(json.loads(self.rempart("tokens", "make", name, *given, "--json"))["token"])

    def get(self, path: str, seconds: float = 10.0) -> tuple[int, str]:
        """(status, text) of what it answers to this path. Raises OSError when it does not answer."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=seconds)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def served(
    settings: Settings, *words: str, more: Mapping[str, str] | None = None, host: str = LOOPBACK
) -> Iterator[Served]:
    """The desk of these settings on a free port of loopback, until the block ends.

    words: options of `rempart serve`. more: further variables.
    """
    with served_from(environment_of(settings) | dict(more or {}), *words, host=host) as one:
        yield one


@contextmanager
def served_from(environment: Mapping[str, str], *words: str, host: str = LOOPBACK) -> Iterator[Served]:
    """The desk that this environment describes, on a free port."""
    port = free_port(host)
    with running(environment, "serve", "--host", host, "--port", str(port), *words) as command:
        one = Served(port, environment, command, host)
        await_answer(one)
        yield one


@contextmanager
def running(environment: Mapping[str, str], *words: str) -> Iterator[Running]:
    """`rempart` with these words, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="rempart-log-") as folder:
        command = start(environment, Path(folder) / "log", *words)
        try:
            yield command
        finally:
            command.stop()


def start(environment: Mapping[str, str], log: Path, *words: str) -> Running:
    """`rempart` with these words, started. What it says goes to the end of the log: a full pipe would halt it."""
    with log.open("ab") as out:
        command = [sys.executable, "-m", "rempart", *words]
        return Running(subprocess.Popen(command, env=dict(environment), stdout=out, stderr=out), log)


def free_port(host: str = LOOPBACK) -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def await_answer(one: Served, seconds: float = START_SECONDS) -> None:
    """Nothing; the desk answers. Raises Broken with what it said when it does not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and one.running.process.poll() is None:
        try:
            status, _ = one.get("/healthz")
            if status == 200:
                return
            if status == 500:
                break
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    raise Broken(f"the desk did not start: {one.running.said()[-2000:]}")


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables of a process that has these settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("REMPART_")}
    own: dict[str, str | Path] = {
        "REMPART_DATA_FOLDER": settings.data_folder,
        "REMPART_MEMORY_FOLDER": settings.memory_folder,
    }
    if settings.database_url is not None:
        own["REMPART_DATABASE_URL"] = settings.database_url.get_secret_value()
    return inherited | {name: str(value) for name, value in own.items()}
