"""A private PostgreSQL cluster for tests and campaigns: in a folder of its own, on a Unix socket, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, NullPool, create_engine, text

from rempart.errors import UserMistake

START_SECONDS = 60
_numbers = count(1)


def server_programs() -> Path | None:
    """The folder of PostgreSQL's server programs; None when it is not installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if installed:
        return installed[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


class Cluster:
    """A running cluster. The data are on no safe disk: writes are not flushed unless `durable`."""

    def __init__(self, folder: Path, programs: Path, *, durable: bool = False) -> None:
        self._folder, self._programs, self._durable = folder, programs, durable
        # PostgreSQL refuses to run as root.
        self._as: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        self._keeper: Connection | None = None

    def start(self) -> None:
        """Nothing; the cluster answers."""
        if self._as:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run("initdb", "--pgdata", "data", "--username", "postgres", "--auth", "trust", "--no-sync")
        self.resume()

    def resume(self) -> None:
        """Nothing; the cluster answers again after `stop` or `crash`."""
        flags = f"-c listen_addresses='' -k {self._folder} -c max_connections=100"
        flags += "" if self._durable else " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run("pg_ctl", "-D", "data", "-w", "-t", str(START_SECONDS), "-l", "log", "-o", flags, "start")

    def stop(self, how: str = "fast") -> None:
        """Nothing; the cluster is down. how: `fast`, or `immediate` for a crash."""
        if self._keeper is not None:
            self._keeper.invalidate()
            self._keeper = None
        self._run("pg_ctl", "-D", "data", "-m", how, "-w", "stop")

    def crash(self) -> None:
        """Nothing; the cluster went down at once, in the middle of whatever it did."""
        self.stop("immediate")

    def url(self, name: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def create(self, template: str = "template1") -> str:
        """The name of a new database, a copy of the template."""
        name = f"rempart_{next(_numbers)}"
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Nothing; the database is gone, whoever is connected."""
        self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, statement: str) -> None:
        self._connection().execute(text(statement))

    def _connection(self) -> Connection:
        """One connection, kept: a new one for each statement takes longer than the statement."""
        if self._keeper is None:
            engine = create_engine(self.url(), poolclass=NullPool, isolation_level="AUTOCOMMIT")
            self._keeper = engine.connect()
        return self._keeper

    def _run(self, program: str, *arguments: str) -> None:
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
        with (self._folder / "programs.log").open("ab") as log:
            subprocess.run(
                [self._programs / program, *arguments],
                cwd=self._folder,
                env=environment,
                check=True,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                timeout=2 * START_SECONDS,
                **self._as,
            )


@contextmanager
def private_cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A cluster that lives as long as the block. Raises UserMistake when PostgreSQL is not installed."""
    programs = server_programs()
    if programs is None:
        raise UserMistake("PostgreSQL's server is not installed; install the package `postgresql`")
    with tempfile.TemporaryDirectory(prefix="rempart-pg-", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(Path(folder), programs, durable=durable)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")
