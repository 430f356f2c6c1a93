"""What all tests share: a house of its own for each test, and a clean environment."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog

from rempart.migrations import upgrade
from rempart.settings import Settings
from rempart.storage import KeyRing
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.demo_desk import loading
from rempart.testing.postgres import Cluster, private_cluster, server_programs

# Where PostgreSQL is not installed only SQLite is tested; `.ci/run` installs it.
BACKENDS = ("sqlite", "postgresql") if server_programs() else ("sqlite",)

# Enough examples to find what a change breaks; a test that needs more of them says so itself.
hypothesis.settings.register_profile("suite", max_examples=40)
hypothesis.settings.load_profile("suite")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("REMPART_") and name != "REMPART_GOLDEN"]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """A test that starts the logs of a process leaves the next one none of them."""
    touched = [logging.getLogger(name) for name in ("", "dbos", "httpx", "httpcore", "uvicorn.access")]
    kept = [(one, one.handlers[:], one.propagate, one.level) for one in touched]
    yield
    if structlog.is_configured():
        for one, handlers, propagate, level in kept:
            one.handlers[:], one.propagate = handlers, propagate
            one.setLevel(level)
        structlog.reset_defaults()


@pytest.fixture
def memory_folder() -> Iterator[Path]:
    """A folder in memory-backed storage, as list snapshots need."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder) / "memory"


@pytest.fixture
def settings(tmp_path: Path, memory_folder: Path) -> Settings:
    """Settings of an installation that nothing else uses."""
    return Settings(data_folder=tmp_path / "data", memory_folder=memory_folder, workers=1)


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """The same installation for a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("REMPART_")}
    own = {"REMPART_DATA_FOLDER": settings.data_folder, "REMPART_MEMORY_FOLDER": settings.memory_folder}
    return inherited | {name: str(value) for name, value in own.items()}


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "empty.sqlite3"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster of this test process."""
    with private_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def empty_postgresql(cluster: Cluster) -> str:
    """The name of a PostgreSQL database with the newest schema and nothing in it, to be copied."""
    name = cluster.create()
    database = Database(cluster.url(name))
    upgrade(database)
    database.close()
    return name


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the newest schema and nothing in it: each test runs on SQLite and PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "desk.sqlite3"
        shutil.copyfile(request.getfixturevalue("empty_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    name = cluster.create(request.getfixturevalue("empty_postgresql"))
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with the newest schema: each test runs on SQLite and on PostgreSQL."""
    made = Database(database_url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def demo_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Where the demo desk is loaded on SQLite, once for all tests: look, and change nothing; or copy the folder."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        made = Settings(
            data_folder=tmp_path_factory.mktemp("demo") / "desk", memory_folder=Path(memory) / "memory", workers=1
        )
        loading.load(made)
        yield made


@pytest.fixture(scope="session")
def keys() -> KeyRing:
    """Keys that nothing else uses."""
    return KeyRing.generate()


@pytest.fixture(scope="session")
def fields(keys: KeyRing) -> Fields:
    """What seals the small secrets in rows, under those keys."""
    return Fields(keys)
