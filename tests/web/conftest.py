"""A served desk for the tests of pages and of the API."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from rempart.settings import Settings
from rempart.testing.desk import make_desk
from rempart.testing.desk_web import web_app
from rempart.wiring.desk import Desk


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    """A wired desk; its clock moves only when told. On SQLite and on PostgreSQL."""
    with make_desk(settings, database_url) as made:
        yield made


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    """The app of that desk."""
    return web_app(desk)


# What these pages read and write is tested on both databases where it lives: tests/cases, people, reporting, storage.
ON_SQLITE = {
    f"test_{name}"
    for name in (
        *("account", "appeal", "case", "due", "frame", "guards", "health", "hooks", "join", "notice", "notice_status"),
        *("oidc", "people", "places", "reports", "reveal", "sign_in", "structure", "taxonomy", "transparency"),
    )
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing; pages are tested once, on SQLite. `make everywhere` tests them on PostgreSQL, too."""
    if os.environ.get("PAGES") != "everywhere":
        items[:] = [one for one in items if not _is_again(one)]


def _is_again(item: pytest.Item) -> bool:
    there = item.path.parent == Path(__file__).parent and item.path.stem in ON_SQLITE
    call = getattr(item, "callspec", None)
    return there and call is not None and call.params.get("database_url") == "postgresql"
