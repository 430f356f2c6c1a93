"""What the tests of intake share: a desk that screens by digests, and one organisation."""

from collections.abc import Iterator

import pytest

from rempart.facts.people import Actor, public
from rempart.settings import Settings
from rempart.testing.desk import make_organisation
from rempart.testing.desk_intake import intake_desk
from rempart.wiring.desk import Desk

KNOWN = b"purple dragon"


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    """A wired desk, its list of one purple dragon; its clock moves only when told."""
    with intake_desk(settings, database_url, known=[KNOWN]) as made:
        yield made


@pytest.fixture
def actor(desk: Desk) -> Actor:
    """A member of the public, at a new organisation."""
    with desk.database.writing() as writer:
        return public(make_organisation(writer))
