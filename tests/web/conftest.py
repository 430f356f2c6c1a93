"""A served desk for the tests of pages and of the API."""

from collections.abc import Iterator

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
