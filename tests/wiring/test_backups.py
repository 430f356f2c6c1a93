"""Backups as the documentation tells them: taken while people use the desk, and good for a desk that goes on."""

import shutil
import sqlite3
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from rempart.audit.verifying import verify as verify_ledger
from rempart.cases import tables
from rempart.settings import Settings
from rempart.testing.faults.public import Public, until
from rempart.testing.postgres import private_cluster, server_programs
from rempart.testing.serving import served
from rempart.vault.verifying import verify as verify_vault
from rempart.wiring.desk import checkpoint_folder, open_records

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
MORE = {"REMPART_SERVE__PUBLIC_REQUESTS_PER_HOUR": "100000", "REMPART_WORKERS": "1"}
# What docs/how-to/run-the-desk.md names, in its order: the database was copied before.
FOLDERS = ("vault", "checkpoints", "lists")


def copy_folders(data: Path, to: Path) -> None:
    for name in FOLDERS:
        if (data / name).exists():
            shutil.copytree(data / name, to / name, ignore=shutil.ignore_patterns(".*"))  # written just now


def restored(settings: Settings, folder: Path, keys: Path) -> Settings:
    """The backup, put where another desk begins with it, the keys brought from elsewhere."""
    shutil.copytree(keys, folder / "keys")
    return settings.model_copy(update={"data_folder": folder})


def assert_goes_on(settings: Settings, told: list[str]) -> None:
    """The restored desk holds what it had been told, proves it, and takes more."""
    with open_records(settings) as desk:
        assert verify_ledger(desk.database, desk.keys.public_signing_key, checkpoint_folder(settings)).whole
        assert verify_vault(desk.database, desk.vault, desk.clock()).whole
        with desk.database.reading() as reader:
            assert set(told) <= set(reader.values(select(tables.notice.c.number)))
    with served(settings, more=MORE) as one:
        assert until(lambda: Public(one).tell(1000), 200)


@contextmanager
def busy(public: Public) -> Iterator[None]:
    """Inside, somebody gives notice after notice."""
    stop = threading.Event()

    def tell() -> None:
        while not stop.is_set():
            public.tell(20_000)

    thread = threading.Thread(target=tell)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)


def test_a_copy_taken_while_the_desk_works_is_whole(settings: Settings, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    backup.mkdir()
    with served(settings, more=MORE) as one:
        public = Public(one)
        for _ in range(3):
            assert public.tell(20_000).status == 200
        told = list(public.kept)
        with busy(public):
            with closing(sqlite3.connect(settings.data_folder / "desk.sqlite3")) as database:
                database.execute("VACUUM INTO ?", [str(backup / "desk.sqlite3")])
            copy_folders(settings.data_folder, backup)
    assert len(public.kept) > len(told)
    assert_goes_on(restored(settings, backup, settings.data_folder / "keys"), told)


def test_a_dump_of_postgresql_is_whole(settings: Settings, tmp_path: Path) -> None:
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed; `.ci/install` installs it")
    backup = tmp_path / "backup"
    backup.mkdir()
    with private_cluster() as cluster:
        name, other = cluster.create(), cluster.create()
        here = settings.model_copy(update={"database_url": SecretStr(cluster.url(name))})
        with served(here, more=MORE) as one:
            public = Public(one)
            assert public.tell(20_000).status == 200
            told = list(public.kept)
            with busy(public), tempfile.NamedTemporaryFile() as dump:
                address = cluster.url(name).replace("+psycopg", "")
                subprocess.run([programs / "pg_dump", "--dbname", address, "--file", dump.name], check=True)
                copy_folders(settings.data_folder, backup)
                address = cluster.url(other).replace("+psycopg", "")
                quiet = {"stdout": subprocess.DEVNULL, "check": True}
                subprocess.run(
                    [
                        programs / "psql",
                        "--quiet",
                        "--set",
                        "ON_ERROR_STOP=1",
                        "--dbname",
                        address,
                        "--file",
                        dump.name,
                    ],
                    **quiet,
                )
        there = restored(settings, backup, settings.data_folder / "keys")
        assert_goes_on(there.model_copy(update={"database_url": SecretStr(cluster.url(other))}), told)
