"""What the tests of orders share: a desk, and who acts there."""

from collections.abc import Iterator

import pytest

from rempart.cases.intake.notices import Intake
from rempart.facts.people import Actor
from rempart.settings import Settings
from rempart.testing.desk import make_actor, make_desk, make_organisation
from rempart.wiring.desk import Desk


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    """A wired desk with one organisation; its clock moves only when told."""
    with make_desk(settings, database_url) as made:
        with made.database.writing() as writer:
            make_organisation(writer)
        yield made


@pytest.fixture
def intake(desk: Desk) -> Intake:
    """What receiving needs."""
    return desk.intake


@pytest.fixture
def sam() -> Actor:
    """A senior."""
    return make_actor(1, "R-SAM", "senior")
