"""The commands for organisations, people and service tokens, as who runs the machine uses them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner

from rempart.cli.main import app
from rempart.clock import utc_now
from rempart.errors import Conflict, NotFound, RempartError, UserMistake
from rempart.facts.people import SCOPES
from rempart.people import invitations, queries, tokens
from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.wiring import open_keys

Run = Callable[..., str]


@pytest.fixture
def rempart(settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs one command line in this process and gives its standard output. Raises what the command raises."""
    monkeypatch.setenv("REMPART_DATA_FOLDER", str(settings.data_folder))
    monkeypatch.setenv("REMPART_MEMORY_FOLDER", str(settings.memory_folder))
    monkeypatch.setenv("REMPART_DATABASE_URL", database_url)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, words)
        if isinstance(done.exception, RempartError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


def data(rempart: Run, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rempart(*words, "--json"))
    assert found["version"] == 1
    return found


def joined(settings: Settings, database: Database, link: str, role: str) -> str:
    """The pseudonym of somebody who followed the link."""
    fields = Fields(open_keys(settings))
    wish = invitations.Wish(f"{role}@desk.example", "A Name", "purple dragons rarely sleep")
    with database.writing() as writer:
        return invitations.join(writer, fields, link.rsplit("/", 1)[1], wish, "", utc_now()).pid


def test_a_token_can_be_made_before_anything_else(rempart: Run, database: Database) -> None:
    made = data(rempart, "tokens", "make", "pict-rs", "--scope", "items", "--scope", "figures")
    assert made["scopes"] == ["items", "figures"]
    with database.reading() as reader:
        found = tokens.find(reader, made["token"])
    assert found is not None
    assert (found.pid, found.name, found.scopes) == (made["pid"], "pict-rs", ("items", "figures"))
    assert [one["slug"] for one in data(rempart, "organisations", "ls")["organisations"]] == ["desk"]


def test_a_listing_shows_no_secret(rempart: Run) -> None:
    made = data(rempart, "tokens", "make", "pict-rs", "--scope", "items")
    for words in (("tokens", "ls"), ("tokens", "list"), ("tokens", "ls", "--json")):
        assert made["token"] not in rempart(*words)
        assert made["pid"] in rempart(*words)


def test_a_revoked_token_works_no_more(rempart: Run, database: Database) -> None:
    token = rempart("tokens", "make", "pict-rs", "--scope", "items").strip()
    with database.reading() as reader:
        pid = tokens.find(reader, token).pid  # type: ignore[union-attr]
    rempart("tokens", "revoke", pid)
    with database.reading() as reader:
        assert tokens.find(reader, token) is None
    with pytest.raises(NotFound):
        rempart("tokens", "revoke", pid)


def test_a_scope_that_does_not_exist_is_named_a_mistake(rempart: Run) -> None:
    with pytest.raises(UserMistake, match=", ".join(SCOPES)):
        rempart("tokens", "make", "x", "--scope", "everything")


def test_the_link_of_an_invitation_makes_an_account(rempart: Run, database: Database, settings: Settings) -> None:
    link = rempart("people", "invite", "--role", "admin").strip()
    assert link.startswith("http://127.0.0.1:8000/join/")
    pid = joined(settings, database, link, "admin")
    (person,) = data(rempart, "people", "ls")["people"]
    assert person.pop("created_at").endswith("Z")
    assert person == {
        "pid": pid,
        "login": "admin@desk.example",
        "role": "admin",
        "has_code": False,
        "active": True,
        "locked_until": None,
    }
    assert "A Name" not in rempart("people", "ls")
    with pytest.raises(NotFound):
        joined(settings, database, link, "another")


def test_people_are_looked_after_without_signing_in(rempart: Run, database: Database, settings: Settings) -> None:
    joined(settings, database, rempart("people", "invite", "--role", "admin").strip(), "admin")
    pid = joined(settings, database, rempart("people", "invite", "--role", "reviewer").strip(), "reviewer")
    rempart("people", "role", pid, "senior")
    assert data(rempart, "people", "ls")["people"][1]["role"] == "senior"
    rempart("people", "deactivate", pid)
    assert not data(rempart, "people", "ls")["people"][1]["active"]
    rempart("people", "reactivate", pid)
    made = data(rempart, "people", "new-password", pid)
    assert made["hours"] == 72
    with database.reading() as reader:
        invitation = invitations.find(reader, made["link"].rsplit("/", 1)[1], utc_now())
        assert queries.person_by_id(reader, invitation.person or 0).pid == pid  # type: ignore[union-attr]
    with pytest.raises(NotFound):
        rempart("people", "reset-code", pid)


def test_the_last_administrator_stays_one(rempart: Run, database: Database, settings: Settings) -> None:
    pid = joined(settings, database, rempart("people", "invite", "--role", "admin").strip(), "admin")
    with pytest.raises(Conflict, match="last administrator"):
        rempart("people", "deactivate", pid)
    with pytest.raises(Conflict, match="last administrator"):
        rempart("people", "role", pid, "auditor")


def test_several_organisations_are_kept_apart(rempart: Run) -> None:
    with pytest.raises(NotFound, match="no organisation yet"):
        rempart("people", "ls")
    rempart("organisations", "add", "one", "--name", "One")
    assert data(rempart, "organisations", "add", "two", "--name", "Two")["slug"] == "two"
    with pytest.raises(UserMistake, match="several organisations"):
        rempart("tokens", "make", "x", "--scope", "items")
    made = data(rempart, "tokens", "make", "x", "--scope", "items", "--organisation", "two")
    assert data(rempart, "tokens", "ls", "--organisation", "one")["tokens"] == []
    with pytest.raises(NotFound):
        rempart("tokens", "revoke", made["pid"], "--organisation", "one")
    with pytest.raises(NotFound, match="no such organisation"):
        rempart("people", "ls", "--organisation", "three")
    with pytest.raises(Conflict, match="exists already"):
        rempart("organisations", "add", "two", "--name", "Again")
    with pytest.raises(UserMistake, match="short name"):
        rempart("organisations", "add", "Two Three", "--name", "x")
