"""A served desk in a process of its own, for tests, benchmarks and campaigns."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rempart.errors import Broken
from rempart.settings import Settings

START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Served:
    """A running desk."""

    port: int
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def rempart(self, *words: str) -> str:
        """What a command prints that is run on the same machine. Raises CalledProcessError."""
        command = [sys.executable, "-m", "rempart", *words]
        return subprocess.run(command, env=self.environment, check=True, capture_output=True, text=True).stdout

    def token(self, name: str, *scopes: str) -> str:
        """A new service token."""
        given = [word for scope in scopes for word in ("--scope", scope)]
        return str(json.loads(self.rempart("tokens", "make", name, *given, "--json"))["token"])


@contextmanager
def served(settings: Settings, *, more: Mapping[str, str] | None = None) -> Iterator[Served]:
    """The desk of these settings on a free port of loopback, until the block ends. more: further variables."""
    port = free_port()
    running = Served(port, _environment(settings) | {"REMPART_SERVE__PORT": str(port)} | dict(more or {}))
    with tempfile.TemporaryFile() as log:
        command = [sys.executable, "-m", "rempart", "serve"]
        process = subprocess.Popen(command, env=running.environment, stdout=log, stderr=log)
        try:
            _await(running, process)
            yield running
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(running: Served, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise Broken("the desk did not start")


def _environment(settings: Settings) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("REMPART_")}
    own: dict[str, str | Path] = {
        "REMPART_DATA_FOLDER": settings.data_folder,
        "REMPART_MEMORY_FOLDER": settings.memory_folder,
    }
    if settings.database_url is not None:
        own["REMPART_DATABASE_URL"] = settings.database_url.get_secret_value()
    return inherited | {name: str(value) for name, value in own.items()}
