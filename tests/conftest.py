"""What all tests share: a house of its own for each test, and a clean environment."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rempart.settings import Settings


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("REMPART_") and name != "REMPART_GOLDEN"]:
        monkeypatch.delenv(name)


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
