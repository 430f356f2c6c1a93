"""`rempart serve` at its start: with no configuration at all it works, and says how to come in."""

import socket
from collections.abc import Iterator

import pytest

from rempart.cli.serve import _greet
from rempart.people import queries
from rempart.settings import Settings
from rempart.testing.desk import make_desk
from rempart.testing.desk_web import browser, make_person, web_app
from rempart.web.app import make_app
from rempart.wiring.desk import Desk


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    """A wired desk on which nothing stands yet."""
    with make_desk(settings, database_url) as made:
        yield made


@pytest.fixture
def door() -> Iterator[socket.socket]:
    """A socket that has an address without the network being used."""

    class Door(socket.socket):
        def getsockname(self) -> tuple[str, int]:
            return ("127.0.0.1", 8000)

    with Door(socket.AF_UNIX) as made:
        yield made


def link_of(printed: str) -> str:
    """The path of the link that was printed."""
    return printed.split("http://127.0.0.1:8000")[-1].splitlines()[0]


def test_the_first_start_founds_an_organisation_and_prints_the_link_to_it(
    desk: Desk, door: socket.socket, capsys: pytest.CaptureFixture[str]
) -> None:
    _greet(desk, door, with_worker=True)
    printed = capsys.readouterr()
    assert printed.out == ""
    with desk.database.reading() as reader:
        assert [one.slug for one in queries.organisations(reader)] == ["desk"]
    answer = browser(make_app(desk)).get(link_of(printed.err))
    assert answer.status_code == 200
    assert "administrator" in answer.text


def test_a_later_start_prints_no_link(desk: Desk, door: socket.socket, capsys: pytest.CaptureFixture[str]) -> None:
    web_app(desk)
    make_person(desk, "admin")
    _greet(desk, door, with_worker=False)
    printed = capsys.readouterr().err
    assert "/join/" not in printed
    assert "rempart worker" in printed


def test_of_two_first_links_only_one_makes_an_administrator(
    desk: Desk, door: socket.socket, capsys: pytest.CaptureFixture[str]
) -> None:
    _greet(desk, door, with_worker=True)
    _greet(desk, door, with_worker=True)
    one, other = (link_of(part) for part in capsys.readouterr().err.split("console:")[1:])
    client = browser(make_app(desk))
    wish = {"login": "ada@desk.example", "name": "Ada", "password": "purple dragons rarely sleep"}
    assert client.post(other, data=wish).status_code == 303
    assert client.get(one).status_code == 404
    assert client.get(other).status_code == 404
